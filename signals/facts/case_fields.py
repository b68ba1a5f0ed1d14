"""The fields of a case, as ``signals rules facts`` prints them."""

from __future__ import annotations

from signals.facts.fields import since, text, words, yes_no

_DUTY_WORDS = ("none", "open", "met", "end proposed", "signed off")

FIELDS = {
    field.name: field
    for field in (
        text("term", "Term of the adverse event that names the case", "SDTM AEDECOD"),
        yes_no("serious", "Serious now", "ICH E2A II.B"),
        yes_no("fatal_or_life_threatening", "Recorded or assumed", "DOMAIN 4.1"),
        *(
            words(duty, _DUTY_WORDS, f"The {meaning} over all authorities", source)
            for duty, meaning, source in (
                ("initial_7", "7-day report", "ICH E2A III.B.1; CDE 2018"),
                ("initial_15", "15-day report", "ICH E2A III.B.2; CDE 2018"),
                ("completion", "completion of the 7-day report", "ICH E2A III.B.1"),
                ("follow_up", "reports of new information", "CDE 2018; EU CTR Annex III"),
            )
        ),
        yes_no(
            "submitted_end_proposed",
            "What made a submitted report due is no longer so, and nobody signed for that",
            "RULES.csv SAE-09",
        ),
        words(
            "causality_sides",
            ("agree", "disagree", "one missing"),
            "Investigator and sponsor on related or not related",
            "RULES.csv SAE-11",
        ),
        text("minimum_missing", "Which of the four criteria are missing", "DOMAIN 4.4"),
        yes_no(
            "follow_up_fatal",
            "An open follow-up says that a life-threatening event became fatal",
            "DOMAIN 4.3",
        ),
        words(
            "upgrade",
            ("none", "serious", "fatal or life-threatening"),
            "The gravest upgrade by a later version",
            "DOMAIN 4.4",
        ),
        words(
            "causality_expedited",
            ("related", "assumed related", "not related"),
            "Causality for expedited reporting",
            "DOMAIN 4.2",
        ),
        words(
            "expectedness",
            ("expected", "unexpected", "assumed unexpected"),
            "Against the reference safety information in force at onset",
            "DOMAIN 4.2",
        ),
        yes_no("suspect_product", "A suspect product is identified", "DOMAIN 4.4"),
        text("reportable_because", "What makes it reportable, in words", "DOMAIN 4.2"),
        since("since_first_receipt", "Time since the sponsor first heard of it", "DOMAIN 1.2"),
        words(
            "minimum_criteria",
            ("complete", "incomplete"),
            "Patient, reporter, suspect product, event; of a known subject who was never given "
            "the product, the product is not missing: there is none",
            "ICH E2A III.B; DOMAIN 4.4",
        ),
    )
}
