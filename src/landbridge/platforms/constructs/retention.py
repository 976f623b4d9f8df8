"""How long logs are kept: one parameter, the same words in every stack that has a log; a year, as auditors ask for."""

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json

LOG_DAYS = ["7", "14", "30", "60", "90", "180", "365", "731", "1827", "3653"]


def log_days(stack: PlatformStack) -> Json:
    """The parameter, and its value."""
    text = "How many days logs are kept"
    return stack.asks("LogRetentionDays", text, type="Number", default="365", allowed_values=LOG_DAYS)
