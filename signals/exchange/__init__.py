"""Exchange with other formats: each reads or writes events and nothing else of the engine."""
