"""Transactions on the journal, as no part of the service writes them."""

from uuid import uuid4

from kafka import KafkaProducer

from signals.runtime.kafka.reader import Reader
from tests.kafka.installation import Installation, until


def transact(installation: Installation, partition: int, *transactions: tuple[int, bool]) -> None:
    """Each has so many records, numbered through, and is committed or aborted."""
    topic, value = installation.topics.journal, 0
    producer = KafkaProducer(
        bootstrap_servers=installation.bootstrap, transactional_id=f"source-{uuid4()}"
    )
    producer.init_transactions()
    with Reader(installation.settings) as reader:
        begun = reader.ends(topic, [partition])[partition]
        for count, committed in transactions:
            producer.begin_transaction()
            for _ in range(count):
                producer.send(topic, str(value).encode(), partition=partition)
                value += 1
            producer.flush()  # what is in hand when it aborts would never reach the broker
            if committed:
                producer.commit_transaction()
            else:
                producer.abort_transaction()
        # The brokers write the last marker a moment after they have said yes.
        written = begun + value + len(transactions)
        until(lambda: reader.ends(topic, [partition])[partition] == written)
    producer.close()
