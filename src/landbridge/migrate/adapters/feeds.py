"""The market's feeds on AWS: an ingest parameter a side, the words they give, and a policy that takes away their right.

The right is taken by a statement in the live stream's own policy that denies the feeds' principals, and nobody else, to
put: end markers and heartbeats of ours go on. Other statements of that policy stay as they are.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.migrate.adapters.regional import plain
from landbridge.model.confirmation import CONFIRMED, Confirmation
from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region, region

WITHDRAWN = "LandbridgeWithdrawn"
PUT = ["kinesis:PutRecord", "kinesis:PutRecords"]


def ingest_address(clients: Clients, side: Region, parameter: str) -> Region | None:
    """The region this side's ingest address names; None = it has none."""
    with speaking(side, f"GetParameter {parameter}"):
        try:
            told = str(clients.client("ssm", side).get_parameter(Name=parameter)["Parameter"]["Value"])
        except ClientError as error:
            if said(error) == "ParameterNotFound":
                return None
            raise
    try:
        return region(told)
    except ValueError:
        raise Refused(
            side, f"the ingest address in {parameter}", "it names no region: set it to the one the feeds put in"
        ) from None


@dataclass(frozen=True)
class LiveFeeds:
    """`names` must all confirm, and whoever ever did; `producers` are the ARNs that feeds put under."""

    clients: Clients
    regions: Pair[Region]
    parameter: str
    stream: str
    pens: str
    names: tuple[str, ...]
    producers: tuple[str, ...]

    @property
    def takes_at_most(self) -> float:
        """A call is sent once and given up after its timeouts."""
        return self.clients.timeouts.once

    def address(self, side: Region) -> Region | None:
        """As the feeds read it."""
        return ingest_address(self.clients, side, self.parameter)

    def point(self, side: Region, to: Region) -> None:
        """One put of the parameter, tried once: a late repetition would undo what came after."""
        with speaking(side, f"PutParameter {self.parameter}"):
            ssm = self.clients.client("ssm", side, retries=False)
            ssm.put_parameter(Name=self.parameter, Value=to, Type="String", Overwrite=True)

    def forget(self, side: Region) -> None:
        """The parameter deleted, tried once; one that is gone is no error."""
        with speaking(side, f"DeleteParameter {self.parameter}"):
            self.clients.client("ssm", side, retries=False).delete_parameters(Names=[self.parameter])

    def unconfirmed(self, to: Region) -> list[str]:
        """By each feed's newest word, read consistently in both regions; a region that is silent is Unreachable."""
        newest: dict[str, Confirmation] = {}
        for side in self.regions:
            for word in self._words(side):
                newest[word.feed] = max(word, newest.get(word.feed, word), key=lambda each: each.since)
        return sorted(name for name in {*self.names, *newest} if name not in newest or newest[name].region != to)

    def may_put(self, region: Region) -> bool:
        """Whether nothing of ours denies it."""
        return all(statement.get("Sid") != WITHDRAWN for statement in self._policy(region)[1])

    def withdraw(self, region: Region) -> None:
        """One statement more."""
        arn, statements = self._policy(region)
        if all(statement.get("Sid") != WITHDRAWN for statement in statements):
            denied = {
                "Sid": WITHDRAWN,
                "Effect": "Deny",
                "Principal": {"AWS": list(self.producers)},
                "Action": PUT,
                "Resource": arn,
            }
            self._keep(region, arn, [*statements, denied])

    def restore(self, region: Region) -> None:
        """That statement taken out again."""
        arn, statements = self._policy(region)
        others = [statement for statement in statements if statement.get("Sid") != WITHDRAWN]
        if others != statements:
            self._keep(region, arn, others)

    def _words(self, side: Region) -> Iterator[Confirmation]:
        with speaking(side, f"Query {self.pens}"):
            pages = (
                self.clients.client("dynamodb", side)
                .get_paginator("query")
                .paginate(
                    TableName=self.pens,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :pk",
                    ExpressionAttributeValues={":pk": {"S": CONFIRMED}},
                )
            )
            for page in pages:
                yield from (Confirmation.of(plain(item)) for item in page["Items"])

    def _policy(self, region: Region) -> tuple[str, list[dict[str, Any]]]:
        """The stream's ARN, and what its policy says."""
        kinesis = self.clients.client("kinesis", region)
        with speaking(region, f"GetResourcePolicy {self.stream}"):
            arn = str(kinesis.describe_stream_summary(StreamName=self.stream)["StreamDescriptionSummary"]["StreamARN"])
            try:
                told = kinesis.get_resource_policy(ResourceARN=arn)["Policy"]
            except ClientError as error:
                if said(error) != "ResourceNotFoundException":
                    raise
                told = ""
        statements = json.loads(told or "{}").get("Statement", [])
        return arn, statements if isinstance(statements, list) else [statements]

    def _keep(self, region: Region, arn: str, statements: list[dict[str, Any]]) -> None:
        kinesis = self.clients.client("kinesis", region, retries=False)
        with speaking(region, f"PutResourcePolicy {self.stream}"):
            if statements:
                policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
                kinesis.put_resource_policy(ResourceARN=arn, Policy=policy)
            else:
                kinesis.delete_resource_policy(ResourceARN=arn)
