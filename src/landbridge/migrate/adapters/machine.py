"""The state machine that runs an engine in AWS: what its function is told, and how it is started.

It is told by one object beside its code, so that whatever wakes the function finds the same: its own machine, an alarm,
or an operator's decision. The machine begins no run. It goes on with the one that is open in the journal.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from landbridge.aws.clients import PATIENT, Clients, speaking
from landbridge.config.spec import Trading
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.leading import Moving
from landbridge.model.errors import BadInput, Refused
from landbridge.model.region import Region

STACK = "orchestrator"
ORDERS = "orders/current.json"  # what the function is told, in the bucket of its code
DECIDED = {"Source": "landbridge", "DetailType": "decision", "Detail": "{}"}


@dataclass(frozen=True, slots=True)
class Orders:
    """Which platform the function moves, and where AWS answers when it is not AWS."""

    trading: Trading
    endpoints: Mapping[Region, str]

    @classmethod
    def of(cls, text: str) -> "Orders":
        """As they were written down."""
        raw = json.loads(text)
        endpoints = {Region(region): url for region, url in raw["endpoints"].items()}
        return cls(Trading.model_validate_json(json.dumps(raw["trading"])), endpoints)

    @property
    def text(self) -> str:
        """As they are written down."""
        return json.dumps({"trading": self.trading.model_dump(mode="json"), "endpoints": dict(self.endpoints)})

    def clients(self) -> Clients:
        """The way there."""
        return Clients(self.endpoints, timeouts=PATIENT)


@dataclass(frozen=True)
class Machine:
    """The one that is deployed in the journal's region."""

    clients: Clients
    region: Region
    arn: str
    bucket: str

    @classmethod
    def of(cls, migration: Migration) -> "Machine":
        """As its stack tells; BadInput where it is not deployed, or has no engine yet."""
        region = Region(migration.config.platform.journal)
        try:
            arn = migration.told(STACK, "MachineArn", region)
            return cls(migration.clients, region, arn, migration.told("foothold", "BucketName", region))
        except Refused as absent:
            raise BadInput("--on aws", str(absent), "deploy foothold and orchestrator, or move from here") from None

    def start(self, orders: Orders, name: str) -> None:
        """Told what to do, then started; a name that was used begins nothing anew."""
        with speaking(self.region, f"starting {name}"):
            s3 = self.clients.client("s3", self.region)
            s3.put_object(Bucket=self.bucket, Key=ORDERS, Body=orders.text.encode(), ContentType="application/json")
            states = self.clients.client("stepfunctions", self.region)
            states.start_execution(stateMachineArn=self.arn, name=name, input=json.dumps({"name": name, "part": 0}))


def hint(moving: Moving) -> None:
    """Tells an engine in AWS to look at once; one that is not told looks soon enough by itself."""
    region = Region(moving.config.platform.journal)
    with contextlib.suppress(BotoCoreError, ClientError):
        moving.clients.client("events", region, retries=False).put_events(Entries=[DECIDED])
