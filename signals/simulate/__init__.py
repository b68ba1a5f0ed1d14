"""The reference trial, simulated: events as sources send them, and the truth to score against."""

from signals.simulate.trial import Trial, simulate

__all__ = ["Trial", "simulate"]
