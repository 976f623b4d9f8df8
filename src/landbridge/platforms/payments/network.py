"""A region's own network in three zones: public subnets, private ones with a way out, isolated ones with none."""

from constructs import Construct

from landbridge.platforms.constructs.flow_logs import flow_logs
from landbridge.platforms.constructs.network import Vpc
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import ref

ZONES = "ABC"
ISOLATED_FROM = 12  # the last quarter of the network's sixteen blocks


class Network(PaymentsStack):
    """The VPC with its subnets, gateways, routes and flow logs."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "network", "this region's network in three zones")
        vpc = Vpc(self, ZONES)
        vpc.table("Isolated", "isolated")
        for number, zone in enumerate(ZONES):
            vpc.zone(number, zone)
            vpc.subnet(f"Isolated{zone}", f"isolated-{zone.lower()}", number, ISOLATED_FROM + number, "Isolated")
        flow_logs(self)
        vpc.tell("Public", "Private", "Isolated")
        routes = "Where isolated subnets send their packets: this network, and the other region's"
        self.tell("IsolatedRouteTableId", ref("IsolatedRouteTable"), "isolated-routes", routes)
