"""How the trading platform names what it makes."""

from typing import ClassVar

from landbridge.platforms.constructs.naming import Naming
from landbridge.platforms.constructs.stack import PlatformStack

PREFIX = "trading-analytics"


class TradingStack(PlatformStack):
    """A stack of the trading platform."""

    names: ClassVar[Naming] = Naming("Trading analytics", PREFIX, f"{PREFIX}-", "-${EnvironmentSuffix}")
