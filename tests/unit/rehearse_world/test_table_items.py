"""A replica is made like its original."""

from typing import Any

from landbridge.rehearse.fabric.table_items import definition

KEYS = [{"AttributeName": "user", "KeyType": "HASH"}]
INDEX = {"IndexName": "by-view", "KeySchema": KEYS, "Projection": {"ProjectionType": "ALL"}, "IndexArn": "arn", "ItemCount": 3}
DESCRIBED: dict[str, Any] = {
    "TableName": "t",
    "KeySchema": KEYS,
    "AttributeDefinitions": [{"AttributeName": "user", "AttributeType": "S"}],
    "ItemCount": 7,
    "GlobalSecondaryIndexes": [{**INDEX, "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}}],
}


def test_an_on_demand_table_keeps_keys_and_indexes_and_gets_a_stream() -> None:
    """Only what CreateTable takes is handed on."""
    made = definition({**DESCRIBED, "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}})
    assert made["BillingMode"] == "PAY_PER_REQUEST"
    assert made["GlobalSecondaryIndexes"] == [{name: INDEX[name] for name in ("IndexName", "KeySchema", "Projection")}]
    assert made["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert "ProvisionedThroughput" not in made
    assert "ItemCount" not in made


def test_a_provisioned_table_keeps_its_throughput() -> None:
    """The table's own and its indexes'."""
    throughput = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6, "NumberOfDecreasesToday": 0}
    made = definition({**DESCRIBED, "ProvisionedThroughput": throughput})
    assert made["ProvisionedThroughput"] == {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}
    assert made["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"] == {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
