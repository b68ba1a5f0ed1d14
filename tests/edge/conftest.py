"""What holds after each story of tests/facts holds after these too."""

from tests.facts.conftest import laws

__all__ = ["laws"]
