"""The monitor: which alerts should stand, and why."""
