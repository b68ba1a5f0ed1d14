"""Whether a worker lives, has joined and may be relied on, each with the reason; and its figures.

Answered by a thread of its own, so that a stuck loop is told rather than waited for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import monotonic

from signals.runtime.health import SLOW_SECONDS, Check
from signals.runtime.kafka.worker import Worker

_STUCK_SECONDS = 60.0
_SILENT_SECONDS = 15.0
_FINE, _NOT_FINE, _NOT_FOUND = 200, 503, 404
_TEXT, _JSON = "text/plain; version=0.0.4; charset=utf-8", "application/json"


def alive(worker: Worker) -> list[Check]:
    """What must hold, or the process is to be started again."""
    still = monotonic() - worker.turned
    if still > _STUCK_SECONDS:
        return [Check("loop", False, f"the loop has not turned for {still:.0f} s")]
    return [Check("loop", True, "the loop turns")]


def started(worker: Worker) -> list[Check]:
    """What must have happened once, and not have been undone."""
    refused = {**worker.refused}
    if refused:
        groups = " and ".join(worker.settings.group_of(role) for role in refused)
        why = "; ".join(dict.fromkeys(refused.values()))
        told = (
            f"{groups}: the brokers do not let it in, it tries again: {why}; 'signals doctor'"
            " tells which right is missing"
        )
        return [Check("group", False, told)]
    missing = [role for role in worker.roles if role not in worker.joined]
    if not missing:
        return [Check("group", True, "it has joined its groups")]
    told = " and ".join(missing)
    return [
        Check(
            "group",
            False,
            f"{told}: not in the group yet; 'signals doctor' tells whether brokers and rights are there",
        )
    ]


def ready(worker: Worker) -> list[Check]:
    """What must hold for the alerts of what it holds to be up to date."""
    return [
        *alive(worker),
        *_leaving(worker),
        *started(worker),
        _brokers(worker),
        *_partitions(worker),
        *_journals(worker),
        _wakes(worker),
    ]


def _leaving(worker: Worker) -> list[Check]:
    gone = worker.leaving.begun.is_set()
    return [Check("leaving", False, "it is on its way out")] if gone else []


def _brokers(worker: Worker) -> Check:
    silent = monotonic() - worker.looked
    trouble = worker.trouble or worker.publisher.trouble
    if trouble or silent > _SILENT_SECONDS:
        told = trouble or f"they have not answered for {silent:.0f} s"
        return Check("brokers", False, told)
    return Check("brokers", True, "the brokers answer")


def _partitions(worker: Worker) -> list[Check]:
    waits = worker.desk.waiting()
    if waits:
        return [Check("up to date", False, why) for why in waits]
    held, oldest = len(worker.desk.held), worker.desk.oldest()
    says = f"{held} partitions held, not up to date for {oldest:.0f} s"
    return [Check("up to date", oldest < SLOW_SECONDS, says)]


def _journals(worker: Worker) -> list[Check]:
    return [Check("journal", False, why) for why in worker.desk.lost()]


def _wakes(worker: Worker) -> Check:
    overdue = 0.0 if worker.trusted else worker.desk.overdue(datetime.now(UTC))
    if overdue < SLOW_SECONDS:
        return Check("wakes", True, "no wake is overdue")
    return Check("wakes", False, f"a wake is overdue by {overdue:.0f} s")


def answer(worker: Worker, path: str) -> tuple[int, str, bytes]:
    """Status, type and body of a request."""
    checks: dict[str, Callable[[Worker], list[Check]]] = {
        "/healthz": alive,
        "/startz": started,
        "/readyz": ready,
    }
    if path == "/metrics":
        return _FINE, _TEXT, worker.figures.engine.text()
    if path not in checks:
        return _NOT_FOUND, _JSON, b'{"message": "see /healthz, /startz, /readyz and /metrics"}\n'
    found = checks[path](worker)
    fine = all(check.fine for check in found)
    body = {"fine": fine, "checks": [check._asdict() for check in found]}
    return (_FINE if fine else _NOT_FINE), _JSON, json.dumps(body).encode() + b"\n"


def serve(worker: Worker, host: str, port: int) -> ThreadingHTTPServer:
    """Answer from now on; ``shutdown`` ends it.

    Raises:
        OSError: the port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = answer(worker, self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Who asks for the health is not worth a line."""

    server = ThreadingHTTPServer((host, port), Handler)
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server
