"""The bucket a region's functions are deployed from; the code's hash is its key, so nothing in it ever changes."""

from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.emptying import emptier, empties
from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, att, ref

SAYS = "the bucket the region's functions are deployed from"


def artifacts(stack: PlatformStack, buckets: tuple[str, ...], *besides: Json) -> None:
    """The bucket, and the function that empties it and the region's other buckets of these kinds before they are deleted."""
    key = stack.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
    made = bucket(stack, "Bucket", "artifacts", key, [])
    emptier(stack, buckets, *besides)
    empties(stack, made, att("EmptierFunction", "Arn"))
    stack.tell("BucketName", ref("Bucket"), "artifacts", "Where the code of this region's functions lies")
    stack.tell("BucketArn", att("Bucket", "Arn"), "artifacts-arn", "The bucket's ARN")
    empties_all = "The function that empties a bucket before its deletion"
    stack.tell("EmptierArn", att("EmptierFunction", "Arn"), "emptier", empties_all)
