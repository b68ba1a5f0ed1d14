"""One process, one file: the service without any set-up."""
