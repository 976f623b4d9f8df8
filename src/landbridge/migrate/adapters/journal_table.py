"""The chain in a DynamoDB table: partition `chain`, sort `number`, one conditional put a record."""

from dataclasses import dataclass

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.migrate.record import Record
from landbridge.model.region import Region


@dataclass(frozen=True)
class JournalTable:
    """One platform's chain."""

    clients: Clients
    region: Region
    table: str
    chain: str

    def after(self, number: int) -> list[Record]:
        """Every record above this number, in order, by a strongly consistent read."""
        return [Record.of(body) for body in self.bodies(number)]

    def bodies(self, number: int) -> list[str]:
        """What is kept under every number above this one, in order."""
        pages = self.clients.client("dynamodb", self.region).get_paginator("query")
        with speaking(self.region, f"Query {self.table}"):
            return [
                str(item["body"]["S"])
                for page in pages.paginate(
                    TableName=self.table,
                    ConsistentRead=True,
                    KeyConditionExpression="#c = :c AND #n > :n",
                    ExpressionAttributeNames={"#c": "chain", "#n": "number"},
                    ExpressionAttributeValues={":c": {"S": self.chain}, ":n": {"N": str(number)}},
                )
                for item in page["Items"]
            ]

    def newest(self, count: int) -> list[Record]:
        """The newest so many records, newest first, by a strongly consistent read."""
        with speaking(self.region, f"Query {self.table}"):
            page = self.clients.client("dynamodb", self.region).query(
                TableName=self.table,
                ConsistentRead=True,
                ScanIndexForward=False,
                Limit=count,
                KeyConditionExpression="#c = :c",
                ExpressionAttributeNames={"#c": "chain"},
                ExpressionAttributeValues={":c": {"S": self.chain}},
            )
        return [Record.of(item["body"]["S"]) for item in page["Items"]]

    def put(self, record: Record) -> bool:
        """Write the record if its number is free; False when it is taken."""
        return self.keep(record.number, record.body())

    def keep(self, number: int, body: str) -> bool:
        """Keep something under a number that is free; False when it is taken."""
        item = {"chain": {"S": self.chain}, "number": {"N": str(number)}, "body": {"S": body}}
        with speaking(self.region, f"PutItem {self.table}"):
            try:
                self.clients.client("dynamodb", self.region, retries=False).put_item(
                    TableName=self.table,
                    Item=item,
                    ConditionExpression="attribute_not_exists(#n)",
                    ExpressionAttributeNames={"#n": "number"},
                )
            except ClientError as error:
                if said(error) == "ConditionalCheckFailedException":
                    return False
                raise
        return True
