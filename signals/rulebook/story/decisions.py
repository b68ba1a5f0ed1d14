"""``decide:`` lines: the words people use, and the decision event that each of them is."""

from __future__ import annotations

from dataclasses import dataclass

from signals.rulebook.story.model import Tree

ALERT = {
    "confirm": "CONFIRM",
    "sign withdrawal": "SIGN_WITHDRAWAL",
    "refuse withdrawal": "REFUSE_WITHDRAWAL",
    "accept priority": "ACCEPT_PRIORITY",
    "close": "CLOSE",
    "reopen": "REOPEN",
}
SIGN_OFF = {
    "not reportable": "NOT_REPORTABLE",
    "seriousness downgrade": "SERIOUSNESS_DOWNGRADE",
    "evaluability": "EVALUABILITY",
}
ADJUDICATION = {
    "dlt": ("dlt", "DLT"),
    "not dlt": ("dlt", "NOT_DLT"),
    "confirmed new primary": ("neoplasm", "CONFIRMED_NEW_PRIMARY"),
    "relapse": ("neoplasm", "RELAPSE"),
    "pre-existing": ("neoplasm", "PRE_EXISTING"),
    "benign": ("neoplasm", "BENIGN"),
    "undetermined": ("neoplasm", "UNDETERMINED"),
    "duplicate": ("duplicate", "DUPLICATE"),
    "not duplicate": ("duplicate", "NOT_DUPLICATE"),
    "anaphylaxis": ("anaphylaxis", "YES"),
    "no anaphylaxis": ("anaphylaxis", "NO"),
    "cytokine release": ("cytokine_release", "YES"),
    "no cytokine release": ("cytokine_release", "NO"),
    "alternative cause": ("alternative_cause", "YES"),
    "no alternative cause": ("alternative_cause", "NO"),
    "contaminant": ("contaminant", "YES"),
    "no contaminant": ("contaminant", "NO"),
}
COHORT = {
    "escalate": "ESCALATE",
    "expand": "EXPAND",
    "de-escalate": "DE_ESCALATE",
    "stop": "STOP",
    "confirm cohort": "CONFIRM",
    "declare mtd": "DECLARE_MTD",
}
LOT = {"quarantine": "QUARANTINED", "release": "RELEASED", "reject": "REJECTED"}
VERBS = (*ALERT, *SIGN_OFF, *ADJUDICATION, *COHORT, *LOT)
ROLES = {
    "medical monitor": "MEDICAL_MONITOR",
    "pv physician": "PV_PHYSICIAN",
    "pharmacovigilance physician": "PV_PHYSICIAN",
    "safety review committee": "SAFETY_REVIEW_COMMITTEE",
    "quality": "QUALITY",
    "investigator": "INVESTIGATOR",
}


ANSWER = "answer"
ANSWERS = {"yes": "Y", "no": "N"}
"""What a sign-off answers: yes ends what it is about, no refuses."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a verb decides: the kind of decision, who takes it by default, and its fields.

    ``needs`` and ``may`` name the keys of the line beside at, decide, by, reason and subject.
    """

    kind: str
    who: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


def form_of(verb: str) -> Form | None:
    """The form of a verb; None for a verb that nobody decides with."""
    if verb in ALERT:
        return Form("ALERT", "alert", ("about",), ("rule", "revision", "disposition"))
    if verb in SIGN_OFF:
        return Form("SIGN_OFF", "sign off", ("about",), (ANSWER,))
    if verb in ADJUDICATION:
        who = "dlt" if ADJUDICATION[verb][0] == "dlt" else "adjudication"
        pair = ("and",) if ADJUDICATION[verb][0] == "duplicate" else ()
        return Form("ADJUDICATION", who, ("about", *pair))
    if verb in COHORT:
        return Form("COHORT", "cohort", ("dose level", "n", "x"), ("cohort no",))
    if verb in LOT:
        return Form("LOT", "lot", (), ("lot", "donor"))
    return None


def decision_data(verb: str, stated: dict[str, str]) -> Tree:
    """The object named after the kind of decision (not for alerts, which the run completes)."""
    about = stated.get("about", "")
    if verb in SIGN_OFF:
        answer = {"answer": ANSWERS[stated.get(ANSWER, "yes").casefold()]}
        return {"sign_off": {**_signed(about), "what": SIGN_OFF[verb], **answer}}
    if verb in ADJUDICATION:
        question, answer_word = ADJUDICATION[verb]
        ruling = {
            "record_id": _ruled(question, about),
            "question": question,
            "answer": answer_word,
        }
        if "and" in stated:
            ruling["other_record_id"] = stated["and"]
        return {"adjudication": ruling}
    if verb in COHORT:
        return {"cohort": {"outcome": COHORT[verb], **_cohort(stated)}}
    source = {key: stated[key] for key in ("lot", "donor") if key in stated}
    return {"lot": {**source, "outcome": LOT[verb]}}


def is_obligation(about: str) -> bool:
    """Whether the words are the id of an obligation: subject/case/jurisdiction/duty."""
    return about.count("/") > 1


def _signed(about: str) -> Tree:
    return {"obligation_id": about} if is_obligation(about) else {"record_id": about}


def _ruled(question: str, about: str) -> str:
    of_infusion = question in ("anaphylaxis", "cytokine_release") and "/" not in about
    return f"infusion/{about}" if of_infusion else about


def _cohort(stated: dict[str, str]) -> Tree:
    numbers = {"cohort no": "cohort_no", "n": "n", "x": "x"}
    found: Tree = {"dose_level": stated["dose level"]}
    found |= {name: int(stated[key]) for key, name in numbers.items() if key in stated}
    return found
