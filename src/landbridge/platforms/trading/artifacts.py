"""The bucket a region's functions are deployed from; the code's hash is its key, so nothing in it ever changes."""

from aws_cdk import App

from landbridge.platforms.trading.buckets import bucket
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.emptying import emptier, empties
from landbridge.platforms.words import att, ref


class Artifacts(TradingStack):
    """The bucket, and the function that empties this and every other bucket of the region before it is deleted."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "artifacts", "Trading analytics: the bucket the region's functions are deployed from")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        made = bucket(self, "Bucket", "artifacts", key, [])
        emptier(self)
        empties(self, made, att("EmptierFunction", "Arn"))
        self.tell("BucketName", ref("Bucket"), "artifacts", "Where the code of this region's functions lies")
        self.tell("BucketArn", att("Bucket", "Arn"), "artifacts-arn", "The bucket's ARN")
        self.tell(
            "EmptierArn", att("EmptierFunction", "Arn"), "emptier", "The function that empties a bucket before its deletion"
        )
