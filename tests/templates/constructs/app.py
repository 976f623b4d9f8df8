"""A platform that is neither of ours, made of the same constructs; a program of its own, so that CDK's Node ends."""

import sys
from typing import ClassVar

from landbridge import platforms as _named_node  # noqa: F401 - names CDK's Node before CDK is imported

from constructs import Construct  # isort: skip

from landbridge.platforms.constructs import Naming, Placed, PlatformStack
from landbridge.platforms.constructs.alarms import Metric, Rings, alarm, asks_for_topic
from landbridge.platforms.constructs.artifacts import artifacts
from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.copying import COPIED, asks_where, copies, copy_role
from landbridge.platforms.constructs.credentials import credentials
from landbridge.platforms.constructs.firewall import firewall
from landbridge.platforms.constructs.flow_logs import flow_logs
from landbridge.platforms.constructs.functions import Code, Made, function
from landbridge.platforms.constructs.groups import HTTPS, endpoint, group, rule
from landbridge.platforms.constructs.journal import journal
from landbridge.platforms.constructs.keys import key, logs_key, plain, published
from landbridge.platforms.constructs.network import Vpc
from landbridge.platforms.constructs.peering import connection, routes
from landbridge.platforms.constructs.placed import app
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.constructs.rotation import rotation
from landbridge.platforms.constructs.tables import replica, schema
from landbridge.platforms.constructs.topics import from_alarms, topic
from landbridge.platforms.words import allow, att, only_if, ref

from aws_cdk import CfnCondition, Fn  # isort: skip

ZONES = "AB"


class Shop(PlatformStack):
    """A stack of a shop."""

    names: ClassVar[Naming] = Naming("Shop", "shop", "shop-", "-${EnvironmentSuffix}")


class Keys(Shop):
    """Two keys."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "keys", "keys")
        key(self, "Data", "data", "Stored data", [plain("s3", "Objects"), *published("cloudwatch")])
        logs_key(self, "logs", ("/aws/lambda/shop-*",))


class Network(Shop):
    """Two zones, a closed group and an endpoint."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "network", "network")
        vpc = Vpc(self, ZONES)
        for number, zone in enumerate(ZONES):
            vpc.zone(number, zone)
        flow_logs(self)
        vpc.tell("Private")
        group(self, "Closed", "closed", ref("Vpc"), "Nothing", let_in=[rule(HTTPS, "10.0.0.0/16", "From within")], let_out=[])
        endpoint(self, "Sqs", "sqs", ref("Vpc"), {"VpcEndpointType": "Interface"})


class Joined(Shop):
    """The connection and this side's routes."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "joined", "joined")
        connection(self)


class Crossing(Shop):
    """Routes over it."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "crossing", "crossing", tagged=False)
        self.tell("ReachedCidr", routes(self, ZONES), "peer-cidr", "What is reached")


class Stores(Shop):
    """Code, a bucket copied one way, a table, a secret."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "stores", "stores")
        artifacts(self, ("artifacts", "orders"))
        CfnCondition(self, COPIED, expression=Fn.condition_equals(asks_where(self, "orders"), "on"))
        copied = {"ReplicationConfiguration": only_if(COPIED, copies(self, "orders", both_ways=False))}
        bucket(self, "Orders", "orders", ref("DataKeyArn"), [], besides=copied)
        copy_role(self, "orders")
        table = {
            "TableName": self.named("carts"),
            "AttributeDefinitions": [{"AttributeName": "cart", "AttributeType": "S"}],
            "KeySchema": schema({"cart": "S"}),
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
            "Replicas": [replica(ref("AWS::Region"), ref("DataKeyArn"))],
        }
        self.make("Carts", "AWS::DynamoDB::GlobalTable", table)


class Chain(Shop):
    """A journal."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "chain", "chain")
        journal(self, "eu-central-1", "eu-west-3")


class Secrets(Shop):
    """A user and password, and what changes it."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "secrets", "secrets")
        credentials(self, "shop", "shop")
        may = allow("SetPassword", ["rds:ModifyDBInstance"], self.arn("rds", f"db:{self.text('database')}"))
        rotation(self, "rotate_instance", [may], {"INSTANCE": self.named("database")})


class Work(Shop):
    """A function behind a firewall, watched."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "work", "work")
        code = Code.of(self)
        made = Made("Order", "order", "shop.order.handler", "Takes orders", timeout=5)
        function(self, code, made, [], {"CARTS": self.named("carts")}, ReservedConcurrentExecutions=3)
        asks_for_topic(self)
        of = {"FunctionName": ref("OrderFunction")}
        alarm(self, "order-errors", "Orders fail", Metric("AWS/Lambda", "Errors", of, "Sum"), Rings(0))


class Told(Shop):
    """Whom alarms tell."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "told", "told")
        data_key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        topic(self, "Alerts", "What somebody must look at", data_key, [from_alarms(self, ref("AlertsTopic"))])


class Guard(Shop):
    """Who is turned away."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "guard", "guard")
        logs = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        groups = {"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)}
        firewall(self, "REGIONAL", groups, key=logs, days=log_days(self), rate=100, blocked=["KP"])
        self.tell("WebAclName", att("WebAcl", "Id"), "web-acl-name", "The firewall's id")


STACKS = (Keys, Network, Joined, Crossing, Stores, Chain, Secrets, Work, Told, Guard)

if __name__ == "__main__":
    app(sys.argv[1], [Placed(each.__name__.lower(), each, "both") for each in STACKS]).synth()
