"""A region's own keys: for what is stored, for the database, for logs; losing or leaving a region takes no other's key.

The database's is apart because whoever restores or promotes it need not be able to read anything else.
"""

from constructs import Construct

from landbridge.platforms.constructs.keys import granted, key, logs_key, plain, published
from landbridge.platforms.payments.common import PaymentsStack

LOGS = ("/aws/lambda/", "/aws/ecs/", "/aws/vpc/", "aws-waf-logs-")
INSIGHTS = "/aws/ecs/containerinsights/{}/performance"  # as ECS calls it, after the cluster
DATABASE_LOGS = ("postgresql", "upgrade")


class Keys(PaymentsStack):
    """The data key, the database's key and the logs key, rotated, gone a week after the stack."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "keys", "this region's keys for what is stored, for the database and for logs")
        tables, images = granted("dynamodb", "Tables"), granted("ecr", "Images")
        stored = [plain("s3", "Objects"), plain("secretsmanager", "Secrets"), plain("sqs", "Queues")]
        key(self, "Data", "data", "Stored data", [*tables, *images, *stored, *published("cloudwatch")])
        key(self, "Database", "database", "The database", granted("rds", "Databases"))
        database = tuple(f"/aws/rds/instance/{self.text('database')}/{log}" for log in DATABASE_LOGS)
        insights = INSIGHTS.format(self.text("cluster"))
        logs_key(self, "logs", (*(f"{path}{self.text('*')}" for path in LOGS), insights, *database))
