"""Where a region's service takes its image from: its own registry, so that no region needs another to start a task."""

import json

from constructs import Construct

from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import att, ref

FORGET = {
    "rulePriority": 1,
    "description": "The newest hundred stay, enough to go back to",
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 100},
    "action": {"type": "expire"},
}


class Images(PaymentsStack):
    """One repository; a tag never changes what it names, and what lies there goes with it."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "images", "the images this region's service is started from")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        properties = {
            "RepositoryName": self.named("service"),
            "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": key},
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "ImageTagMutability": "IMMUTABLE",
            "LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": [FORGET]})},
            "EmptyOnDelete": True,
        }
        self.make("Repository", "AWS::ECR::Repository", properties)
        self.tell("RepositoryName", ref("Repository"), "images", "The repository of the service's image")
        self.tell("RepositoryArn", att("Repository", "Arn"), "images-arn", "The repository's ARN")
        self.tell("RepositoryUri", att("Repository", "RepositoryUri"), "images-uri", "Where images are pushed to and taken from")
