"""The kinds of event, and the model of the data of each."""

from collections.abc import Mapping
from types import MappingProxyType

from signals.events.kinds.adverse_event import AdverseEvent, Case, Pregnancy
from signals.events.kinds.desk import Decision, ReferenceSafetyInformation, ReportSubmission
from signals.events.kinds.measurements import LabResult, Microbiology, VitalSigns
from signals.events.kinds.service import (
    Clock,
    FeedHeartbeat,
    FeedSilence,
    PackActivation,
    RuleError,
)
from signals.events.kinds.subject import DiseaseStatus, Enrolment, PlannedVisit, SubjectStatus
from signals.events.kinds.treatment import Infusion, Medication, Therapy, Transfusion
from signals.events.values import Data

KINDS: Mapping[str, type[Data]] = MappingProxyType(
    {
        "adverse-event": AdverseEvent,
        "case": Case,
        "pregnancy": Pregnancy,
        "lab-result": LabResult,
        "microbiology": Microbiology,
        "infusion": Infusion,
        "planned-visit": PlannedVisit,
        "therapy": Therapy,
        "vital-signs": VitalSigns,
        "transfusion": Transfusion,
        "medication": Medication,
        "disease-status": DiseaseStatus,
        "enrolment": Enrolment,
        "subject-status": SubjectStatus,
        "report-submission": ReportSubmission,
        "decision": Decision,
        "reference-safety-information": ReferenceSafetyInformation,
        "feed-heartbeat": FeedHeartbeat,
        "clock": Clock,
        "pack-activation": PackActivation,
        "feed-silence": FeedSilence,
        "rule-error": RuleError,
    }
)
SERVICE_KINDS = frozenset({"clock", "pack-activation", "feed-silence", "rule-error"})
WITHOUT_SUBJECT = SERVICE_KINDS | {"reference-safety-information", "feed-heartbeat"}
SUBJECT_OPTIONAL = frozenset({"adverse-event", "decision"})
