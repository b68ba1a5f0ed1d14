"""Law 3: the journal that Kafka wrote gives the same book there, in one process, and in a replay."""

from pathlib import Path

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.simulate import simulate
from signals.simulate.tape import line
from tests.kafka.books import by_embedded, check_books, pack_for
from tests.kafka.installation import Installation

STUDIES = 8
MANY = ("lab-result", "vital-signs")


def reported(seed: int) -> list[bytes]:
    """Without measurements, which the reporting rules of the small packs do not read."""
    return [
        event for event in trial(seed) if not any(f'"{kind}/1"'.encode() in event for kind in MANY)
    ]


def trial(seed: int) -> list[bytes]:
    return [line(event).encode() for _, event in simulate(seed, short=True).tape.arrived()]


def test_one_worker(installation: Installation) -> None:
    pack = load_pack(folder("rules") / "uc-msc")
    events = trial(5)
    with installation.running(1, "--clock", "journal") as workers:
        installation.send(events)
        installation.wait_until_folded(workers)
    assert check_books(installation, [pack]) > 150
    exported = installation.folder / "journal.ndjson"
    exported.write_text(installation.run("journal", "export"))
    data = installation.folder / "data"
    installation.run("journal", "import", str(exported), "--data", str(data))
    assert by_embedded(data, pack) == installation.published()


def test_three_workers_and_eight_studies(installation: Installation, tmp_path: Path) -> None:
    names = [f"STUDY-{number}" for number in range(STUDIES)]
    installation.packs = [pack_for(name, tmp_path) for name in names]
    events = [
        event.replace(b'"study_id":"UC-MSC"', f'"study_id":"{name}"'.encode())
        for seed, name in enumerate(names)
        for event in reported(seed)
    ]
    with installation.running(3, "--clock", "journal") as workers:
        installation.send(events)
        installation.wait_until_folded(workers)
        held = [worker.figure("signals_partitions_held") for worker in workers]
    assert held == [1, 1, 1]
    assert check_books(installation, [load_pack(pack) for pack in installation.packs]) > 100
