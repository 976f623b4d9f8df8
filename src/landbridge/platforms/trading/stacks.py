"""The stacks of the trading platform in the order they are deployed, and what feeds them."""

from landbridge.platforms.constructs.placed import Placed
from landbridge.platforms.trading.api import Api
from landbridge.platforms.trading.artifacts import Artifacts
from landbridge.platforms.trading.backup import Backup
from landbridge.platforms.trading.board import Board
from landbridge.platforms.trading.catalog import Catalog
from landbridge.platforms.trading.copies import Copies
from landbridge.platforms.trading.cost import Cost
from landbridge.platforms.trading.credentials import Credentials
from landbridge.platforms.trading.database import Database
from landbridge.platforms.trading.edge import Edge
from landbridge.platforms.trading.effects import Effects
from landbridge.platforms.trading.endpoints import Endpoints
from landbridge.platforms.trading.engine_policies import EnginePolicies
from landbridge.platforms.trading.foothold import Foothold
from landbridge.platforms.trading.front import Front
from landbridge.platforms.trading.global_database import GlobalDatabase
from landbridge.platforms.trading.health import Health
from landbridge.platforms.trading.heartbeat import Heartbeat
from landbridge.platforms.trading.history import History
from landbridge.platforms.trading.journal import Journal
from landbridge.platforms.trading.keys import JournalKeys, Keys
from landbridge.platforms.trading.network import Network
from landbridge.platforms.trading.notices import Notices, Relay
from landbridge.platforms.trading.orchestrator import Orchestrator
from landbridge.platforms.trading.parameters import Parameters
from landbridge.platforms.trading.peering import Crossing, Peering
from landbridge.platforms.trading.pens import Pens
from landbridge.platforms.trading.pipeline import Pipeline
from landbridge.platforms.trading.replicator import Replicator
from landbridge.platforms.trading.rotation import Rotation
from landbridge.platforms.trading.shipping import Logs, Shipping
from landbridge.platforms.trading.signals import Signals
from landbridge.platforms.trading.stacksets import StackSets
from landbridge.platforms.trading.streams import Streams
from landbridge.platforms.trading.switch import Switch
from landbridge.platforms.trading.tables import Tables
from landbridge.platforms.trading.tracker import Tracker
from landbridge.platforms.trading.transform import Transform
from landbridge.platforms.trading.vaults import Vaults
from landbridge.platforms.trading.watch import Watch

PLATFORM = "trading"


