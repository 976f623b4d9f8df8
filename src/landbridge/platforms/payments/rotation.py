"""The function that changes the database's password, in the region whose secret it is."""

from constructs import Construct

from landbridge.platforms.constructs.rotation import rotation
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import allow


class Rotation(PaymentsStack):
    """For one instance: its replicas have its password too."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "rotation", "changes the database's password")
        instance = self.arn("rds", f"db:{self.text('database')}")
        may = allow("SetPassword", ["rds:DescribeDBInstances", "rds:ModifyDBInstance"], instance)
        rotation(self, "rotate_instance", [may], {"INSTANCE": self.named("database")})
