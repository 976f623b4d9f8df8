"""The journal of what landbridge does with the platform, in a region beside the two; they hold its copy and its vote."""

from constructs import Construct

from landbridge.platforms.constructs.journal import journal
from landbridge.platforms.payments.common import PaymentsStack


class Journal(PaymentsStack):
    """The table, and nothing else."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "journal", "the journal of what landbridge does, strongly consistent across regions")
        journal(self, "us-east-2", "us-east-1")
