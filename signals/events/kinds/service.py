"""What feeds and the service itself say about the stream."""

from typing import Any

from signals.events.values import Data, Part, PastInstant, PlanInstant, Text, doc


class FeedHeartbeat(Data):
    """A sign of life of a source."""

    feed: Text | None = doc("The feed.")
    at: PastInstant | None = doc("When it was alive.")
    last_record_at: PastInstant | None = doc("When it last sent a record.")


class Clock(Data):
    """Time went on: written when a wake is due and no record comes."""

    now: PlanInstant | None = doc("The time.")


class Approval(Part):
    """Who approved a pack."""

    by: Text | None = doc("The account.")
    role: Text | None = doc("In which role.")
    at: PlanInstant | None = doc("When.")
    reason: Text | None = doc("Why.")


class PackActivation(Data):
    """From here on the study is judged by these rules."""

    pack_hash: Text | None = doc("Hash of the pack.")
    files: dict[str, str] | None = doc("Its files: path -> text.")
    approvals: tuple[Approval, ...] | None = doc("Who approved it.")


class FeedSilence(Data):
    """A feed or a site that has fallen silent."""

    feed: Text | None = doc("The feed.")
    site: Text | None = doc("The site.")
    since: PlanInstant | None = doc("Since when.")
    until: PlanInstant | None = doc("Until when; absent while it lasts.")


class RuleError(Data):
    """A rule that could not be evaluated."""

    rule: Text | None = doc("The rule.")
    about: dict[str, Any] | None = doc("The key of the fact it was evaluated on.")
    message: Text | None = doc("What went wrong.")
