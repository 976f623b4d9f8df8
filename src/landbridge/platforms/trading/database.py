"""A region's own Aurora PostgreSQL cluster, in private subnets, that speaks TLS and SCRAM alone.

In the region where the platform was born it has a user of its own; in any other it joins that region's global database
and has its user. Where a platform was born never changes, so it is this and not the direction of a move that tells the
two apart: a switchover changes who writes, and nothing here. A cluster that was there before us is named, and not made.
"""

from aws_cdk import App, Aws, CfnCondition, CfnResource, Fn

from landbridge.model.effects import DATABASE
from landbridge.model.wire import DATABASE_WRITER, PARAMETER
from landbridge.platforms.constructs.database import QUIET, SAFE, secret_value
from landbridge.platforms.constructs.peering import REGION_PATTERN
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.trading.keys import DATABASE_LOG
from landbridge.platforms.words import Json, att, join, only_if, pick, ref, select, sub

ENGINE, FAMILY, VERSION = "aurora-postgresql", "aurora-postgresql16", "16.8"
OURS, HERE, MEMBER, ROTATED = "IsOurs", "IsBirthplace", "IsMember", "IsRotated"
INSTANCES = "ABC"


class Database(TradingStack):
    """The cluster with up to three instances, its parameters, its log, and when its password changes."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "database", "this region's database cluster")
        self._ask()
        subnets = self.asks("PrivateSubnetIds", "The private subnets: output of the network stack", type="CommaDelimitedList")
        described = "Private subnets of the trading database"
        properties = {"DBSubnetGroupName": self.named("database"), "DBSubnetGroupDescription": described, "SubnetIds": subnets}
        self.make("Subnets", "AWS::RDS::DBSubnetGroup", properties)
        properties = {"DBClusterParameterGroupName": self.named("database"), "Family": FAMILY, "Parameters": SAFE | QUIET}
        self.make("Settings", "AWS::RDS::DBClusterParameterGroup", {**properties, "Description": "TLS and SCRAM alone"})
        logs_key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        log = self.log_group("Logs", DATABASE_LOG, logs_key, log_days(self))
        self.make("Cluster", "AWS::RDS::DBCluster", self._cluster(), after=[log], when=OURS, kept=True)
        self._instances()
        self._rotation()
        writer = pick(OURS, att("Cluster", "Endpoint.Address"), ref("ExistingWriterHost"))
        self._keep(writer)
        self._outputs(writer)

    def _ask(self) -> None:
        how = {"allowed_pattern": REGION_PATTERN, "constraint_description": "the name of an AWS region, like eu-central-1"}
        self.asks("BirthRegion", "The region the platform was born in, the same in every region and for its life", **how)
        born = self.node.find_child("BirthRegion").value_as_string
        CfnCondition(self, HERE, expression=Fn.condition_equals(born, Aws.REGION))
        self.asks("ExistingClusterArn", "A cluster that was there before us, which is taken as it is; empty for none", default="")
        existing = self.node.find_child("ExistingClusterArn").value_as_string
        CfnCondition(self, OURS, expression=Fn.condition_equals(existing, ""))
        self.asks("ExistingWriterHost", "The host by which that cluster is written to; empty for none", default="")
        port = "The port of that cluster"
        self.asks("ExistingPort", port, type="Number", default=5432, min_value=1, max_value=65_535)
        self.asks("ExistingReaderHost", "The host by which that cluster is read; empty for none", default="")
        self.asks_or_nothing("GlobalClusterId", "The global database to join: output of the global-database stack there", MEMBER)
        self.asks("SecretArn", "The secret this region keeps: output of the credentials stack; empty for none", default="")
        no_secret = Fn.condition_equals(self.node.find_child("SecretArn").value_as_string, "")
        rotated = Fn.condition_and(self.node.find_child(OURS), Fn.condition_not(no_secret))
        CfnCondition(self, ROTATED, expression=rotated)

    def _cluster(self) -> Json:
        days = "How many days the cluster can be restored to any second of"
        version = {"allowed_pattern": r"16\.[0-9]+", "constraint_description": "a version of PostgreSQL 16, like 16.8"}
        return {
            "DBClusterIdentifier": self.named_globally("database"),
            "Engine": ENGINE,
            "EngineVersion": self.asks("EngineVersion", "The same in both regions", default=VERSION, **version),
            "DatabaseName": only_if(HERE, DATABASE),
            "MasterUsername": only_if(HERE, secret_value("username")),
            "MasterUserPassword": only_if(HERE, secret_value("password")),
            "GlobalClusterIdentifier": only_if(MEMBER, ref("GlobalClusterId")),
            "SourceRegion": pick(HERE, ref("AWS::NoValue"), ref("BirthRegion")),
            "StorageEncrypted": True,
            "KmsKeyId": self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack"),
            "BackupRetentionPeriod": self.asks("RestorableDays", days, type="Number", default=14, min_value=7, max_value=35),
            "CopyTagsToSnapshot": True,
            "DBSubnetGroupName": ref("Subnets"),
            "DBClusterParameterGroupName": ref("Settings"),
            "VpcSecurityGroupIds": [self.asks("DatabaseGroupId", "The database's security group: output of the endpoints stack")],
            "EnableCloudwatchLogsExports": ["postgresql"],
        }

    def _instances(self) -> None:
        """One is enough to write; each further one answers reads, and takes over when the first is lost."""
        how = {
            "allowed_pattern": r"db\.(r[5-9]|x2)[a-z]*\.([0-9]*x)?large",
            "constraint_description": "a class like db.r6g.large",
        }
        size = self.asks("InstanceClass", "The class of every instance", default="db.r6g.large", **how)
        asked = "How many instances there are: the first writes where the writer is, the others are readers"
        self.asks("Instances", asked, default="2", allowed_values=["1", "2", "3"])
        for number, letter in enumerate(INSTANCES):
            self._instance(letter, size, self._from(number) if number else OURS)

    def _from(self, number: int) -> str:
        """The condition that there are more instances than this."""
        count = self.node.find_child("Instances").value_as_string
        fewer = [Fn.condition_equals(count, str(less)) for less in range(1, number + 1)]
        ours = self.node.find_child(OURS)
        name = f"HasInstance{number + 1}"
        CfnCondition(self, name, expression=Fn.condition_and(ours, *(Fn.condition_not(each) for each in fewer)))
        return name

    def _instance(self, letter: str, size: Json, when: str) -> CfnResource:
        properties = {
            "DBClusterIdentifier": ref("Cluster"),
            "DBInstanceIdentifier": self.named(f"database-{letter.lower()}"),
            "DBInstanceClass": size,
            "Engine": ENGINE,
            "PubliclyAccessible": False,
            "AutoMinorVersionUpgrade": True,
        }
        return self.make(f"Instance{letter}", "AWS::RDS::DBInstance", properties, when=when)

    def _rotation(self) -> None:
        """Not at once, but on its day: a stack's first deploy must not change what its cluster was just made with."""
        days = self.asks(
            "RotationDays", "After how many days the password changes", type="Number", default=30, min_value=1, max_value=365
        )
        properties = {
            "SecretId": ref("SecretArn"),
            "RotationLambdaARN": self.asks("RotationFunctionArn", "What changes it: output of the rotation stack"),
            "RotationRules": {"AutomaticallyAfterDays": days},
            "RotateImmediatelyOnUpdate": False,
        }
        writer = self.node.find_child("InstanceA")
        self.make("Rotation", "AWS::SecretsManager::RotationSchedule", properties, after=[writer], when=ROTATED)

    def _keep(self, writer: Json) -> None:
        """Never changed: a region's worker works while the writer is in its region, and its own cluster takes writes then."""
        properties = {
            "Name": sub(PARAMETER.format(suffix="${EnvironmentSuffix}", name=DATABASE_WRITER)),
            "Description": "Where this region's functions write to the database, while the writer is here",
            "Type": "String",
            "Value": join(":", writer, pick(OURS, att("Cluster", "Endpoint.Port"), ref("ExistingPort"))),
        }
        self.make("WriterParameter", "AWS::SSM::Parameter", properties)

    def _outputs(self, writer: Json) -> None:
        cluster = pick(OURS, att("Cluster", "DBClusterArn"), ref("ExistingClusterArn"))
        reader = pick(OURS, att("Cluster", "ReadEndpoint.Address"), ref("ExistingReaderHost"))
        theirs = select(6, {"Fn::Split": [":", ref("ExistingClusterArn")]})
        name = pick(OURS, ref("Cluster"), theirs)
        self.tell("ClusterName", name, "database-name", "Its name, by which its metrics are found")
        self.tell("ClusterArn", cluster, "database-cluster", "This region's cluster")
        self.tell("WriterHost", writer, "database-writer", "Where this region's cluster is written to, when the writer is here")
        self.tell("ReaderHost", reader, "database-reader", "Where this region's readers answer")
        self.tell("SubnetGroup", ref("Subnets"), "database-subnets", "Into which subnets a cluster is restored")
        self.tell("SettingsName", ref("Settings"), "database-settings", "With which settings a cluster is restored")
