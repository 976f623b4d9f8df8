"""The bucket of code, and the function that empties the region's buckets before they are deleted."""

from constructs import Construct

from landbridge.platforms.constructs.artifacts import SAYS, artifacts
from landbridge.platforms.payments.common import PaymentsStack

BUCKETS = ("access-logs", "artifacts", "reports", "uploads")  # by name: names of other platforms may end as ours do


class Artifacts(PaymentsStack):
    """The four buckets of a region may be emptied, and no other."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "artifacts", SAYS)
        artifacts(self, BUCKETS)
