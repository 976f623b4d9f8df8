"""The bond between two regions' clusters: it holds no data, so it has no say in what exists, and goes with the first region.

Made around a cluster that exists, in that cluster's region, which is AWS's only way for one that is not new; the other
region's cluster joins it by name. Afterwards each cluster stands alone with all it holds.
"""

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import ref


class GlobalDatabase(TradingStack):
    """The global cluster, made around the source's cluster."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "global-database", "the bond between both regions' database clusters")
        properties = {
            "GlobalClusterIdentifier": self.named("database"),
            "SourceDBClusterIdentifier": self.asks("ClusterArn", "The cluster there is: output of the database stack"),
        }
        self.make("GlobalCluster", "AWS::RDS::GlobalCluster", properties)
        self.tell("GlobalClusterId", ref("GlobalCluster"), "global-database", "What the other region's cluster joins")
