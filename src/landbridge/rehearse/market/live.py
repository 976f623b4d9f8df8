"""Both sides as a feed reaches them on AWS: the ingest parameters, the live streams, and the word it gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.feeds import ingest_address
from landbridge.model.confirmation import Confirmation
from landbridge.model.errors import Unreachable
from landbridge.model.market import Stream, Tick
from landbridge.model.region import Region
from landbridge.workloads.trading.regional import wire

NEWER = "attribute_not_exists(since) OR since < :since"


@dataclass(frozen=True)
class LiveIngest:
    """Parameter, stream and table have the same name in each region. A put is tried once: its feed tries again."""

    clients: Clients
    sides: tuple[Region, ...]
    parameter: str
    stream: str
    pens: str

    @classmethod
    def of(cls, migration: Migration) -> "LiveIngest":
        """Of a platform that is migrated."""
        sides, named = tuple(migration.regions), migration.named
        return cls(migration.clients, sides, migration.market.parameter, named(Stream.LIVE), named("pens"))

    def addresses(self) -> frozenset[Region]:
        """A side that is silent names none; when all are, that is Unreachable."""
        found: set[Region | None] = set()
        silent = []
        for side in self.sides:
            try:
                found |= {ingest_address(self.clients, side, self.parameter)}
            except Unreachable as lost:
                silent.append(lost)
        if len(silent) == len(self.sides):
            raise silent[0]
        return frozenset(each for each in found if each)

    def confirm(self, confirmation: Confirmation) -> None:
        """On condition that nothing newer stands there."""
        with speaking(confirmation.region, f"PutItem {self.pens}"):
            try:
                self.clients.client("dynamodb", confirmation.region, retries=False).put_item(
                    TableName=self.pens,
                    Item=wire(confirmation.item()),
                    ConditionExpression=NEWER,
                    ExpressionAttributeValues=wire({":since": confirmation.since}),
                )
            except ClientError as error:
                if said(error) != "ConditionalCheckFailedException":
                    raise

    def put(self, region: Region, ticks: Sequence[Tick]) -> list[bool]:
        """By symbol: a symbol's ticks lie in one shard."""
        records = [{"Data": tick.text().encode(), "PartitionKey": tick.symbol} for tick in ticks]
        with speaking(region, f"PutRecords {self.stream}"):
            kinesis = self.clients.client("kinesis", region, retries=False)
            answer = kinesis.put_records(StreamName=self.stream, Records=records)
        told = ["ErrorCode" not in record for record in answer["Records"]]
        if len(told) != len(ticks):
            raise Unreachable(region, f"PutRecords {self.stream}: an answer cut short")
        return told
