"""A database's master user and password: one secret, with a copy in the other region while there is one."""

import json

from landbridge.platforms.constructs.stack import PlatformStack
from landbridge.platforms.words import only_if, ref

TWO, KEY = "InTwoRegions", "HasSecondKey"
PASSWORD_LENGTH = 43  # what the rotation makes, too: 256 bits


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
            "PasswordLength": PASSWORD_LENGTH,
            "ExcludePunctuation": True,
        },
        "ReplicaRegions": only_if(TWO, [{"Region": second, "KmsKeyId": only_if(KEY, second_key)}]),
    }
    stack.make("Secret", "AWS::SecretsManager::Secret", properties)
    stack.tell("SecretArn", ref("Secret"), "credentials", "The secret with the database's user and password")
