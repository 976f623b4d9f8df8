"""The payments platform in one region of its context, as the construct that stands in any region takes it."""

from landbridge.config.payments import Payments, RegionSpec
from landbridge.platforms.constructs.regional import Standing
from landbridge.platforms.payments.given import given
from landbridge.platforms.payments.stacks import STACKS


def standing(platform: Payments, here: RegionSpec, suffix: str) -> Standing:
    """Some stacks are the first region's alone, some those of a region that joined."""
    homes = {"both", "target" if here.copies_from else "source"}
    return Standing(
        region=here.region,
        after=f"{platform.environment}-{suffix}",
        stacks=tuple(each for each in STACKS if each.home in homes),
        everywhere={"Environment": platform.environment, "EnvironmentSuffix": suffix},
        values=given(platform, here),
    )
