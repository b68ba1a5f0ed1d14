"""Where the stream is measured: one broker, an installation for each figure, processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from rich.console import Console
from rich.progress import Progress

from bench.kafka.bare import MIDDLE, OUT
from signals.events import Record, journal_json
from signals.rulebook.pack import Pack
from signals.runtime import own_events
from signals.runtime.intake import Door, Piece
from signals.runtime.replay import read_journal
from signals.simulate import simulate
from signals.simulate.tape import line
from tests.kafka.installation import Installation

PATIENCE = 3600.0
_LOOK_SECONDS = 1.0


def installation(bootstrap: str, folder: Path) -> Installation:
    """Topics that nobody else has."""
    prefix = f"bench-{uuid4().hex[:8]}."
    return Installation(bootstrap, prefix, folder)


def trial(seed: int, *, short: bool) -> list[bytes]:
    """The simulated trial as its sources send it, each event once (12 subjects of it, if short)."""
    sent = (event for _, event in simulate(seed, short=short).tape.arrived())
    once = {(e["schema"], e["subject_id"], e["record_id"], e["version"]): e for e in sent}
    return [line(event).encode() for event in once.values()]


def journal(pack: Pack, events: list[bytes]) -> list[bytes]:
    """The same as a journal, which begins with the pack in force."""
    door = Door(pack.study.study_id, pack.study.zone, trusted=True)
    records = read_journal([(Piece(raw, "simulated") for raw in events)], door).records
    return [journal_json(each) for each in (_activation(pack, records[0]), *records)]


def _activation(pack: Pack, first: Record) -> Record:
    study = pack.study
    when = first.arrival
    return own_events.pack_activation(study.study_id, pack.hash, pack.files, when, study.zone)


def processor_seconds(process: int) -> float:
    """What a process has taken of the processors so far, as Linux counts it."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    user, system = told[11:13]  # fields 14 and 15 of the line (proc_pid_stat)
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def bare_agents(place: Installation) -> Iterator[int]:
    """The two bare agents on the topics of an installation, until the block ends; their process."""
    admin = KafkaAdminClient(bootstrap_servers=place.bootstrap)
    names = [f"{place.prefix}{name}" for name in (MIDDLE, OUT)]
    admin.create_topics([NewTopic(name, 1, 1) for name in names])
    admin.wait_for_topics(names)
    admin.close()
    words = [place.bootstrap, place.prefix, *place.topics.sources]
    with (place.folder / "bare.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "bench.kafka.bare", *words], stdout=log, stderr=log
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def wait(what: str, done: Callable[[], float], all_: int) -> float:
    """Until so many are done, with a progress bar; the instant (``monotonic``) at which they were.

    Raises:
        TimeoutError: it takes more than an hour.
    """
    give_up = monotonic() + PATIENCE
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=all_)
        while (count := done()) < all_:
            bar.update(task, completed=count)
            if monotonic() > give_up:
                raise TimeoutError(f"{what}: {count:.0f} of {all_} after {PATIENCE:.0f} s")
            sleep(_LOOK_SECONDS)
        bar.update(task, completed=all_)
    return monotonic()
