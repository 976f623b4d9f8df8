"""The function that changes the database's password, in each region: whichever region keeps the secret calls its own.

It runs in the network, because it asks the database whether the new password is taken, in the other region too while
the writer is there.
"""

from aws_cdk import App

from landbridge.platforms.constructs.rotation import rotation
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.words import allow, sub

RDS = "arn:${AWS::Partition}:rds:"
CLUSTERS = f"{RDS}*:${{AWS::AccountId}}:cluster:{PREFIX}-database-${{EnvironmentSuffix}}-*"
GLOBAL = f"{RDS}:${{AWS::AccountId}}:global-cluster:{PREFIX}-database-${{EnvironmentSuffix}}"


class Rotation(TradingStack):
    """For clusters: the writer is looked for among both regions'."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "rotation", "changes the database's password")
        statements = [
            allow("FindWriter", ["rds:DescribeGlobalClusters"], sub(GLOBAL)),
            allow("SetPassword", ["rds:DescribeDBClusters", "rds:ModifyDBCluster"], sub(CLUSTERS)),
        ]
        variables = {"CLUSTER": self.named_globally("database"), "GLOBAL_CLUSTER": self.named("database")}
        rotation(self, "rotate_secret", statements, variables)
