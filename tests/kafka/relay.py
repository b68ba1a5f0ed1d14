"""A wire between workers and a broker that a test can stall, cut and mend."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

_CHUNK = 65_536


class Relay:
    """Passes bytes between whoever connects to ``port`` and the broker behind ``target``."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._flows = Event()
        self._flows.set()
        self._cut = False
        self._ends: list[socket.socket] = []
        Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Nothing comes through any more, and nobody is told; it waits in the wire."""
        self._flows.clear()

    def cut(self) -> None:
        """Every connection is reset, and none can be made."""
        self._cut = True
        self._flows.set()
        self._hang_up()

    def mend(self) -> None:
        """What waited comes through, and connections can be made."""
        self._cut = False
        self._flows.set()

    def close(self) -> None:
        """End it."""
        self.cut()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _hang_up(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):  # the other side was faster
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return  # it was closed
            if self._cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.target))
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # the connection ended
            while data := source.recv(_CHUNK):
                self._flows.wait()
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay_to(target: int) -> Iterator[Relay]:
    """A relay until the block ends."""
    relay = Relay(target)
    try:
        yield relay
    finally:
        relay.close()
