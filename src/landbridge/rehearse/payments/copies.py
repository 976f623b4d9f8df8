"""What each region that stands has of payments, sessions and uploads, for what is kept of customers to be held against."""

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from landbridge.aws.clients import speaking
from landbridge.model.region import Region
from landbridge.rehearse.payments.payment_book import Row
from landbridge.rehearse.payments.stage import Stage

ROWS = """
    SELECT p.payment, p.customer, p.amount, p.currency, p.state,
           array(SELECT e.kind FROM payments.event e WHERE e.payment = p.payment AND e.took IS NOT NULL ORDER BY e.took) AS took
    FROM payments.payment p"""
QUEUES = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@dataclass(frozen=True)
class Copies:
    """Read as their owner would read them: by the stacks' outputs, the secret and the tables."""

    stage: Stage

    def payments(self) -> dict[Region, list[Row]]:
        """Every payment of each region's own database."""
        return {region: self._rows(region) for region in self.stage.standing()}

    def _rows(self, region: Region) -> list[Row]:
        known = self._secret()
        host, _, port = self.stage.migration.told("database", "DatabaseHost", region).rpartition(":")
        told = make_conninfo(host=host, port=port, user=known["username"], password=known["password"], dbname="payments")
        with psycopg.connect(told, connect_timeout=5, row_factory=dict_row) as connection:
            return [Row.of(row) for row in connection.execute(ROWS)]

    def _secret(self) -> dict[str, str]:
        source = self.stage.regions.source
        with speaking(source, "GetSecretValue"):
            secrets = self.stage.migration.clients.client("secretsmanager", source)
            told = secrets.get_secret_value(SecretId=self.stage.migration.named("database"))
        known: dict[str, str] = json.loads(told["SecretString"])
        return known

    def sessions(self) -> dict[Region, dict[str, str]]:
        """Whose each session is."""
        return {region: self._sessions(region) for region in self.stage.standing()}

    def _sessions(self, region: Region) -> dict[str, str]:
        found: dict[str, str] = {}
        pages = self.stage.migration.clients.client("dynamodb", region).get_paginator("scan")
        with speaking(region, "Scan sessions"):
            for page in pages.paginate(TableName=self.stage.migration.named("sessions"), ConsistentRead=True):
                found |= {item["session"]["S"]: item["customer"]["S"] for item in page["Items"] if "customer" in item}
        return found

    def uploads(self) -> dict[Region, dict[str, int]]:
        """Each bucket's files with their sizes."""
        return {region: self._uploads(region) for region in self.stage.standing()}

    def _uploads(self, region: Region) -> dict[str, int]:
        bucket = self.stage.migration.told("uploads", "UploadsBucket", region)
        pages = self.stage.migration.clients.client("s3", region).get_paginator("list_objects_v2")
        with speaking(region, f"listing {bucket}"):
            found = [each for page in pages.paginate(Bucket=bucket) for each in page.get("Contents", ())]
        return {str(each["Key"]): int(each["Size"]) for each in found}

    def waiting(self) -> int:
        """How many events lie in queues or are with a function."""
        return sum(self._messages(region, "events") for region in self.stage.standing())

    def aside(self) -> tuple[str, ...]:
        """What functions gave up, by region."""
        lying = ((region, self._messages(region, "set-aside")) for region in self.stage.standing())
        return tuple(f"{count} events were set aside in {region}" for region, count in lying if count)

    def _messages(self, region: Region, kind: str) -> int:
        sqs: Any = self.stage.migration.clients.client("sqs", region)
        with speaking(region, f"looking at the queue {kind}"):
            url = sqs.get_queue_url(QueueName=self.stage.migration.named(kind))["QueueUrl"]
            told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(QUEUES))["Attributes"]
        return sum(int(told[name]) for name in QUEUES)
