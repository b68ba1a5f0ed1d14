"""The fields of a dose level, as ``signals rules facts`` prints them."""

from __future__ import annotations

from signals.facts.fields import integer, ratio, words, yes_no
from signals.statistics.dose_finding import Action

NO_ACTION = "no table action"
ADVICE = (NO_ACTION, *(each.value for each in Action))

FIELDS = {
    field.name: field
    for field in (
        integer("n", "Evaluable subjects, decision profile", "DOMAIN 3.3, D4"),
        integer("x", "Those of them with a dose-limiting toxicity", "DOMAIN 3.3, D4"),
        integer("n_unsigned", "n with withdrawals not yet signed still counted", "EC-031"),
        integer("x_unsigned", "x with withdrawals not yet signed still counted", "EC-031"),
        integer("n_registered", "n under the registered profile", "DOMAIN 3.2"),
        integer("x_registered", "x under the registered profile", "DOMAIN 3.2"),
        integer("n_g3", "n under the grade 3 profile", "DOMAIN 3.2"),
        integer("x_g3", "x under the grade 3 profile", "DOMAIN 3.2"),
        integer("pending", "Subjects whose status is still open by time", "DOMAIN 3.3"),
        integer("undetermined", "Subjects on whom something is not decided", "DOMAIN 3.3"),
        integer("not_evaluable", "Subjects that cannot be evaluated", "DOMAIN 3.3"),
        integer("cohort_no", "The highest cohort at this level", "RULES.csv DLT-05"),
        yes_no(
            "cohort_complete", "As many subjects as a cohort takes, replaced ones aside", "DLT-05"
        ),
        integer("cohort_pending", "Of this cohort, still open by time", "RULES.csv DLT-05"),
        integer("cohort_undetermined", "Of this cohort, not decided", "RULES.csv DLT-05"),
        integer("cohort_unreplaced", "Of this cohort, not evaluable and not replaced", "DLT-05"),
        yes_no("cohort_decided", "The committee has decided on this cohort", "RULES.csv DLT-05"),
        words("advice_3_3", ADVICE, "What the 3+3 table proposes", "DOMAIN 3.5"),
        words("advice_boin", ADVICE, "What BOIN proposes", "Liu and Yuan 2015; DOMAIN 3.6"),
        ratio(
            "boin_probability",
            "The chance that the true rate exceeds the target, after the data",
            "DOMAIN 3.6",
        ),
        yes_no(
            "two_within_six",
            "Two subjects had a toxicity while at most six were evaluable, at any time",
            "RULES.csv DLT-06",
        ),
        integer("x_times_3_over_n", "3 x - n: above 0 is more than a third", "DOMAIN 3.5, D6"),
        integer(
            "x_over_decided",
            "x beyond the x of the last decision that named n and x as they stood",
            "RULES.csv DLT-06",
        ),
        yes_no("passes_alone", "n >= 6 and 3 x <= n at this level", "RULES.csv MTD-02"),
        yes_no("lower_level_fails", "A lower level has n >= 3 and 3 x > n", "DOMAIN 3.4"),
    )
}
