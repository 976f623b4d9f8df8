"""The words of the dashboard API that both sides and the edge must spell alike."""

HOP_HEADER = "x-landbridge-hop"  # on a forwarded write: it is never forwarded again
PROBE_HEADER = "x-landbridge-probe"  # on requests of our own: left out of the users' metrics, allowed on reserved users
SEEN_HEADER = "x-seen-version"  # the newest version this reader has shown for the view it asks for
REGION_HEADER = "x-served-by"  # which region answered
CALLER_HEADER = "x-landbridge-caller"  # whose request a function forwards, where requests are signed; believed of our own roles
NOT_HOLDER = 421  # this side's pen is closed; ask the other one
NOBODY, BY_IAM, BY_TOKEN = AUTHORIZERS = ("none", "iam", "jwt")  # who asks callers of the API to sign in
ANYBODY, SESSION = "*", "@"  # as which user a role's callers count: any they name, or the one their session is named for
PARAMETER = "/trading-platform/{suffix}/{name}"  # SSM: where a value of the region's configuration lies
PEER_API = "peer-api"  # where the other region's API answers
INGEST = "ingest"  # the region whose live stream the feeds put into; each side has one, and both say the same
DATABASE_WRITER = "database-writer"  # host:port of the region's own database, which takes writes while the writer is there
DATABASE_SECRET = "database-secret"  # noqa: S105 - a name: under which ARN or name its user and password lie
