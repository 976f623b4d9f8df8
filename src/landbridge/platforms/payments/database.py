"""A region's own PostgreSQL instance in isolated subnets, which speaks TLS and SCRAM alone.

In the region the platform was born in it has a user of its own; in any other it begins as a replica of that one, under its
own region's key, and has its users. Where a platform was born never changes, so it is this and not who writes that tells
the two apart. What it copies is known by name. Promoted, it writes on alone: nothing else about it changes.
"""

from aws_cdk import Aws, CfnCondition, Fn
from constructs import Construct

from landbridge.platforms.constructs.database import QUIET, SAFE, secret_value
from landbridge.platforms.constructs.peering import REGION_PATTERN, REGION_TEXT
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.credentials import DATABASE
from landbridge.platforms.payments.keys import DATABASE_LOGS
from landbridge.platforms.words import Json, att, only_if, pick, ref, sub, trust

BORN = "arn:${AWS::Partition}:rds:${BirthRegion}:${AWS::AccountId}"
HERE, REPLICA, ROTATED = "IsBirthplace", "IsReplica", "IsRotated"
ENGINE, FAMILY, VERSION = "postgres", "postgres16", "16.13"


class Database(PaymentsStack):
    """The instance with a standby in another zone, its parameters and its logs."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "database", "this region's database instance, the writer or a replica of it")
        self._ask()
        subnets = self.asks("IsolatedSubnetIds", "The isolated subnets: output of the network stack", type="CommaDelimitedList")
        described = "Isolated subnets of the payments database"
        properties = {"DBSubnetGroupName": self.named("database"), "DBSubnetGroupDescription": described, "SubnetIds": subnets}
        self.make("Subnets", "AWS::RDS::DBSubnetGroup", properties)
        properties = {"DBParameterGroupName": self.named("database"), "Family": FAMILY, "Parameters": SAFE | QUIET}
        self.make("Settings", "AWS::RDS::DBParameterGroup", {**properties, "Description": "TLS and SCRAM alone"})
        key, days = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack"), log_days(self)
        logs = [
            self.log_group(f"{log.title()}Logs", f"/aws/rds/instance/{self.text('database')}/{log}", key, days)
            for log in DATABASE_LOGS
        ]
        here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
        watching = {
            "RoleName": self.named_globally("database"),
            "Description": "By which the database's machine tells how it is",
            "AssumeRolePolicyDocument": trust("monitoring.rds.amazonaws.com", here),
            "ManagedPolicyArns": [sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole")],
        }
        self.make("WatchRole", "AWS::IAM::Role", watching)
        self.make("Instance", "AWS::RDS::DBInstance", {**self._placed(), **self._stored(), **self._born()}, after=logs)
        self._rotation()
        self._outputs()

    def _ask(self) -> None:
        text = "The region the platform was born in, the same in every region and for its life"
        self.asks("BirthRegion", text, allowed_pattern=REGION_PATTERN, constraint_description=REGION_TEXT)
        born = self.node.find_child("BirthRegion").value_as_string
        CfnCondition(self, HERE, expression=Fn.condition_equals(born, Aws.REGION))
        text = "'true' makes a replica a writer of its own, in place; it can't become a replica again"
        self.asks("Promoted", text, default="false", allowed_values=["false", "true"])
        promoted = Fn.condition_equals(self.node.find_child("Promoted").value_as_string, "true")
        elsewhere = Fn.condition_not(self.node.find_child(HERE))
        CfnCondition(self, REPLICA, expression=Fn.condition_and(elsewhere, Fn.condition_not(promoted)))
        self.asks("SecretArn", "The secret: output of the credentials stack; empty where none is owned", default="")

    def _placed(self) -> Json:
        how = {
            "allowed_pattern": r"db\.[mr][5-9]g?d?\.[0-9x]*large",
            "constraint_description": "a class like db.m6g.large",
        }
        standby = "Whether a standby in another zone takes over by itself"
        return {
            "DBInstanceIdentifier": self.named("database"),
            "DBInstanceClass": self.asks("InstanceClass", "The class of the instance", **how),
            "Engine": ENGINE,
            "MultiAZ": self.asks("Standby", standby, default="true", allowed_values=["true", "false"]),
            "DBSubnetGroupName": ref("Subnets"),
            "DBParameterGroupName": ref("Settings"),
            "VPCSecurityGroups": [self.asks("DatabaseGroupId", "The database's security group: output of the endpoints stack")],
            "PubliclyAccessible": False,
            "AutoMinorVersionUpgrade": True,
            "EnableCloudwatchLogsExports": list(DATABASE_LOGS),
        }

    def _stored(self) -> Json:
        key = self.asks("DatabaseKeyArn", "This region's key for the database: output of the keys stack")
        days = "How many days the database can be restored to any second of"
        return {
            "KmsKeyId": key,
            "StorageType": "gp3",
            "MaxAllocatedStorage": 1000,
            "BackupRetentionPeriod": self.asks("RestorableDays", days, type="Number", default=14, min_value=7, max_value=35),
            "DeleteAutomatedBackups": True,
            "CopyTagsToSnapshot": True,
            "MonitoringInterval": 60,
            "MonitoringRoleArn": att("WatchRole", "Arn"),
            "EnablePerformanceInsights": True,
            "PerformanceInsightsKMSKeyId": key,
        }

    def _born(self) -> Json:
        """What the first one is made with, and what a copy takes from it."""
        version = {"allowed_pattern": r"16\.[0-9]+", "constraint_description": "a version of PostgreSQL 16, like 16.13"}
        storage = "GB the database begins with; it grows by itself"
        size = self.asks("Storage", storage, type="Number", default=100, min_value=20, max_value=800)
        return {
            "EngineVersion": self.asks("EngineVersion", "The same in every region", default=VERSION, **version),
            "StorageEncrypted": only_if(HERE, True),  # a copy is encrypted by naming a key, and must not say so
            "AllocatedStorage": only_if(HERE, size),
            "DBName": only_if(HERE, DATABASE),
            "MasterUsername": only_if(HERE, secret_value("username")),
            "MasterUserPassword": only_if(HERE, secret_value("password")),
            "SourceDBInstanceIdentifier": only_if(REPLICA, sub(f"{BORN}:db:{self.text('database')}")),
            "SourceRegion": pick(HERE, ref("AWS::NoValue"), ref("BirthRegion")),
        }

    def _rotation(self) -> None:
        """Not at once, but on its day: a stack's first deploy must not change what its instance was just made with."""
        text = "After how many days the password changes"
        days = self.asks("RotationDays", text, type="Number", default=30, min_value=1, max_value=365)
        rotates = "What changes the password: output of the rotation stack; empty for nothing"
        function = self.asks("RotationFunctionArn", rotates, default="")
        given = Fn.condition_equals(self.node.find_child("RotationFunctionArn").value_as_string, "")
        CfnCondition(self, ROTATED, expression=Fn.condition_and(self.node.find_child(HERE), Fn.condition_not(given)))
        properties = {
            "SecretId": ref("SecretArn"),
            "RotationLambdaARN": function,
            "RotationRules": {"AutomaticallyAfterDays": days},
            "RotateImmediatelyOnUpdate": False,
        }
        after = [self.node.find_child("Instance")]
        self.make("Rotation", "AWS::SecretsManager::RotationSchedule", properties, after=after, when=ROTATED)

    def _outputs(self) -> None:
        role = pick(REPLICA, "replica", "writer")
        self.tell("DatabaseName", ref("Instance"), "database-name", "Its name, by which its metrics are found")
        self.tell("DatabaseArn", att("Instance", "DBInstanceArn"), "database", "This region's database")
        self.tell("DatabaseHost", att("Instance", "Endpoint.Address"), "database-host", "Where this region's database answers")
        self.tell("DatabaseRole", role, "database-role", "Whether it writes or copies")
