"""Facts: typed statements derived from the records, one module a clinical idea."""