DATA_KEY, LOGS_KEY = {"DataKeyArn": "keys.DataKeyArn"}, {"LogsKeyArn": "keys.LogsKeyArn"}
PRIVATE_ROUTES = {f"Private{zone}RouteTableId": f"network.Private{zone}RouteTableId" for zone in "AB"}
GROUPS = {name: f"endpoints.{name}" for name in ("FunctionGroupId", "DatabaseGroupId")}
VPC = {"VpcId": "network.VpcId"}
INSIDE = {**VPC, "VpcCidr": "network.NetworkCidr", "PrivateSubnetIds": "network.PrivateSubnetIds", **PRIVATE_ROUTES}
ACROSS = {"PeeringConnectionId": "peering.PeeringConnectionId@target", "PeerCidr": "network.NetworkCidr@other"}
SWITCH = {"EmptierArn": "artifacts.EmptierArn", "AccessLogsBy": "api.AccessLogsBy"}
SIDES = ("source", "target")
EMPTIED = {**DATA_KEY, "EmptierArn": "artifacts.EmptierArn"}
PEER_KEY = {"PeerDataKeyArn": "keys.DataKeyArn@other"}
CODE = {"ArtifactBucketArn": "artifacts.BucketArn"}
ASKED = {**DATA_KEY, "HistoryBucket": "history.HistoryBucket", "ReportsBucket": "history.ReportsBucket"}
DAILY = {
    **DATA_KEY,
    **LOGS_KEY,
    **{f"{bucket}BucketArn": f"history.{bucket}BucketArn" for bucket in ("History", "Reports")},
    **{name: f"catalog.{name}" for name in ("DatabaseName", "PipelineWorkgroup")},
}
READ = {f"{name}StreamArn": f"streams.{name}StreamArn" for name in ("Live", "Mirror")}
BUCKETS = {"HistoryBucket": "history.HistoryBucket", "SetAsideBucket": "streams.SetAsideBucket"}
PROCESSED = {**DATA_KEY, **LOGS_KEY, **READ, **BUCKETS, "ArtifactBucket": "artifacts.BucketName"}
SUBNETS = {"PrivateSubnetIds": "network.PrivateSubnetIds"}
INSIDE_FUNCTION = {**SUBNETS, "FunctionGroupId": "endpoints.FunctionGroupId", "ArtifactBucket": "artifacts.BucketName"}
JOINED = {"GlobalClusterId": "global-database.GlobalClusterId@other"}
SECRET = {"SecretArn": "credentials.SecretArn", "RotationFunctionArn": "rotation.FunctionArn"}
CLUSTER = {**DATA_KEY, **LOGS_KEY, **SUBNETS, "DatabaseGroupId": "endpoints.DatabaseGroupId", **SECRET, **JOINED}
VAULT = {name: f"vaults.{name}" for name in ("VaultName", "VaultArn", "RoleArn")}
KEPT = {**DATA_KEY, **VAULT, "CopyVaultArn": "vaults.VaultArn@other", "SubnetGroup": "database.SubnetGroup"}
ALERTS = {"AlertsTopicArn": "notices.AlertsTopicArn"}
WATCHED = {
    **ALERTS,
    "ErrorAlarmName": "health.ErrorAlarmName",
    "DatabaseCluster": "database.ClusterName",
    "TransformFunction": "transform.TransformFunctionName",
}
BEATEN = {
    **DATA_KEY,
    **LOGS_KEY,
    "ArtifactBucket": "artifacts.BucketName",
    "HistoryBucket": "history.HistoryBucket",
    "LiveStreamName": "streams.LiveStreamName",
}
SERVING = {"ServingAlarmName": "watch.ServingAlarmName"}
COPIED = {
    **DATA_KEY,
    **LOGS_KEY,
    **PEER_KEY,
    **ALERTS,
    "ArtifactBucket": "artifacts.BucketName",
    "LiveStreamArn": "streams.LiveStreamArn",
    "SetAsideBucket": "streams.SetAsideBucket",
    **{f"MirrorStream{what}": f"streams.MirrorStream{what}@other" for what in ("Name", "Arn")},
}
DATA_KEY_THERE, LOGS_KEY_THERE = {"DataKeyArn": "journal-keys.DataKeyArn"}, {"LogsKeyArn": "journal-keys.LogsKeyArn"}
TOLD = {"InboxArn": "notices.InboxArn@target"}
CODE_THERE = {"ArtifactBucket": "foothold.BucketName"}
LEADS = {**DATA_KEY_THERE, **LOGS_KEY_THERE, **CODE_THERE, "AlertsTopicArn": "foothold.AlertsTopicArn"}
LEADS["EnginePolicyArns"] = "engine-policies.PolicyArns"
WAKES = {"OrchestratorBusArn": "orchestrator.BusArn@journal"}
SENT = {name: f"api.{name}" for name in ("ApiLogName", "ReadFunctionName", "WriteFunctionName")}
SENT["SwitchLogName"] = "switch.SwitchLogName"
INBOX = {"PeerInboxArn": "notices.InboxArn@other", "UndeliveredArn": "notices.UndeliveredArn"}

