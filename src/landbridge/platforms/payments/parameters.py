"""The region's configuration for its code, in Parameter Store, so that code need not know where it runs."""

from constructs import Construct

from landbridge.platforms.constructs.alarms import camel
from landbridge.platforms.payments.common import ROOT, PaymentsStack
from landbridge.platforms.words import Json, sub

KEPT = {
    "database-writer": (
        "WriterHost",
        "Where the database is written to, in either region: output of the database stack",
    ),
    "database-reader": ("ReaderHost", "Where this region's database answers: output of the database stack"),
    "sessions-table": ("SessionsTable", "The table of sessions: output of the sessions stack"),
    "uploads-bucket": ("UploadsBucket", "The bucket of uploads: output of the uploads stack"),
    "events-queue": ("QueueUrl", "Where payment events are put: output of the events stack"),
}


class Parameters(PaymentsStack):
    """/payments/{environment}/{suffix}/...: hosts, tables, buckets and queues of this region."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "parameters", "this region's configuration for its code")
        for name, (parameter, text) in KEPT.items():
            self._keep(name, self.asks(parameter, text), text.partition(":")[0])
        self._keep("database-secret", self.named("database"), "Under which name the database's user and password lie")
        self.tell("Root", sub(ROOT), "parameters", "Under which path they lie")

    def _keep(self, name: str, value: Json, what: str) -> None:
        properties = {"Name": sub(f"{ROOT}/{name}"), "Description": what, "Type": "String", "Value": value}
        self.make(f"{camel(name)}Parameter", "AWS::SSM::Parameter", properties)
