"""The fields of an adverse event, as ``signals rules facts`` prints them."""

from __future__ import annotations

from signals.facts.event_after_infusion import FIELDS as AFTER_INFUSION
from signals.facts.fields import day, integer, number, since, text, words, yes_no

FIELDS = {
    field.name: field
    for field in (
        text("term", "CTCAE or MedDRA term; not known while uncoded", "SDTM AETERM, AEDECOD"),
        day("onset", "When it began, as far as known", "DOMAIN 1.3"),
        day("onset_effective", "Onset, or worsening of what was there before", "DOMAIN 3.2"),
        words(
            "temporality",
            ("before", "after", "ambiguous"),
            "Against the first infusion; ambiguous: the same day, the hour not known, which "
            "counts as after",
            "DOMAIN D17",
        ),
        yes_no("preexisting", "Began before the first infusion", "SDTM AEPRESP"),
        yes_no("treatment_emergent", "New or worse after the first infusion", "DOMAIN 3.2"),
        words(
            "causality",
            ("related", "not related"),
            "Effective causality to the product, most conservative of both parties",
            "DOMAIN 3.2, D5",
        ),
        words(
            "causality_investigator",
            ("related", "not related", "missing"),
            "The investigator's opinion",
            "SDTM AEREL",
        ),
        words(
            "causality_sponsor",
            ("related", "not related", "missing"),
            "The sponsor's opinion",
            "EU CTR Annex III par. 4",
        ),
        integer("grade", "CTCAE grade now; 1 to 5 while missing", "SDTM AETOXGR"),
        integer("worst_grade", "Highest CTCAE grade so far", "SDTM AETOXGR"),
        integer("grade_in_dlt_window", "Highest grade within the DLT window", "DOMAIN 3.2"),
        words(
            "dlt_window",
            ("inside", "outside"),
            "Effective onset in the window from the first infusion to 4 days after the last, "
            "at most 12 days",
            "registered outcome 1; DOMAIN 3.1",
        ),
        words(
            "dlt_planned_window",
            ("inside", "outside"),
            "Inside only what a planned infusion would add to the window",
            "DOMAIN 3.1",
        ),
        yes_no(
            "dlt_after_cap",
            "After the 12-day cap, within 4 days of the last infusion",
            "DOMAIN 3.1",
        ),
        words(
            "dlt_ruling",
            ("none", "dlt", "not dlt"),
            "The safety review committee's ruling in force",
            "EVENTS, adjudication",
        ),
        yes_no("serious", "Serious by any criterion or word", "ICH E2A II.B; DOMAIN 4.1"),
        words("serious_recorded", ("yes", "no", "missing"), "What the record says", "SDTM AESER"),
        yes_no("fatal", "Grade 5, fatal outcome or criterion death", "DOMAIN 4.1"),
        yes_no("life_threatening", "Recorded or assumed life-threatening", "DOMAIN 4.1"),
        yes_no("in_sae_period", "Within the period for serious events", "DOMAIN 1.6"),
        yes_no(
            "in_safety_period", "From the first infusion to 21 days after the last", "DOMAIN 1.6"
        ),
        *AFTER_INFUSION,
        since("since_first_receipt", "Time since the sponsor first heard of it", "DOMAIN 1.2"),
        since(
            "since_serious_receipt",
            "Time since the sponsor first heard that it is serious",
            "DOMAIN 1.2",
        ),
        yes_no("received", "The sponsor has received it", "DOMAIN 1.2"),
        number(
            "site_report_hours",
            "h",
            "From the investigator's awareness that it is serious to the sponsor's receipt",
            "EU CTR Art. 41(2); 21 CFR 312.64(b)",
        ),
        since(
            "since_aware_serious",
            "Time since the investigator knew that it is serious",
            "EU CTR Art. 41(2)",
        ),
        yes_no("narrative", "A narrative is there", "E2B H.1"),
        yes_no("neoplasm_term", "Suspected secondary tumour", "DOMAIN 6"),
        text("case", "The case it is reported in", "ICH E2B"),
    )
}
