"""The addresses that the parts of a deployment answer, as their code has them."""

from pathlib import Path

from fastapi.routing import APIRoute

from signals.resources import folder
from signals.rulebook.pack import load_pack
from signals.runtime.embedded.api import make_app
from signals.runtime.embedded.service import Service
from signals.runtime.kafka.health import answer
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.worker import Worker

NOT_FOUND = 404


def of_service(data: Path) -> set[str]:
    """What the HTTP service answers."""
    service = Service(data, load_pack(folder("rules") / "uc-msc"))
    try:
        routes = make_app(service).routes
        return {route.path for route in routes if isinstance(route, APIRoute)}
    finally:
        service.stop()


async def of_worker(paths: set[str]) -> set[str]:
    """Which of these a worker answers."""
    worker = Worker(KafkaSettings(bootstrap="127.0.0.1:1"), [])
    return {path for path in paths if answer(worker, path)[0] != NOT_FOUND}
