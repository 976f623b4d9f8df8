"""A region's own network: public subnets for the gateways, private ones for everything else, in two zones.

The zones are the first two the account has here; a third is one more letter of ZONES.
"""

from aws_cdk import App

from landbridge.platforms.constructs.flow_logs import flow_logs
from landbridge.platforms.constructs.network import Vpc
from landbridge.platforms.trading.common import TradingStack

ZONES = "AB"


class Network(TradingStack):
    """The VPC with its subnets, gateways, routes and flow logs."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "network", "this region's network in two zones")
        vpc = Vpc(self, ZONES)
        for number, zone in enumerate(ZONES):
            vpc.zone(number, zone)
        flow_logs(self)
        vpc.tell("Public", "Private")
