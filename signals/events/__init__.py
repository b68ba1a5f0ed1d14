"""What comes in: events of every kind, read from bytes, with partial dates, units and problems."""

from signals.events.canonical import canonical_hash, canonical_json
from signals.events.dates import PartialDate, Precision, instant, partial_date
from signals.events.kinds import KINDS, SERVICE_KINDS, SUBJECT_OPTIONAL, WITHOUT_SUBJECT
from signals.events.measured import Comparator, Measured, measured
from signals.events.problems import Problem, Rejection
from signals.events.reading import read_event
from signals.events.record import ChangeReason, Key, Op, Record, journal_json
from signals.events.values import Data, Part, SubjectData

__all__ = [
    "KINDS",
    "SERVICE_KINDS",
    "SUBJECT_OPTIONAL",
    "WITHOUT_SUBJECT",
    "ChangeReason",
    "Comparator",
    "Data",
    "Key",
    "Measured",
    "Op",
    "Part",
    "PartialDate",
    "Precision",
    "Problem",
    "Record",
    "Rejection",
    "SubjectData",
    "canonical_hash",
    "canonical_json",
    "instant",
    "journal_json",
    "measured",
    "partial_date",
    "read_event",
]
