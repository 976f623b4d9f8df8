"""Runs the packaged Flink application over a file: what it puts goes to a DynamoDB of one page, and from there to a file."""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

PEN = {"state": {"S": "open"}, "epoch": {"N": "3"}, "turn": {"N": "7"}, "since": {"S": "0.0"}}


class Table(BaseHTTPRequestHandler):
    """Answers with an open pen, and keeps what is put."""

    items: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        """One call of DynamoDB's."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reads = self.headers["X-Amz-Target"].endswith(".GetItem")
        if not reads:
            self.items.append(asked["Item"])
        said = json.dumps({"Item": PEN} if reads else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's word
        """Nothing: the items tell."""


def main(library: Path, ticks: Path, items: Path) -> None:
    """Run it and write down what was put."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Table)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = f"http://127.0.0.1:{server.server_port}"
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "none")
    sys.path.insert(0, str(library))
    from landbridge.workloads.trading.flink.application import start  # noqa: PLC0415 - from the archive, by the line above
    from landbridge.workloads.trading.flink.properties import FORMAT, Properties  # noqa: PLC0415

    told = Properties("eu-central-1", {}, "analytics", "pens", None)
    start(told, {"live": {"connector": "filesystem", "path": str(ticks), **FORMAT}}, library)
    server.shutdown()
    items.write_text(json.dumps(Table.items), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
