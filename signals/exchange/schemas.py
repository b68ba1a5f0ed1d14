"""The JSON Schemas of the files that people write for an exchange."""

from __future__ import annotations

from signals.exchange.sdtm.schema import stale, write_all

__all__ = ["stale", "write_all"]
