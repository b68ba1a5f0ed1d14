"""The chart: all records of a study, folded."""
