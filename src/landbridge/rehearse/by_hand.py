"""The source's tables as somebody made them who used no stack: what adoption takes over, with everything in it."""

from collections.abc import Mapping
from typing import Any

from landbridge.aws.clients import speaking
from landbridge.deploy import handover
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.stops import BOTH_IMAGES
from landbridge.model.region import Region

STACK = "tables"  # whose data the emulator can import; that of the other stacks is made by them
LIKE = ("AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes")  # as the platform's functions need them


def make_tables(deployer: Deployer, region: Region) -> None:
    """Under the names our templates give, with a stream of both images and backups to any point in time."""
    stack, dynamodb = deployer.stack(STACK), deployer.clients.client("dynamodb", region)
    for logical, _, name in handover.data(stack, deployer.given(region), region):
        with speaking(region, f"making {name}"):
            dynamodb.create_table(TableName=name, **_like(stack.template["Resources"][logical]["Properties"]))
            restorable = {"PointInTimeRecoveryEnabled": True}
            dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=restorable)


def _like(properties: Mapping[str, Any]) -> dict[str, Any]:
    stream = {"StreamEnabled": True, "StreamViewType": BOTH_IMAGES}
    return {**{name: properties[name] for name in LIKE if name in properties}, "StreamSpecification": stream}
