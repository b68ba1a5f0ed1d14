"""Statistics of small trials, in exact or decimal arithmetic, knowing nothing of records."""
