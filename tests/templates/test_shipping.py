"""The logs of both regions come together, and what is subscribed stands before."""

from collections.abc import Mapping
from typing import Any

from tests.templates.conftest import COMMITTED
from tests.templates.walk import resources

from landbridge.deploy.manifest import Feed, Manifest, Where

Templates = Mapping[str, Mapping[str, Any]]


def _text(value: Mapping[str, str]) -> str:
    return value["Fn::Sub"]


def _as_told(text: str, templates: Templates) -> str:
    """A text of the shipping stack with what it is told by others, so that it is deployed after them."""
    for parameter, feed in Manifest.read(COMMITTED).stack("shipping").feeds.items():
        if f"${{{parameter}}}" in text:
            told = templates[feed.stack]
            named = told["Resources"][told["Outputs"][feed.output]["Value"]["Ref"]]["Properties"]
            text = text.replace(f"${{{parameter}}}", _text(named.get("LogGroupName") or named["FunctionName"]))
    return text


def test_tr_5_2_the_logs_of_both_regions_come_together_in_the_one_that_stays(templates: Templates) -> None:
    """Every log of the API and its functions, by one stream a region, into the one bucket."""
    of_users = {stack: templates[stack] for stack in ("api", "switch")}
    written = {_text(each["Properties"]["LogGroupName"]) for _, each in resources(of_users, "AWS::Logs::LogGroup")}
    sent = [each["Properties"] for _, each in resources({"shipping": templates["shipping"]}, "AWS::Logs::SubscriptionFilter")]
    assert {_as_told(_text(each["LogGroupName"]), templates) for each in sent} == written
    assert not [each for each in sent if "EnvironmentSuffix" in _text(each["LogGroupName"])]  # told, so it stands before
    assert {each["FilterPattern"] for each in sent} == {""}
    stream = templates["shipping"]["Resources"]["Stream"]["Properties"]
    assert stream["DeliveryStreamEncryptionConfigurationInput"]["KeyType"] == "CUSTOMER_MANAGED_CMK"
    assert stream["ExtendedS3DestinationConfiguration"]["BucketARN"] == {"Ref": "HomeBucketArn"}
    assert Manifest.read(COMMITTED).stack("shipping").feeds["HomeBucketArn"] == Feed("logs", "BucketArn", Where.TARGET)
