"""What platforms are made of: stacks, keys, buckets, networks, alarms as each of ours is, by each platform's own names."""

from landbridge.platforms.constructs.naming import Naming
from landbridge.platforms.constructs.placed import Placed
from landbridge.platforms.constructs.regional import RegionalPlatform, Standing
from landbridge.platforms.constructs.stack import PlatformStack

__all__ = ["Naming", "Placed", "PlatformStack", "RegionalPlatform", "Standing"]
