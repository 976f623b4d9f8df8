"""The stacks of the payments platform in the order they are deployed, and what feeds them.

The source is the region the platform was born in and stays; the target is a region it grows into.
"""

from landbridge.platforms.constructs.placed import Placed
from landbridge.platforms.payments.acls import Acls
from landbridge.platforms.payments.alarms import Alarms
from landbridge.platforms.payments.artifacts import Artifacts
from landbridge.platforms.payments.balancer import Balancer
from landbridge.platforms.payments.credentials import Credentials
from landbridge.platforms.payments.database import Database
from landbridge.platforms.payments.endpoints import Endpoints
from landbridge.platforms.payments.events import Events
from landbridge.platforms.payments.firewall import Firewall
from landbridge.platforms.payments.images import Images
from landbridge.platforms.payments.journal import Journal
from landbridge.platforms.payments.keys import Keys
from landbridge.platforms.payments.network import ZONES, Network
from landbridge.platforms.payments.notices import Notices
from landbridge.platforms.payments.parameters import Parameters
from landbridge.platforms.payments.peering import Crossing, Peering
from landbridge.platforms.payments.rotation import Rotation
from landbridge.platforms.payments.service import Service
from landbridge.platforms.payments.sessions import Sessions
from landbridge.platforms.payments.uploads import Uploads

PLATFORM = "payments"
Feeds = dict[str, str]


def _same(stack: str, *outputs: str) -> Feeds:
    """Outputs that are called as the parameters they feed."""
    return {name: f"{stack}.{name}" for name in outputs}


DATA_KEY, LOGS_KEY = _same("keys", "DataKeyArn"), _same("keys", "LogsKeyArn")
VPC = _same("network", "VpcId")
CIDR = {"VpcCidr": "network.NetworkCidr"}
PRIVATE = _same("network", "PrivateSubnetIds")
ROUTES = _same("network", *(f"Private{zone}RouteTableId" for zone in ZONES))
EMPTIED = _same("artifacts", "EmptierArn")
CODE = {**LOGS_KEY, "ArtifactBucket": "artifacts.BucketName"}
ACROSS = {"PeeringConnectionId": "peering.PeeringConnectionId@target", "PeerCidr": "network.NetworkCidr@other"}
FENCED = {**_same("network", "IsolatedRouteTableId"), **_same("acls", "IsolatedAclId")}
GROUPS = _same("endpoints", "ServiceGroupId", "FunctionGroupId", "DatabaseGroupId")
SUBNETS = _same("network", "PublicSubnetIds", "PrivateSubnetIds", "IsolatedSubnetIds")
STORED = {**_same("keys", "DatabaseKeyArn", "LogsKeyArn"), **_same("network", "IsolatedSubnetIds")}
SECRET = {**_same("credentials", "SecretArn"), "RotationFunctionArn": "rotation.FunctionArn"}
OWNED = {**_same("endpoints", "DatabaseGroupId"), **SECRET}
FRONT = {**VPC, **_same("network", "PublicSubnetIds"), **_same("endpoints", "BalancerGroupId"), **EMPTIED}
TOLD = {"WriterHost": "database.DatabaseHost@source", "ReaderHost": "database.DatabaseHost"}
IMAGE = _same("images", "RepositoryArn", "RepositoryUri")
USED = {**_same("uploads", "UploadsBucketArn"), **_same("events", "QueueArn", "QueueUrl"), **_same("balancer", "TargetsArn")}
RUN = {**DATA_KEY, **TOLD, **LOGS_KEY, **IMAGE, **USED, **VPC, **PRIVATE, **_same("endpoints", "ServiceGroupId")}
WATCHED = {**_same("database", "DatabaseName", "DatabaseRole"), **_same("balancer", "BalancerName", "TargetsName")}

STACKS = (
    Placed("journal", Journal, "journal"),
    Placed("keys", Keys, "both"),
    Placed("network", Network, "both", LOGS_KEY),
    Placed("acls", Acls, "both", {**VPC, **CIDR, **SUBNETS}),
    Placed("endpoints", Endpoints, "both", {**VPC, **CIDR, **PRIVATE, **ROUTES}),
    Placed("peering", Peering, "target", {**VPC, "PeerVpcId": "network.VpcId@other"}, link=True),
    Placed("crossing", Crossing, "both", {**ACROSS, **ROUTES, **FENCED, **GROUPS}, link=True),
    Placed("artifacts", Artifacts, "both", {**DATA_KEY, **LOGS_KEY}),
    Placed("images", Images, "both", DATA_KEY),
    Placed("notices", Notices, "both", DATA_KEY),
    Placed("credentials", Credentials, "source", DATA_KEY),
    Placed("rotation", Rotation, "source", {**CODE, **PRIVATE, **_same("endpoints", "FunctionGroupId")}),
    Placed("database", Database, "both", {**STORED, **OWNED}, first="source"),
    Placed("sessions", Sessions, "source", DATA_KEY),
    Placed("uploads", Uploads, "both", {**DATA_KEY, **EMPTIED, "PeerDataKeyArn": "keys.DataKeyArn@other"}),
    Placed("balancer", Balancer, "both", FRONT),
    Placed("firewall", Firewall, "both", {**LOGS_KEY, **_same("balancer", "BalancerArn")}),
    Placed("events", Events, "both", {**DATA_KEY, **TOLD, **CODE, **PRIVATE, **_same("endpoints", "FunctionGroupId")}),
    Placed("parameters", Parameters, "both", TOLD),
    Placed("service", Service, "both", RUN),
    Placed("alarms", Alarms, "both", {"AlertsTopicArn": "notices.AlertsTopicArn", **WATCHED}),
)
