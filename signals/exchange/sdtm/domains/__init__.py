"""The mappings, one module a domain: from the rows of the study to drafts of events.

Each yields drafts, and findings about what has no place in an event; `READ` names the columns it
looks at, so that the report can name those that nobody read.
"""
