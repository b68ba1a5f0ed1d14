"""The book: every alert that was published, with its revisions and states."""
