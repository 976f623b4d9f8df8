"""The region's configuration for its code, in Parameter Store, so that code need not know where it runs."""

from constructs import Construct

from landbridge.platforms.constructs.alarms import camel
from landbridge.platforms.payments.common import ROOT, PaymentsStack
from landbridge.platforms.payments.configuration import configuration
from landbridge.platforms.words import sub


class Parameters(PaymentsStack):
    """/payments/{environment}/{suffix}/...: hosts, tables and buckets of this region."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "parameters", "this region's configuration for its code")
        for name, (value, what) in configuration(self).items():
            properties = {"Name": sub(f"{ROOT}/{name}"), "Description": what, "Type": "String", "Value": value}
            self.make(f"{camel(name)}Parameter", "AWS::SSM::Parameter", properties)
        self.tell("Root", sub(ROOT), "parameters", "Under which path they lie")
