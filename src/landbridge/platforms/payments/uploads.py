"""What users upload: the region's own bucket, copied one way, out of the region the platform was born in.

Copying is switched by a parameter and changed in place, and has no effect in any other region than the one it goes out of.
"""

from aws_cdk import Aws, CfnCondition, Fn
from constructs import Construct

from landbridge.platforms.constructs.buckets import bucket, expiring
from landbridge.platforms.constructs.copying import (
    COPIED,
    HEARTBEATS,
    asks_where,
    batch_role,
    copies,
    copy_role,
    tells_batch_role,
)
from landbridge.platforms.constructs.emptying import empties
from landbridge.platforms.constructs.peering import REGION_PATTERN, REGION_TEXT
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import att, only_if, ref

AGED = {"Id": "age", "Status": "Enabled", "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 90}]}
REPORT_DAYS = 365  # what a job could not copy is told there


class Uploads(PaymentsStack):
    """Every version kept for a time, cheaper when old, empty when it goes."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "uploads", "this region's uploads of users and their copying")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        emptier = self.asks("EmptierArn", "The function that empties buckets: output of the artifacts stack")
        days = "For how many days an overwritten or deleted version is kept"
        old = self.asks("OldVersionDays", days, type="Number", default=365, min_value=1, max_value=3650)
        self._ask_where()
        besides = {"ReplicationConfiguration": only_if(COPIED, copies(self, "uploads", both_ways=False))}
        empties(self, bucket(self, "Reports", "reports", key, [expiring("batch", REPORT_DAYS)]), emptier)
        empties(self, bucket(self, "Uploads", "uploads", key, [AGED, HEARTBEATS], old_days=old, besides=besides), emptier)
        copy_role(self, "uploads")
        batch_role(self, "uploads")
        self.tell("UploadsBucket", ref("Uploads"), "uploads", "What users uploaded in this region")
        self.tell("UploadsBucketArn", att("Uploads", "Arn"), "uploads-arn", "That bucket's ARN")
        tells_batch_role(self)

    def _ask_where(self) -> None:
        text = "The region the platform was born in, the only one uploads are copied out of"
        self.asks("BirthRegion", text, allowed_pattern=REGION_PATTERN, constraint_description=REGION_TEXT)
        on = Fn.condition_equals(asks_where(self, "uploads"), "on")
        here = Fn.condition_equals(self.node.find_child("BirthRegion").value_as_string, Aws.REGION)
        CfnCondition(self, COPIED, expression=Fn.condition_and(here, on))
