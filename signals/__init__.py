"""Signals: a clinical trial's safety desk on a stream of events."""

__version__ = "0.1.0"
