"""Whether the user of the settings may do what a worker does, topic by topic.

The brokers tell it when they are asked; nothing is tried out.
"""

from __future__ import annotations

from collections.abc import Iterator

from kafka.errors import GroupIdNotFoundError, TopicAuthorizationFailedError

from signals.runtime.checkup.finding import Finding, bad, fine
from signals.runtime.kafka.plan import Admin
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.topics import ALERTS, Topics

READ, WRITE = "READ", "WRITE"


def needed(topics: Topics) -> dict[str, tuple[str, ...]]:
    """What a worker with both roles does with each topic; the doctor with its own."""
    canary_source = topics.of_kind("adverse-event")
    return {
        **dict.fromkeys(topics.sources, (READ,)),
        canary_source: (READ, WRITE),
        topics.journal: (READ, WRITE),
        topics.rejected: (WRITE,),
        **dict.fromkeys((topics[name] for name in ALERTS), (WRITE,)),
        topics.canary: (READ, WRITE),
        topics.state: (READ, WRITE),
        topics.doctor: (WRITE,),
    }


def examine(admin: Admin, settings: KafkaSettings) -> Iterator[Finding]:
    """One finding a topic or group with a right that is missing, or one that all is fine.

    Raises:
        BrokerAwayError: the brokers do not answer.
    """
    user = settings.sasl_username or "of the client's certificate"
    wanted, missing = needed(Topics(settings.prefix)), False
    for name, topic in admin.described(list(wanted)).items():
        hidden = topic["error_code"] == TopicAuthorizationFailedError.errno
        if not topic["partitions"] and not hidden:
            continue  # it is missing, which is told as such
        may = set() if hidden else set(topic["authorized_operations"])
        if lacks := [one for one in wanted[name] if one not in may]:
            missing = True
            yield _missing(user, f"--topic {name}", f"topic {name}", lacks)
    for name in (settings.group_of(role) for role in ("intake", "monitor")):
        found = _group(admin, name, user)
        missing = missing or not found.fine
        yield found
    if not missing:
        yield fine("rights", f"all that a worker does with {len(wanted)} topics is allowed")


def _group(admin: Admin, name: str, user: str) -> Finding:
    group = admin.group(name)
    if group is not None and str(GroupIdNotFoundError()) in (group["error"] or ""):
        told = "no worker was ever in it; whether this user may READ it shows only then"
        return fine(f"group {name}", told)
    if group is None or READ not in (group["authorized_operations"] or ()):
        return _missing(user, f"--group {name}", f"group {name}", [READ])
    members = len(group["members"])
    told = "no worker is in it now" if not members else f"{members} workers are in it"
    return fine(f"group {name}", told)


def _missing(user: str, resource: str, what: str, operations: list[str]) -> Finding:
    options = " ".join(f"--operation {one.capitalize()}" for one in operations)
    return bad(
        "rights",
        f"the user {user} may not {' and '.join(operations)} the {what}",
        f"kafka-acls.sh --add --allow-principal User:... {options} {resource}",
    )
