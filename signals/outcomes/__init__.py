"""The outcomes of the trial (O1 to O23) as tables: no alerts, no rules, only what the records show."""
