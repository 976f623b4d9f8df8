"""The service's process: `python -m landbridge.workloads.payments.api`, told everything by its environment.

It ends in order on SIGTERM: requests under way are answered, within less than the time a task is given.
"""

import asyncio
import datetime as dt
import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from landbridge.workloads.aws import client
from landbridge.workloads.payments.api.asgi import WORDS, App
from landbridge.workloads.payments.api.certificate import certificate
from landbridge.workloads.payments.api.desk import Desk
from landbridge.workloads.payments.api.stores import Queue, Table, Uploads
from landbridge.workloads.payments.configuration import Configuration
from landbridge.workloads.payments.database import PostgresBook
from landbridge.workloads.payments.identity import Keys, customer_of
from landbridge.workloads.payments.log import Log
from landbridge.workloads.postgres import Server

CALLS = {"connect": 1.0, "read": 2.0}
GRACE = 20.0  # a task that is stopped has 30 seconds
KEEP_ALIVE = 75.0  # longer than the load balancer's 60: it must be the one to hang up


def desk(environment: Mapping[str, str]) -> Desk:
    """The region's service, as its environment and its configuration say."""
    region = environment["AWS_REGION"]
    told = Configuration(client("ssm", region, **CALLS), environment, time.monotonic)
    secrets_manager = client("secretsmanager", region, **CALLS)
    book = Server(secrets_manager, address=told.reader, secret=told.secret, database=told.database)
    keys = Keys(secrets_manager, partial(told, "identity-secret"), region, time.monotonic)
    s3 = client("s3", region, **CALLS, signature_version="s3v4")  # objects under a key of ours are fetched by no other
    return Desk(
        region=region,
        table=Table(client("dynamodb", region, **CALLS), told("sessions-table"), region, time.time),
        queue=Queue(client("sqs", region, **CALLS), environment["EVENTS_QUEUE"], region),
        uploads=Uploads(s3, told("uploads-bucket"), region),
        book=PostgresBook(book),
        chance=secrets.token_hex,
        names=lambda token: customer_of(keys(), token, time.time()),
        now=time.time,
    )


def settings(environment: Mapping[str, str]) -> Config:
    """How the server serves: TLS, unless TLS=off says that it stands on the same machine as who asks."""
    config = Config()
    config.bind = [f"{environment.get('HOST', '127.0.0.1')}:{environment.get('PORT', '8443')}"]
    config.loglevel = "WARNING"
    config.graceful_timeout = GRACE
    config.keep_alive_timeout = KEEP_ALIVE
    config.keep_alive_max_requests = sys.maxsize
    config.include_server_header = False
    if environment.get("TLS") != "off":
        config.certfile = config.keyfile = str(certificate(dt.datetime.now(dt.UTC)))
    return config


async def main() -> None:
    """Serves until it is told to end."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    app: Any = App(desk(os.environ), Log(sys.stderr, WORDS))
    await serve(app, settings(os.environ), shutdown_trigger=ended.wait)


if __name__ == "__main__":
    asyncio.run(main())
