"""A wire between a browser and a server that can be cut, or can swallow what comes back."""

import socket
import threading
from contextlib import suppress


class Wire:
    """Listens on a port of its own and hands bytes on in both directions."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._ends: list[socket.socket] = []
        self._muted = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._take_from(self._listener)

    @property
    def url(self) -> str:
        """Where the browser goes."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Every connection ends and no new one is made."""
        self._hang_up(self._listener)
        while self._ends:
            self._hang_up(self._ends.pop())

    def mend(self) -> None:
        """Connections can be made again."""
        self._muted = False
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self._take_from(self._listener)

    def swallow_answers(self) -> None:
        """What the browser says arrives; what the server answers does not."""
        self._muted = True

    @staticmethod
    def _hang_up(end: socket.socket) -> None:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()

    def _take_from(self, listener: socket.socket) -> None:
        threading.Thread(target=self._accept, args=[listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                threading.Thread(target=self._carry, args=[near, far, False], daemon=True).start()
                threading.Thread(target=self._carry, args=[far, near, True], daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if not (answers and self._muted):
                    other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
