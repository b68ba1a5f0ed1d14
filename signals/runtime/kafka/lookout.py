"""What a worker reads of the topics while it folds: in a thread, with a consumer, of its own.

A look may take a tenth of a second on a busy broker, and no alert should wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from signals.runtime.kafka.partition import PartitionFold
from signals.runtime.kafka.plan import Admin
from signals.runtime.kafka.reader import BrokerAwayError, Reader
from signals.runtime.kafka.settings import KafkaSettings
from signals.runtime.kafka.state import AlertState, Mark
from signals.runtime.kafka.topics import Topics

T = TypeVar("T")


class Lookout:
    """Asks the brokers one question at a time.

    Its coroutines raise ``BrokerAwayError`` if the brokers do not answer.
    """

    def __init__(self, settings: KafkaSettings, name: str) -> None:
        """``name``: of this process, as it signs what it writes."""
        self._settings = settings
        self._topics = Topics(settings.prefix)
        self._name = name
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="looking")
        self._reader: Reader | None = None
        self._admin: Admin | None = None

    async def journal(self) -> object:
        """What tells the topic from another one of its name: the id that the brokers gave it."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._journal)

    async def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """The offset after the last message of each partition of the journal."""
        asked = [*partitions]
        return await self._ask(lambda reader: reader.ends(self._topics.journal, asked))

    async def written_by_others(self, fold: PartitionFold) -> list[AlertState | Mark]:
        """What others wrote on ``alerts.state`` of the partition since the last look."""
        return await self._ask(lambda reader: fold.written_by_others(reader, self._name))

    async def overtaken(self, fold: PartitionFold) -> bool:
        """Whether another worker has published more of a study than is folded here."""
        return await self._ask(lambda reader: fold.overtaken(reader, self._name))

    def stop(self) -> None:
        """Ask no more."""
        self._thread.shutdown(cancel_futures=True)

    async def _ask(self, question: Callable[[Reader], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._answer, question)

    def _journal(self) -> object:
        topic = self._topics.journal
        self._admin = self._admin or Admin(self._settings)
        told = self._admin.described([topic])[topic]
        if told["error_code"]:  # a broker that has just started does not know every topic
            code = told["error_code"]
            raise BrokerAwayError(f"the brokers do not tell of the topic {topic}: error {code}")
        return told["topic_id"]

    def _answer(self, question: Callable[[Reader], T]) -> T:
        self._reader = self._reader or Reader(self._settings)
        return question(self._reader)
