"""Who may call the dashboard API, as the configuration and the templates spell it alike."""

from landbridge.model.asked import NAME
from landbridge.model.wire import ANYBODY, SESSION

POOL = r"arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[A-Za-z0-9_-]+"
GROUP = r"[A-Za-z0-9_.-]{0,128}"
ROLE = r"[A-Za-z0-9_+.@-]{1,64}"
USER = f"[{ANYBODY}{SESSION}]|{NAME}"
ORIGIN = r"https://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?"
MOST_AT_ONCE, MOST_A_SECOND = 5_000, 10_000  # what API Gateway gives an account in a region
