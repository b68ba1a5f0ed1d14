"""The tools of an operator, on a broker."""

import json

import pytest

from signals.runtime.kafka.export import Sender
from signals.runtime.kafka.plan import Admin
from tests.kafka.installation import Installation, until
from tests.runtime.posts import adverse_event


def test_topics_are_planned_made_and_found_fine(installation: Installation) -> None:
    assert "journal: fine: 3 partitions" in installation.run("topics", "plan")
    other = Installation.__new__(Installation)
    vars(other).update(vars(installation) | {"prefix": f"{installation.prefix}other."})
    assert "journal: to be made: to be made with 5" in other.run(
        "topics", "plan", "--journal-partitions", "5", code=1
    )


def test_the_partitions_of_the_journal_never_change(installation: Installation) -> None:
    told = installation.run("topics", "apply", "--journal-partitions", "5", code=1)
    assert "journal: refused: has 3 partitions and not 5" in told
    assert "would destroy: the order of every study" in told
    assert "journal: fine: 3 partitions" in installation.run("topics", "plan")


def test_what_was_changed_by_hand_is_seen_and_set_right(installation: Installation) -> None:
    from kafka import KafkaAdminClient
    from kafka.admin import ConfigResource, ConfigResourceType

    admin = KafkaAdminClient(bootstrap_servers=installation.bootstrap)
    config = ConfigResource(
        ConfigResourceType.TOPIC, installation.topics.journal, configs={"retention.ms": "1000"}
    )
    admin.alter_configs([config])
    admin.close()
    difference = "journal: differs: retention.ms is 1000, must be -1"
    # The controller tells the broker of a change a moment later.
    until(lambda: difference in planned(installation))
    installation.run("topics", "apply")
    until(lambda: "differs" not in planned(installation))


def planned(installation: Installation) -> str:
    with Admin(installation.settings) as admin:
        findings = admin.plan()
    return "\n".join(f"{each.spec.name}: {each.todo}: {each.says}" for each in findings)


def test_a_rejected_event_is_put_right_and_comes_in(installation: Installation) -> None:
    file = installation.folder / "events.ndjson"
    good, bad = adverse_event("AE-1"), adverse_event("AE-2")
    del bad["version"]
    file.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n{{no event\n")
    with installation.running() as workers:
        assert installation.run("publish", str(file), code=1) == "3 events sent\n"
        installation.wait_until_folded(workers)
        listed = [
            json.loads(x) for x in installation.run("rejected", "list", "--json").splitlines()
        ]
        assert sorted(one["raw"][:4] for one in listed) == ['{"ev', "{no "]
        wrong = next(one["id"] for one in listed if "AE-2" in one["raw"])
        assert "/version" in installation.run("rejected", "show", wrong)
        fixed = installation.folder / "fixed.json"
        fixed.write_text(json.dumps({**bad, "version": 1}))
        words = ("rejected", "replay", wrong, "--with", str(fixed))
        tried = installation.run(*words, "--dry-run")
        assert "would be accepted" in tried
        assert "|SAE-01|001-004|AE-2: would be firing" in tried
        assert not any(name.endswith("AE-2") for name, _ in installation.published())
        installation.run(*words)
        installation.wait_until_folded(workers)
        assert wrong not in installation.run("rejected", "list")
        assert f"{wrong}  first" in installation.run("rejected", "list", "--all")
    assert any(name.endswith("SAE-01|001-004|AE-2") for name, _ in installation.published())
    assert "the book is that of the journal" in installation.run("verify")
    told = installation.run("tail", "alerts.sae", "--from-beginning", "--no-follow")
    assert "firing" in told
    assert "serious adverse event" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("topics", "plan"), "no broker lets us in: 127.0.0.1:1 refuses the connection"),
        (("publish", "nowhere.ndjson"), "nowhere.ndjson"),
    ],
)
def test_what_cannot_run_says_why(installation: Installation, words: tuple[str], says: str) -> None:
    import subprocess

    from tests.kafka.installation import SIGNALS

    done = subprocess.run(
        [SIGNALS, *words],
        env=installation.variables | {"SIGNALS_KAFKA_BOOTSTRAP": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert says in done.stderr


def test_an_export_goes_into_a_new_installation(installation: Installation) -> None:
    with installation.running() as workers, Sender(installation.settings) as sender:
        raw = json.dumps(adverse_event()).encode()
        for _ in range(2):  # the same event twice counts once
            sender.events([("adverse-event", "UC-MSC", raw)])
        installation.wait_until_folded(workers)
    exported = installation.run("journal", "export")
    assert [json.loads(line)["schema"] for line in exported.splitlines()] in (
        ["pack-activation/1", "adverse-event/1"],
        ["adverse-event/1", "pack-activation/1"],
    )
    file = installation.folder / "journal.ndjson"
    file.write_text(exported)
    other = Installation(
        installation.bootstrap, f"{installation.prefix}other.", installation.folder
    )
    assert other.run("journal", "import", str(file)) == "2 records imported\n"
    assert other.run("journal", "export") == exported
    other.run("journal", "import", str(file), code=2)
