"""Rules: reading, checking, judging and explaining them."""
