"""The region's configuration for its functions, in Parameter Store, so that code need not know where it runs.

What moves during a migration lies beside it and is written by the engine alone: the other side's address and the ingest
address. In a template they would be set back by the next deploy.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, sub

TABLES = ("state", "analytics", "commands", "pens")


class Parameters(TradingStack):
    """/trading-platform/{suffix}/...: tables, keys, buckets and the numbers every writer must agree on."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "parameters", "this region's configuration for its functions")
        for table in TABLES:
            self._keep(f"{table}-table", self.named(table), f"The table of {table}")
        fences = "How many fences guard the writes of a domain; fixed for a platform's life"
        hold = "How long a write waits for a moving pen before it is told to come again"
        asks = self.asks
        self._keep("fences", asks("Fences", fences, type="Number", default=64, min_value=1, max_value=256), fences)
        self._keep("hold-seconds", asks("HoldSeconds", hold, type="Number", default=20, min_value=1, max_value=20), hold)
        bucket = asks("ArtifactBucket", "The bucket the code lies in: output of the artifacts stack")
        self._keep("database-secret", self.named("database"), "Under which name the database's user and password lie")
        self._keep("artifact-bucket", bucket, "Where the code of this region's functions lies")
        key = asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._keep("data-key", key, "The region's key for stored data")
        self.tell("Root", sub("/trading-platform/${EnvironmentSuffix}"), "parameters", "Under which path they lie")

    def _keep(self, name: str, value: Json, what: str) -> None:
        properties = {
            "Name": sub(f"/trading-platform/${{EnvironmentSuffix}}/{name}"),
            "Description": what,
            "Type": "String",
            "Value": value,
        }
        self.make("".join(map(str.title, name.split("-"))) + "Parameter", "AWS::SSM::Parameter", properties)
