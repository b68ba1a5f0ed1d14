"""Every wrong version of every rule in force is told by a story, or is listed as the same."""

import pytest

from signals.runtime.wrong_versions import try_all
from tests.conftest import ROOT


@pytest.mark.ci
def test_the_stories_of_the_pack_tell_every_wrong_version() -> None:
    found = try_all(ROOT / "rules" / "uc-msc", 2, lambda _, things: things)
    assert found.tried > 300
    assert [f"{one.rule}: {one.name}" for one in found.untold] == []
    assert [f"{one.rule}: {one.why}" for one in found.misplaced] == []
