"""What code must know of its region: kept in Parameter Store, and told by the environment when that can't be asked.

Each name is kept and told with the very same value (decision 38): a container that begins while Parameter Store does not
answer goes on with what was deployed.
"""

from landbridge.platforms.payments.common import ROOT, PaymentsStack
from landbridge.platforms.words import Json, allow, sub

IDENTITY = "identity"
WRITER = "Where the database is written to, in either region: output of the database stack"
READER = "Where this region's database answers: output of the database stack"


def configuration(stack: PaymentsStack) -> dict[str, tuple[Json, str]]:
    """Each name with its value and what it is; the stack asks for hosts, and knows everything else by name."""
    return {
        "database-writer": (stack.asks("WriterHost", WRITER), "Where the database is written to"),
        "database-reader": (stack.asks("ReaderHost", READER), "Where this region's database answers"),
        "database-secret": (stack.named("database"), "Under which name the database's user and password lie"),
        "identity-secret": (stack.named(IDENTITY), "Under which name the key of who signs customers in lies"),
        "sessions-table": (stack.named("sessions"), "The table of sessions"),
        "uploads-bucket": (stack.named_globally("uploads"), "The bucket of uploads"),
    }


def told(stack: PaymentsStack) -> dict[str, Json]:
    """The same as environment: database-writer is DATABASE_WRITER; and under which path it is kept."""
    values = {name.upper().replace("-", "_"): value for name, (value, _) in configuration(stack).items()}
    return {"PARAMETERS": sub(ROOT), **values}


def reads_identity(stack: PaymentsStack) -> Json:
    """That code reads the key by which customers are named to it."""
    return allow(
        "ReadIdentity", ["secretsmanager:GetSecretValue"], stack.arn("secretsmanager", f"secret:{stack.text(IDENTITY)}-*")
    )


def reads_configuration(stack: PaymentsStack) -> list[Json]:
    """That code reads it, and the user the database knows it by."""
    secret = stack.arn("secretsmanager", f"secret:{stack.text('database')}-*")
    return [
        allow("ReadConfiguration", ["ssm:GetParameters"], stack.arn("ssm", f"parameter{ROOT}/*")),
        allow("ReadSecret", ["secretsmanager:GetSecretValue"], secret),
    ]
