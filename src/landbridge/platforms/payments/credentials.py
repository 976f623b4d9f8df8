"""The database's master user and password: one secret of the region with the writer, with a copy in the other region.

A replica has its source's users, so that both regions' clients read the same secret, each its own region's copy.
"""

from constructs import Construct

from landbridge.platforms.constructs.credentials import credentials, key_of
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.configuration import IDENTITY

USER, DATABASE = "payments", "payments"


class Credentials(PaymentsStack):
    """The secret, and the key by which customers are named; nothing else."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "credentials", "the database's user and password, owned by the region with the writer")
        credentials(self, USER, DATABASE)
        key_of(self, IDENTITY, "By which who signs customers in names them to the service")
