"""What the laws are proved on: the pack that the project ships."""

from functools import cache
from pathlib import Path

from signals.facts.registry import dictionary
from signals.rulebook.pack import Pack, load_pack
from signals.rulebook.panel import Panel

_ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def reference_pack() -> Pack:
    """The rules of the reference study."""
    return load_pack(_ROOT / "rules" / "uc-msc")


def without_matcher(pack: Pack) -> Panel:
    """The judge alone: that the matcher agrees is another law."""
    return Panel(pack.by_kind, dictionary(), use_matcher=False)
