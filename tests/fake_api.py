"""A region's API on a real socket of this machine, answering what a test lays out; gone when its block ends."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class FakeApi:
    """What is answered next, and what was asked. `cut` ends the connection in the middle of the body."""

    status: int = 200
    body: bytes = b'{"now": 1000.0}'
    cut: bool = False
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Answers as laid out at that moment."""
        api = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                api.asked.append(Asked(self.command, self.path, headers, body))
                self.send_response(api.status)
                self.send_header("content-length", str(len(api.body) + (10 if api.cut else 0)))
                self.end_headers()
                self.wfile.write(api.body)

            do_GET = do_PUT = _answer  # noqa: N815 - the server's own names

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler


@contextlib.contextmanager
def serving() -> Iterator[FakeApi]:
    """An API at a free port, as long as the block lasts."""
    api = FakeApi()
    with ThreadingHTTPServer(("127.0.0.1", 0), api.handler()) as server:
        api.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield api
        finally:
            server.shutdown()
            thread.join()
