"""The runtime on Apache Kafka: many workers, many studies, the same engine."""
