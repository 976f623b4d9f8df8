"""Payment events: a queue, the function that works them off, and where lies what it could not.

An event may come twice: the function tells by the payment's id and state. One that fails five times is set aside. The
function's reserved concurrency keeps the database's connections free, and the mapping never asks for more than that.
"""

from constructs import Construct

from landbridge.platforms.constructs.functions import Code, Made, function
from landbridge.platforms.constructs.inside import joining, placed
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.configuration import reads_configuration, told
from landbridge.platforms.words import Json, allow, att, policy, ref, tls_only

TIMEOUT, MEMORY = 30, 512
VISIBLE_AGAIN = 6 * TIMEOUT  # as AWS advises for a mapping
TRIES, TWO_WEEKS = 5, 1_209_600
TAKES = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]


class Events(PaymentsStack):
    """Two queues, one function, one mapping."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "events", "payment events of this region, worked off each once")
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._queue("SetAside", "set-aside", {"MessageRetentionPeriod": TWO_WEEKS})
        redrive = {"deadLetterTargetArn": att("SetAside", "Arn"), "maxReceiveCount": TRIES}
        kept = {"VisibilityTimeout": VISIBLE_AGAIN, "MessageRetentionPeriod": TWO_WEEKS, "RedrivePolicy": redrive}
        self._queue("Queue", "events", kept)
        self._function()
        self.tell("QueueUrl", ref("Queue"), "events-url", "Where payment events are put")
        self.tell("QueueArn", att("Queue", "Arn"), "events-arn", "That queue's ARN")
        self.tell("SetAsideUrl", ref("SetAside"), "set-aside-url", "Where lies what was tried too often")
        self.tell("FunctionName", ref("EventsFunction"), "events", "The function that works them off")

    def _queue(self, name: str, kind: str, how: dict[str, Json]) -> None:
        properties = {"QueueName": self.named(kind), "KmsMasterKeyId": self._key, "KmsDataKeyReusePeriodSeconds": 300, **how}
        self.make(name, "AWS::SQS::Queue", properties)
        document = policy(tls_only("sqs:*", att(name, "Arn")))
        self.make(f"{name}Policy", "AWS::SQS::QueuePolicy", {"Queues": [ref(name)], "PolicyDocument": document})

    def _function(self) -> None:
        code, inside = Code.of(self), placed(self)
        text = "How many events are processed at once in this region"
        at_once = self.asks("EventsAtOnce", text, type="Number", min_value=2, max_value=1000)
        does = "Processes payment events, each once by its payment's id and state"
        made = Made("Events", "events", "landbridge.workloads.payments.events.handler", does, TIMEOUT, MEMORY)
        how = {"VpcConfig": inside, "ReservedConcurrentExecutions": at_once}
        function(self, code, made, self._statements(), told(self), **how)
        properties = {
            "FunctionName": ref("EventsFunction"),
            "EventSourceArn": att("Queue", "Arn"),
            "BatchSize": 10,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": at_once},
        }
        role = self.node.find_child("EventsRole")
        self.make("Mapping", "AWS::Lambda::EventSourceMapping", properties, after=[role])

    def _statements(self) -> list[Json]:
        return [
            allow("TakeEvents", TAKES, att("Queue", "Arn")),
            allow("UseKey", ["kms:Decrypt"], self._key),
            *reads_configuration(self),
            *joining(self),
        ]
