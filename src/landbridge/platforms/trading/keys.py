"""A region's own two keys: one for what the platform stores, one for its logs.

A log of who asked when is as confidential as the rest, and is read by other people than the data: hence a key of its
own. Each region has its own pair, so that losing or leaving one takes no key from the other.
"""

from aws_cdk import App

from landbridge.platforms.constructs.keys import granted, key, logs_key, plain, published
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.trading.key_uses import uses

DATABASE_LOG = "/aws/rds/cluster/trading-analytics-database-${EnvironmentSuffix}-${AWS::Region}/postgresql"
LOGS = ("/aws/apigateway/", "/aws/kinesis-analytics/", "/aws/lambda/", "/aws/vendedlogs/", "/aws/vpc/", "aws-waf-logs-")
GROUPS = (*(f"{path}{PREFIX}-*-${{EnvironmentSuffix}}" for path in LOGS), DATABASE_LOG)


class Keys(TradingStack):
    """The data key and the logs key, rotated, gone a week after the stack."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "keys", "this region's keys for what is stored and for logs")
        statements = [*granted("dynamodb", "Tables"), *granted("rds", "Databases"), *granted("backup", "Backups")]
        stored = [plain("s3", "Objects"), plain("secretsmanager", "Secrets")]
        told = published("budgets", "cloudwatch", "costalerts")
        key(self, "Data", "data", "Stored data", [*statements, *stored, *told, *uses(self)])
        logs_key(self, "logs", GROUPS)


class JournalKeys(TradingStack):
    """The same two for the journal's region, where nothing of the data is: for the engine's code, notices and logs."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "journal-keys", "the journal region's keys for the engine's code, notices and logs")
        key(self, "Data", "data", "The engine's code and notices", [plain("s3", "Objects"), *published("cloudwatch")])
        logs_key(self, "logs", GROUPS)
