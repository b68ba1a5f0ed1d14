"""Stories: the proof of a rule, written beside it and run in the engine of production."""
