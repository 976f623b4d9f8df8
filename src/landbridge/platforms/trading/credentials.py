"""The database's master user and password: one secret, with a copy in the other region while there is one.

Owned as the tables are: born in the source, its copy promoted and imported in the region that stays, with SecondRegion
naming the other. RDS can't manage the password of a global database's members, so it is ours to rotate.
"""

from aws_cdk import App

from landbridge.model.effects import DATABASE, USER
from landbridge.platforms.constructs.credentials import credentials
from landbridge.platforms.trading.common import TradingStack


class Credentials(TradingStack):
    """The secret; the password in it is made by Secrets Manager and seen by nobody."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "credentials", "the database's user and password, owned by one region")
        credentials(self, USER, DATABASE)
