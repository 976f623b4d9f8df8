"""The region's own key for logs: a log of who asked when is as confidential as the rest."""

from typing import Any

from aws_cdk import Fn
from aws_cdk import aws_kms as kms

from landbridge.platforms.trading.common import TradingStack


def logs_key(stack: TradingStack) -> kms.CfnKey:
    """A rotated key CloudWatch Logs may use for this platform's log groups, and for nothing else."""
    return kms.CfnKey(
        stack,
        "LogsKey",
        description=Fn.sub("Logs of trading-analytics ${EnvironmentSuffix}"),
        enable_key_rotation=True,
        pending_window_in_days=7,
        key_policy={"Version": "2012-10-17", "Statement": [_account(), _logs(stack)]},
    )


def _account() -> dict[str, Any]:
    root = Fn.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")
    return {"Sid": "Account", "Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}


def _logs(stack: TradingStack) -> dict[str, Any]:
    groups = [
        stack.arn("logs", "log-group:/aws/lambda/trading-analytics-*-${EnvironmentSuffix}"),
        stack.arn("logs", "log-group:/aws/apigateway/trading-analytics-*-${EnvironmentSuffix}"),
    ]
    return {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": Fn.sub("logs.${AWS::Region}.amazonaws.com")},
        "Action": [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    }
