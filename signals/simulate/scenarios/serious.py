"""Serious events: clocks, upgrades, what is late or missing (DOMAIN 4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from signals.simulate.draw import clock, days, hours, stamp
from signals.simulate.story import Story, adverse_event, criteria, opinion
from signals.simulate.tape import Place

HOSPITAL, LIFE = "hospitalization", "life_threatening"
RELATED = {"investigator": "POSSIBLE", "sponsor": "POSSIBLE"}
_UNEXPECTED = {"expected": "N", "rsi_version": "1.0"}


def due(received: datetime, after: int) -> datetime:
    """The end of the day that many days after day 0."""
    return clock((received + days(after)).date(), 24) - timedelta(seconds=1)


def _susar(s: Story, term: str, day: int, *met: str, **more: Any) -> tuple[str, datetime]:
    """A serious, related, unexpected event, received in the afternoon."""
    received = s.script.on(day, 15)
    grade = 4 if LIFE in met else 3
    said = {**RELATED, **_UNEXPECTED, **more}
    record_id = s.enter(adverse_event(term, grade, s.day(day), received, *met, **said), received)
    s.tell_event("SAE-01", record_id, received, f"serious: {', '.join(met)}")
    rule = "SAE-03" if LIFE in met else "SAE-04"
    s.tell_case(rule, record_id, received, "serious, related and unexpected")
    return record_id, received


def reported_in_time(s: Story) -> None:
    """A 15-day report, sent on day 8."""
    record_id, received = _susar(s, "Pneumonitis", 21, HOSPITAL)
    s.submit(record_id, ("initial-15",), received + days(8))


def reported_at_the_last(s: Story) -> None:
    """A 15-day report, sent on its last day: the warnings come."""
    record_id, received = _susar(s, "Colitis", 20, HOSPITAL)
    limit = due(received, 15)
    why = "72 hours before the due time the report is still owed"
    s.tell_obligation("SAE-05", record_id, "initial-15", limit - hours(72), why)
    s.submit(record_id, ("initial-15",), limit - hours(9))


def reported_too_late(s: Story) -> None:
    """A 15-day report, sent a day too late."""
    record_id, received = _susar(s, "Pancreatitis", 19, HOSPITAL)
    limit = due(received, 15)
    why = "72 hours before the due time the report is still owed"
    s.tell_obligation("SAE-05", record_id, "initial-15", limit - hours(72), why)
    s.tell_obligation(
        "SAE-06", record_id, "initial-15", limit, "the due time passed without a report"
    )
    s.submit(record_id, ("initial-15",), limit + hours(34))


def seven_days(s: Story) -> None:
    """Life-threatening: reported on day 3, completed four days later."""
    record_id, received = _susar(s, "Myocarditis", 22, HOSPITAL, LIFE)
    sent = received + days(3)
    s.submit(record_id, ("initial-7",), sent)
    s.tell_case("SAE-07", record_id, sent, "the completion of the 7-day report is due")
    s.submit(record_id, ("completion",), sent + days(4), "FOLLOW_UP")


def seven_days_late(s: Story) -> None:
    """Life-threatening: reported on day 6 after the warnings, completed the next day."""
    record_id, received = _susar(s, "Seizure", 23, HOSPITAL, LIFE)
    why = "72 hours before the due time the report is still owed"
    s.tell_obligation("SAE-05", record_id, "initial-7", due(received, 7) - hours(72), why)
    sent = received + days(6)
    s.submit(record_id, ("initial-7",), sent)
    s.tell_case("SAE-07", record_id, sent, "the completion of the 7-day report is due")
    s.submit(record_id, ("completion",), sent + days(1), "FOLLOW_UP")


def new_information(s: Story) -> None:
    """On a reported case the causality is raised: a follow-up report is due."""
    record_id, received = _susar(s, "Heart failure", 17, HOSPITAL)
    s.submit(record_id, ("initial-15",), received + days(6))
    told = received + days(10)
    said = {**RELATED, **_UNEXPECTED, "investigator": "LIKELY"}
    data = adverse_event("Heart failure", 3, s.day(17), received, HOSPITAL, **said)
    s.revise(record_id, data, told, "FOLLOW_UP")
    s.tell_case("SAE-07", record_id, told, "significant new information on a reported case")
    duty = f"follow-up-{told.date().isoformat()}"
    s.submit(record_id, (duty,), told + days(5), "FOLLOW_UP")


def upgraded_to_serious(s: Story) -> None:
    """Not serious at first, then admitted; unrelated, so no clock."""
    first = s.script.on(18, 12)
    data = adverse_event("Edema limbs", 2, s.day(18), first)
    record_id = s.enter(data, first)
    received = s.script.on(21, 12)
    worse = adverse_event("Edema limbs", 3, s.day(18), received, HOSPITAL)
    s.revise(record_id, worse, received, "PROGRESSION", effective_from=s.day(21))
    s.tell_event("SAE-01", record_id, received, "admitted on the third day")
    s.tell_case("SAE-08", record_id, received, "from not serious to serious")


def upgraded_and_reportable(s: Story) -> None:
    """Serious and related, then life-threatening: a second clock beside the first."""
    record_id, received = _susar(s, "Acute kidney injury", 19, HOSPITAL)
    worse = received + days(2)
    said = {**RELATED, **_UNEXPECTED}
    data = adverse_event("Acute kidney injury", 4, s.day(19), worse, HOSPITAL, LIFE, **said)
    s.revise(record_id, data, worse, "PROGRESSION", effective_from=s.day(21))
    s.tell_case("SAE-08 SAE-03", record_id, worse, "from serious to life-threatening")
    sent = worse + days(2)
    s.submit(record_id, ("initial-7", "initial-15"), sent)
    s.tell_case("SAE-07", record_id, sent, "the completion of the 7-day report is due")
    s.submit(record_id, ("completion",), sent + days(3), "FOLLOW_UP")


def sponsor_silent(s: Story) -> None:
    """Serious, unrelated by the investigator; the sponsor judges after 40 hours."""
    received = s.script.on(24, 9)
    data = adverse_event("Pleural effusion", 3, s.day(23), received, HOSPITAL, sponsor=None)
    record_id = s.enter(data, received)
    s.tell_event("SAE-01", record_id, received, "admitted")
    s.tell_case("SAE-04", record_id, received, "assumed related until the sponsor has judged")
    s.tell_event("DQ-01", record_id, received + hours(24), "the sponsor's causality is missing")
    judged = {"investigator": opinion("UNRELATED"), "sponsor": opinion("UNRELATED")}
    s.revise(record_id, {**data, "causality": judged}, received + hours(40), "FOLLOW_UP")


def site_late(s: Story) -> None:
    """The site reported a serious event two days after it knew."""
    received = s.script.on(26, 17)
    aware = stamp(received - hours(50))
    late = {"investigator_aware_at": aware, "investigator_aware_serious_at": aware}
    data = adverse_event("Syncope", 3, s.day(23), received, HOSPITAL, **late)
    record_id = s.enter(data, received)
    s.tell_event("SAE-01", record_id, received, "admitted")
    s.tell_event("SAE-02", record_id, received, "received 50 hours after the site knew")


def narrative_missing(s: Story) -> None:
    """The narrative of a serious event comes after 40 hours."""
    received = s.script.on(25, 14)
    data = adverse_event("Fall", 3, s.day(25), received, HOSPITAL, narrative=None)
    record_id = s.enter(data, received)
    s.tell_event("SAE-01", record_id, received, "admitted")
    s.tell_event("DQ-02", record_id, received + hours(24), "no narrative after 24 hours")
    told = {**data, "narrative": "Fell on the way to the bath, fracture excluded."}
    s.revise(record_id, {**told, "significant": "N"}, received + hours(40), "FOLLOW_UP")


def opinions_differ(s: Story) -> None:
    """Serious; the investigator thinks it related, the sponsor does not."""
    record_id, received = _susar(s, "Gastritis", 27, HOSPITAL, sponsor="UNRELATED")
    s.tell_case("SAE-11", record_id, received, "the parties disagree on causality")
    s.submit(record_id, ("initial-15",), received + days(9))


def caller_without_code(s: Story) -> None:
    """A caller names no subject; four days later the code is known and day 0 is set."""
    received = s.script.on(28, 10)
    nobody = Place(None, None)
    number = f"AE-CALL-{s.subject}"
    said = {**_UNEXPECTED, "investigator": None, "sponsor": "POSSIBLE", "reporter": None}
    data = adverse_event("Hypertension", 3, s.day(27), received, HOSPITAL, **said)
    desk: dict[str, Any] = {"source": "safety-desk"}
    s.tape.put("adverse-event", nobody, number, data, received + hours(0.2), **desk)
    event: dict[str, str | None] = {"subject": None, "adverse event": number}
    case: dict[str, str | None] = {"subject": None, "case": number}
    s.truth.tell("SAE-01", event, received, "serious, by a caller who named no subject")
    why = "24 hours later"
    s.truth.tell("DQ-01", event, received + hours(24), f"no causality of the investigator {why}")
    s.truth.tell("SAE-10", case, received + hours(24), f"no identifiable patient {why}")
    s.truth.tell("DLT-03", event, received, "nobody knows whose window applies", "background")
    found = received + days(4)
    known: dict[str, Any] = {"reporter": {"role": "PHYSICIAN", "country": "CN"}}
    known["causality"] = {"investigator": opinion("POSSIBLE"), "sponsor": opinion("POSSIBLE")}
    data = {**data, **known, "received_by_sponsor_at": stamp(found)}
    s.tape.continues("adverse-event", s.script.place, number, 1)
    s.put("adverse-event", number, data, found + hours(0.2), reason="FOLLOW_UP", **desk)
    s.tell_event("SAE-01", number, found, "the code of the subject is known")
    s.tell_case("SAE-04", number, found, "all four minimum criteria are held")
    s.submit(number, ("initial-15",), found + days(7))


def pregnancy(s: Story) -> None:
    """The partner of a subject is pregnant."""
    learned = s.script.on(33, 11)
    data = {
        "who": "PARTNER",
        "outcome": "ONGOING",
        "investigator_aware_at": stamp(learned - hours(2)),
        "received_by_sponsor_at": stamp(learned),
    }
    record_id = s.new("pregnancy", "PR", data, learned)
    s.tell_record("SAE-13", f"pregnancy/{record_id}", learned, "pregnancy of the partner")


def downgraded(s: Story) -> None:
    """A reportable event is judged not serious after all: the physician must sign."""
    record_id, received = _susar(s, "Somnolence", 29, HOSPITAL)
    changed = received + days(3)
    said = {**RELATED, **_UNEXPECTED, "error_origin": "SITE"}
    data = adverse_event("Somnolence", 2, s.day(29), received, **said)
    s.revise(record_id, {**data, "criteria": criteria()}, changed, "CORRECTION")
    s.tell_case("SAE-09", record_id, changed, "the downgrade would remove an open obligation")
    signed = {"record_id": record_id, "what": "SERIOUSNESS_DOWNGRADE", "answer": "Y"}
    s.decide("sign_off", "PV_PHYSICIAN", "No admission took place", changed + days(2), **signed)


def expected_fever(s: Story) -> None:
    """Serious, related, but expected by the reference safety information: no clock."""
    received = s.script.on(32, 13)
    said = {**RELATED, "expected": "Y", "rsi_version": "1.1"}
    data = adverse_event("Fever", 2, s.day(32), received, HOSPITAL, **said)
    record_id = s.enter(data, received)
    s.tell_event("SAE-01", record_id, received, "admitted for observation; expected, so no clock")
