"""The fields of what followed an infusion, as ``signals rules facts`` prints them."""

from __future__ import annotations

from signals.facts.fields import integer, number, since, text, words, yes_no

_READ = "Whether it was read in the window"

FIELDS = (
    yes_no("acute_reaction", "A reaction of the set began within 24 h of its end", "DOMAIN 5.1"),
    text("reaction_terms", "The terms of these reactions", "CTCAE v5.0"),
    integer("reaction_grade", "The highest grade of these reactions", "CTCAE v5.0"),
    yes_no("reaction_entered", "A reaction of the set, by onset or by link", "RULES.csv IRR-02"),
    yes_no("temperature_read_4h", _READ, "DOMAIN 5.3"),
    number("temperature_4h", "Cel", "Highest temperature, start to end + 4 h", "NHSN"),
    number("temperature_rise_4h", "Cel", "Its rise over the baseline", "NHSN"),
    yes_no("systolic_read_4h", _READ, "DOMAIN 5.3"),
    number("systolic_4h", "mm[Hg]", "Lowest systolic pressure, start to end + 4 h", "NHSN"),
    number("systolic_fall_4h", "mm[Hg]", "Its fall from the baseline", "NHSN"),
    yes_no("spo2_read_24h", _READ, "DOMAIN 5.3"),
    yes_no("spo2_usual_oxygen_read_24h", "Whether one was read on that oxygen", "DOMAIN 5.3"),
    number(
        "spo2_usual_oxygen_24h",
        "%",
        "Lowest saturation on the usual oxygen or more, start to end + 24 h",
        "CTCAE v5.0 Hypoxia",
    ),
    number("spo2_fall_24h", "%", "Its fall from the baseline", "DOMAIN 5.3"),
    yes_no("anaphylaxis_coded", "Anaphylaxis coded, start to end + 24 h", "CTCAE v5.0"),
    integer(
        "systems_reacting_4h",
        "Of skin, airways, circulation and gut, start to end + 4 h",
        "RULES.csv IRR-05; WAO 2020",
    ),
    yes_no("epinephrine_4h", "Epinephrine given, start to end + 4 h", "RULES.csv IRR-05"),
    yes_no("interrupted_or_stopped", "Interrupted or stopped early", "RULES.csv IRR-07"),
    words(
        "interruption_reason",
        ("adverse event", "blank", "other"),
        "The reason, the most telling of several",
        "RULES.csv IRR-07",
    ),
    yes_no("adverse_event_24h", "Any adverse event, start to end + 24 h", "RULES.csv IRR-07"),
    since("since_end", "Time since its end", "DOMAIN 5.3"),
)
