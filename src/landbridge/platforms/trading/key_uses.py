"""What AWS's own services may do with the data key: each for the one resource of ours it works for, and no other.

Roles need no word here: the account's statement lets their own policies decide.
"""

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, ref, sub

FLINK = "kinesisanalytics.amazonaws.com"
FLINK_INSIDE = "infrastructure.kinesisanalytics.amazonaws.com"


def uses(stack: TradingStack) -> list[Json]:
    """Inventories of history, the state of the signals' application, and logs of the pipeline on their way."""
    history = sub("arn:${AWS::Partition}:s3:::trading-analytics-history-${EnvironmentSuffix}-${AWS::Region}")
    inventory = _for("Inventory", "s3.amazonaws.com", ["kms:GenerateDataKey"], {"ArnLike": {"aws:SourceArn": history}})
    inventory["Condition"]["StringEquals"] = {"aws:SourceAccount": ref("AWS::AccountId")}
    delivered = {"StringEquals": {"kms:EncryptionContext:SourceArn": stack.arn("logs", "*")}}
    return [inventory, _for("Deliveries", "delivery.logs.amazonaws.com", ["kms:Decrypt"], delivered), *_signals(stack)]


def _signals(stack: TradingStack) -> list[Json]:
    """As Managed Flink's own page has it: durable state by the service, running state by grants of its machines."""
    arn = stack.arn("kinesisanalytics", "application/trading-analytics-signals-${EnvironmentSuffix}")
    asked = {"aws:SourceArn": arn, "aws:SourceAccount": ref("AWS::AccountId")}
    of_it = {"kms:EncryptionContext:aws:kinesisanalytics:arn": arn}
    running = ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"]
    granted = {
        "StringEquals": {**of_it, "kms:GrantConstraintType": "EncryptionContextSubset"},
        "ForAllValues:StringEquals": {"kms:GrantOperations": "Decrypt"},
    }
    return [
        _for("SignalsLook", [FLINK, FLINK_INSIDE], ["kms:DescribeKey"], {"StringEquals": asked}),
        _for("SignalsWrite", FLINK, ["kms:GenerateDataKey"], {"StringEquals": {**asked, **of_it}}),
        _for("SignalsRead", FLINK, ["kms:Decrypt"], {"StringEquals": of_it}),
        _for("SignalsRun", FLINK_INSIDE, running, {"StringEquals": of_it}),
        _for("SignalsGrant", FLINK_INSIDE, ["kms:CreateGrant"], granted),
    ]


def _for(sid: str, service: Json, actions: list[str], condition: Json) -> Json:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": actions,
        "Resource": "*",
        "Condition": condition,
    }
