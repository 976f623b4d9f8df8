"""A table as every one of ours is: keys by their kinds, and copies that can be restored to any second."""

from landbridge.platforms.constructs.tagging import tags
from landbridge.platforms.words import Json


def schema(keys: dict[str, str]) -> list[Json]:
    """Partition key, then sort key where there is one."""
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, ("HASH", "RANGE"), strict=False)]


def replica(region: Json, key: Json = None) -> Json:
    """A copy in a region: restorable, tagged, and encrypted by a key of that region where one is named."""
    own = {"SSESpecification": {"KMSMasterKeyId": key}} if key else {}
    return {
        "Region": region,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        **own,
        "Tags": tags(region),
    }
