"""The function that changes the database's password, in each region: whichever region keeps the secret calls its own.

It runs in the network, because it asks the database whether the new password is taken, in the other region too while
the writer is there.
"""

from aws_cdk import App

from landbridge.platforms.constructs.functions import RUNTIME
from landbridge.platforms.constructs.inside import joining, placed
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.trading.common import PREFIX, TradingStack
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

PATH = f"/aws/lambda/{PREFIX}-rotation-${{EnvironmentSuffix}}"
RDS = "arn:${AWS::Partition}:rds:"
CLUSTERS = f"{RDS}*:${{AWS::AccountId}}:cluster:{PREFIX}-database-${{EnvironmentSuffix}}-*"
GLOBAL = f"{RDS}:${{AWS::AccountId}}:global-cluster:{PREFIX}-database-${{EnvironmentSuffix}}"
SECRET = f"secret:{PREFIX}-database-${{EnvironmentSuffix}}-*"
TIMEOUT = 300  # the agent gives up asking for the new password after 240 s


class Rotation(TradingStack):
    """The function, its role and its log; what it rotates calls it by its ARN."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "rotation", "changes the database's password")
        logs_key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        group = self.log_group("FunctionLogs", PATH, logs_key, log_days(self))
        does = "What the function that changes the database's password may do"
        self.role("FunctionRole", "rotation", trust("lambda.amazonaws.com"), does, self._statements())
        self.make("Function", "AWS::Lambda::Function", self._function(), after=[group])
        called = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": ref("Function"),
            "Principal": "secretsmanager.amazonaws.com",
            "SourceAccount": ref("AWS::AccountId"),
        }
        self.make("FunctionPermission", "AWS::Lambda::Permission", called)
        self.tell("FunctionArn", att("Function", "Arn"), "rotation", "The function that changes the database's password")

    def _function(self) -> Json:
        inside = placed(self)
        bucket = self.asks("ArtifactBucket", "The bucket the code lies in: output of the artifacts stack")
        key = self.asks("FunctionsKey", "The code's key in that bucket", allowed_pattern="functions/[0-9a-f]{64}\\.zip")
        return {
            "FunctionName": self.named("rotation"),
            "Description": "Changes the database's password, by the four steps of Secrets Manager",
            "Runtime": RUNTIME,
            "Architectures": ["arm64"],
            "Handler": "landbridge.agents.rotate_secret.handler",
            "Code": {"S3Bucket": bucket, "S3Key": key},
            "Role": att("FunctionRole", "Arn"),
            "Timeout": TIMEOUT,
            "MemorySize": 256,
            "VpcConfig": inside,
            "Environment": {"Variables": {"CLUSTER": self.named_globally("database"), "GLOBAL_CLUSTER": self.named("database")}},
        }

    def _statements(self) -> list[Json]:
        stages = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"]
        return [
            allow("Rotate", [f"secretsmanager:{verb}" for verb in stages], self.arn("secretsmanager", SECRET)),
            allow("FindWriter", ["rds:DescribeGlobalClusters"], sub(GLOBAL)),
            allow("SetPassword", ["rds:DescribeDBClusters", "rds:ModifyDBCluster"], sub(CLUSTERS)),
            *joining(self),
            self.logging(PATH),
        ]
