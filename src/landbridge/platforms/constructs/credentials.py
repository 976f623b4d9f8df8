"""A database's master user and password: one secret, with a copy in the other region while there is one."""

import json

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import Json, only_if, ref

TWO, KEY = "InTwoRegions", "HasSecondKey"
PASSWORD_LENGTH = 43  # what the rotation makes, too: 256 bits
RANDOM = {"PasswordLength": PASSWORD_LENGTH, "ExcludePunctuation": True}


def credentials(stack: PlatformStack, user: str, database: str) -> None:
    """The secret; the password in it is made by Secrets Manager and seen by nobody."""
    key = stack.asks("DataKeyArn", "This region's key for stored data: output of the keys stack")
    second = stack.asks_or_nothing("SecondRegion", "The other region that has a copy", TWO)
    second_key = stack.asks_or_nothing("SecondDataKeyArn", "That region's key: output of the keys stack there", KEY)
    properties = {
        "Name": stack.named("database"),
        "Description": "The database's master user",
        "KmsKeyId": key,
        "GenerateSecretString": {
            "SecretStringTemplate": json.dumps({"username": user, "dbname": database, "engine": "postgres"}),
            "GenerateStringKey": "password",
            **RANDOM,
        },
        "ReplicaRegions": _copies(second, second_key),
    }
    stack.make("Secret", "AWS::SecretsManager::Secret", properties)
    stack.tell("SecretArn", ref("Secret"), "credentials", "The secret with the database's user and password")


def key_of(stack: PlatformStack, kind: str, description: str) -> None:
    """One more secret of the stack, a random key seen by nobody, copied wherever the first one is."""
    asked = {name: ref(name) for name in ("DataKeyArn", "SecondRegion", "SecondDataKeyArn")}
    properties = {
        "Name": stack.named(kind),
        "Description": description,
        "KmsKeyId": asked["DataKeyArn"],
        "GenerateSecretString": RANDOM,
        "ReplicaRegions": _copies(asked["SecondRegion"], asked["SecondDataKeyArn"]),
    }
    stack.make(f"{kind.title()}Key", "AWS::SecretsManager::Secret", properties)


def _copies(region: Json, key: Json) -> Json:
    return only_if(TWO, [{"Region": region, "KmsKeyId": only_if(KEY, key)}])