STACKS = (
    Placed("keys", Keys, "both"),
    Placed("network", Network, "both", LOGS_KEY),
    Placed("endpoints", Endpoints, "both", INSIDE),
    Placed("peering", Peering, "target", {**VPC, "PeerVpcId": "network.VpcId@other"}, link=True),
    Placed("crossing", Crossing, "both", {**ACROSS, **PRIVATE_ROUTES, **GROUPS}, link=True),
    Placed("artifacts", Artifacts, "both", {**DATA_KEY, **LOGS_KEY}),
    Placed("tables", Tables, "source", DATA_KEY),
    Placed("pens", Pens, "both", DATA_KEY),
    Placed("streams", Streams, "both", EMPTIED),
    Placed("signals", Signals, "both", {**DATA_KEY, **LOGS_KEY, **CODE}),
    Placed("history", History, "both", {**EMPTIED, **PEER_KEY}),
    Placed("catalog", Catalog, "both", ASKED),
    Placed("pipeline", Pipeline, "both", DAILY),
    Placed("transform", Transform, "both", PROCESSED, rehearsed=False),
    Placed("rotation", Rotation, "both", {**LOGS_KEY, **INSIDE_FUNCTION}, rehearsed=False),
    Placed("credentials", Credentials, "source", DATA_KEY),
    Placed("database", Database, "both", CLUSTER, rehearsed=False),
    Placed("global-database", GlobalDatabase, "source", {"ClusterArn": "database.ClusterArn"}, link=True, rehearsed=False),
    Placed("vaults", Vaults, "both", {**DATA_KEY, "EmptierArn": "artifacts.EmptierArn"}),
    Placed("backup", Backup, "both", KEPT, rehearsed=False),
    Placed("effects", Effects, "both", {**LOGS_KEY, **INSIDE_FUNCTION}, rehearsed=False),
    Placed("api", Api, "both", {"ArtifactBucket": "artifacts.BucketName", **LOGS_KEY}),
    Placed("parameters", Parameters, "both", {**DATA_KEY, "ArtifactBucket": "artifacts.BucketName"}),
    Placed("switch", Switch, "both", {**DATA_KEY, **LOGS_KEY, **SWITCH}),
    Placed("logs", Logs, "target", {**DATA_KEY, "EmptierArn": "artifacts.EmptierArn"}),
    Placed("shipping", Shipping, "both", {**DATA_KEY, **LOGS_KEY, "HomeBucketArn": "logs.BucketArn@target", **SENT}),
    Placed("notices", Notices, "both", DATA_KEY),
    Placed("relay", Relay, "both", {**INBOX, **ALERTS, "StatusTopicArn": "notices.StatusTopicArn"}, link=True, rehearsed=False),
    Placed("replicator", Replicator, "both", COPIED, link=True, rehearsed=False),
    Placed("health", Health, "both", {"ApiHost": "api.ApiHost", "PeerSwitchHost": "switch.SwitchHost@other"}),
    Placed("front", Front, "both", {**LOGS_KEY, "ApiId": "api.ApiId"}),
    Placed("watch", Watch, "both", WATCHED, rehearsed=False),
    Placed("copies", Copies, "both", {**ALERTS, **SERVING, **WAKES}, link=True, rehearsed=False),
    Placed("heartbeat", Heartbeat, "both", {**ALERTS, **BEATEN}, link=True, rehearsed=False),
    Placed("cost", Cost, "target", ALERTS, rehearsed=False),
    Placed("board", Board, "target"),
    Placed("edge", Edge, "global", {f"{side.title()}ApiHost": f"api.ApiHost@{side}" for side in SIDES}),
    Placed("tracker", Tracker, "both", {**DATA_KEY, **LOGS_KEY, "ArtifactBucket": "artifacts.BucketName"}),
    Placed("stacksets", StackSets, "target"),
    Placed("journal", Journal, "journal"),
    Placed("journal-keys", JournalKeys, "journal", rehearsed=False),
    Placed("foothold", Foothold, "journal", {**DATA_KEY_THERE, **LOGS_KEY_THERE, **TOLD}, rehearsed=False),
    Placed("engine-policies", EnginePolicies, "journal", rehearsed=False),
    Placed("orchestrator", Orchestrator, "journal", LEADS, rehearsed=False),
)
