"""How every PostgreSQL of ours speaks and what it keeps to itself."""

from landbridge.platforms.words import Json, sub

# Statements and details of errors hold ids and values of customers: what is logged is who connected, and which error it was.
QUIET = {
    "log_connections": "1",
    "log_disconnections": "1",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_statement": "none",
}
SAFE = {
    "password_encryption": "scram-sha-256",
    "rds.accepted_password_auth_method": "scram",
    "rds.force_ssl": "1",
    "ssl_min_protocol_version": "TLSv1.2",
}


def secret_value(field: str) -> Json:
    """A field of the secret a stack asks for as SecretArn, looked up by CloudFormation and seen by nobody."""
    return sub(f"{{{{resolve:secretsmanager:${{SecretArn}}:SecretString:{field}}}}}")
