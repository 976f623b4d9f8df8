"""One emulated region with what the payments service stands on, and the service's own process in it."""

import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from tests.contract.platform.emulators import free_port, start, wait

from landbridge.model.region import Region as Name
from landbridge.workloads.payments.identity import signed

ROOT = "/payments/prod/blue"
KEY = b"k" * 43  # by which customers are named
# As in a task whose root file system is read-only: whoever opens a file to write to it ends the process.
READ_ONLY = """
import os, runpy, sys
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def refuse(event, how):
    if event == "open" and (set(how[1] or "") & set("wax+") or how[2] & WRITES):
        os.write(2, f"wrote to {how[0]}".encode())
        os._exit(99)
sys.addaudithook(refuse)
runpy.run_module("landbridge.workloads.payments.api", run_name="__main__", alter_sys=True)
"""


def named(customer: str) -> str:
    """What who signs customers in gives."""
    return f"Bearer {signed(KEY, customer, time.time())}"


@contextlib.contextmanager
def emulated(name: str, database: str) -> Iterator["Region"]:
    """A region with all that code needs there, gone afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="landbridge-payments-") as folder:
        process = start(Name(name), port, Path(folder) / "emulator")
        try:
            wait(port, process)
            yield Region(name, f"http://127.0.0.1:{port}", database).made()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@dataclass
class Region:
    """What stands there, made by hand as the templates make it."""

    name: str
    endpoint: str
    database: str
    queue: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """A client of the tests' own."""
        own = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        if service not in self.clients:
            made = boto3.session.Session().client(service, region_name=self.name, endpoint_url=self.endpoint, **own)
            self.clients[service] = made
        return self.clients[service]

    def made(self) -> "Region":
        """Table, queue, bucket, secret and configuration; and the environment that code has there."""
        keys = {"KeySchema": [{"AttributeName": "session", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
        names = [{"AttributeName": "session", "AttributeType": "S"}]
        self.client("dynamodb").create_table(TableName="sessions", AttributeDefinitions=names, **keys)
        where = {} if self.name == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": self.name}}
        self.client("s3").create_bucket(Bucket="uploads", **where)
        self.queue = self.client("sqs").create_queue(QueueName="events")["QueueUrl"]
        secret = json.dumps({"username": "payments", "password": "any"})
        self.client("secretsmanager").create_secret(Name="database", SecretString=secret)
        self.client("secretsmanager").create_secret(Name="identity", SecretString=KEY.decode())
        told = {"database-reader": self.database, "database-writer": self.database, "database-secret": "database"}
        told["identity-secret"] = "identity"
        for name, value in {**told, "sessions-table": "sessions", "uploads-bucket": "uploads"}.items():
            self.client("ssm").put_parameter(Name=f"{ROOT}/{name}", Value=value, Type="String")
        credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_ENDPOINT_URL": self.endpoint}
        self.environment = {**credentials, "AWS_REGION": self.name, "PARAMETERS": ROOT, "EVENTS_QUEUE": self.queue}
        return self

    def received(self) -> list[dict[str, Any]]:
        """What lies in the queue, as a batch has it; what is not deleted comes again in a second."""
        told = self.client("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, VisibilityTimeout=1)
        return [{**each, "messageId": each["MessageId"], "body": each["Body"]} for each in told.get("Messages", [])]


@dataclass
class Task:
    """The service, as a task runs it."""

    region: Region
    log: Path
    tls: bool = True
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def started(self) -> "Task":
        """Up, and answering."""
        source = Path(__file__).parents[3] / "src"
        own = {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1", "PORT": str(self.port), "PATH": os.environ["PATH"]}
        own["TLS"] = "on" if self.tls else "off"
        with self.log.open("wb") as log:
            command = [sys.executable, "-c", READ_ONLY]
            self.process = subprocess.Popen(command, env={**self.region.environment, **own}, stdout=log, stderr=log, cwd="/")
        end = time.monotonic() + 30
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, "it never answered"
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        """Whether it is healthy."""
        try:
            return self.ask("GET", "/health")[0] == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
        """Status and body of one answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return fetch(method, f"{self.url}{path}", json.dumps(body).encode() if body else None, sent)

    def ended(self, number: int) -> int:
        """Told to end; with which code it did."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(30)

    def gone(self) -> None:
        """Whatever has become of it."""
        if self.process and self.process.poll() is None:
            self.ended(signal.SIGKILL)


def fetch(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, Any]:
    """One request over HTTP, to a server whose name nobody has signed."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    sent = {"content-type": "application/json", **headers}
    request = urllib.request.Request(url, body, sent, method=method)  # noqa: S310 - the address is the test's own
    try:
        with urllib.request.urlopen(request, timeout=10, context=trusting) as answer:  # noqa: S310
            return answer.status, _read(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _read(refused.read())


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
