"""Speed of the stream on a real broker, each figure beside a reference on the same broker."""
