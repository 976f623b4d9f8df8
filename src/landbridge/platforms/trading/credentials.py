"""The database's master user and password: one secret, with a copy in the other region while there is one.

Owned as the tables are: born in the source, its copy promoted and imported in the region that stays, with SecondRegion
naming the other. RDS can't manage the password of a global database's members, so it is ours to rotate.
"""

import json

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import only_if, ref

TWO, KEY = "InTwoRegions", "HasSecondKey"
USER, DATABASE = "platform", "trading"
PASSWORD_LENGTH = 43  # what the rotation makes, too: 256 bits


class Credentials(TradingStack):
    """The secret; the password in it is made by Secrets Manager and seen by nobody."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "credentials", "the database's user and password, owned by one region")
        key = self.asks("DataKeyArn", "This region's key for stored data: output of the keys stack")
        second = self.asks_or_nothing("SecondRegion", "The other region that has a copy", TWO)
        second_key = self.asks_or_nothing("SecondDataKeyArn", "That region's key: output of the keys stack there", KEY)
        properties = {
            "Name": self.named("database"),
            "Description": "The database's master user",
            "KmsKeyId": key,
            "GenerateSecretString": {
                "SecretStringTemplate": json.dumps({"username": USER, "dbname": DATABASE, "engine": "postgres"}),
                "GenerateStringKey": "password",
                "PasswordLength": PASSWORD_LENGTH,
                "ExcludePunctuation": True,
            },
            "ReplicaRegions": only_if(TWO, [{"Region": second, "KmsKeyId": only_if(KEY, second_key)}]),
        }
        self.make("Secret", "AWS::SecretsManager::Secret", properties)
        self.tell("SecretArn", ref("Secret"), "credentials", "The secret with the database's user and password")
