"""``signals doctor``: what must be right on the machine, in the folder and in the pack."""
