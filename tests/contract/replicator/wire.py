"""A Kinesis endpoint on 127.0.0.1 that speaks JSON 1.1 over HTTP, one thread a connection, and can be restarted."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Answer = tuple[int, dict[str, Any]]


class HangUp(Exception):
    """The connection is closed without an answer."""


@dataclass
class Wire:
    """The endpoint; `ask` is given the operation and its request and answers with a status and a body."""

    ask: Callable[[str, dict[str, Any]], Answer]
    port: int = 0
    _listener: socket.socket | None = None
    _open: set[socket.socket] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listens, on the port it had before if it had one."""
        listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port, self._listener = listener.getsockname()[1], listener
        self._run(lambda: self._accept(listener))

    def stop(self) -> None:
        """Hangs up on everybody and listens no more."""
        for each in (self._listener, *tuple(self._open)):
            if each is not None:
                with contextlib.suppress(OSError):  # the other end was quicker
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
        self._listener = None

    def close(self) -> None:
        """Stops, and waits for every thread."""
        self.stop()
        for thread in self._threads:
            thread.join()

    def _run(self, what: Callable[[], None]) -> None:
        thread = threading.Thread(target=what)
        thread.start()
        with self._lock:
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # closed: the end
            while True:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open.add(connection)
                self._run(lambda made=connection: self._serve(made))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, HangUp):
            stream = connection.makefile("rb")
            while line := stream.readline():
                if line.strip():
                    connection.sendall(self._answer(stream))
        self._open.discard(connection)

    def _answer(self, stream: Any) -> bytes:
        headers = {}
        while (line := stream.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        request = json.loads(stream.read(int(headers[b"content-length"])))
        status, body = self.ask(headers[b"x-amz-target"].decode().rpartition(".")[2], request)
        text = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} Said\r\nx-amzn-RequestId: 1\r\nContent-Type: application/x-amz-json-1.1\r\n"
        return f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text
