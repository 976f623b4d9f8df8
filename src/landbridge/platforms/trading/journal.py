"""The migration's journal, in regions none of which is the one that leaves."""

from aws_cdk import App

from landbridge.platforms.constructs.journal import journal
from landbridge.platforms.trading.common import TradingStack


class Journal(TradingStack):
    """The table, and nothing else."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "journal", "the journal of migrations, strongly consistent across regions")
        journal(self, "eu-central-1", "eu-west-3")
