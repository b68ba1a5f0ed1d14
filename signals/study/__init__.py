"""What a study lays down: study file, word lists, jurisdictions."""
