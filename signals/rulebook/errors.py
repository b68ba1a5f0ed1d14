"""What judging refuses: a rule that does not fit its kind of fact, a matcher that failed."""


class RuleError(ValueError):
    """A rule cannot be compiled; the message names the rule, the place and what to do instead."""


class MatcherError(RuntimeError):
    """The second opinion cannot be had: durable-rules failed, or a rule leaves its safe part."""
