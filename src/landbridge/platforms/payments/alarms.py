"""When somebody must look at this region: at its database, events, load balancer or sessions; limits are each region's own."""

from aws_cdk import CfnCondition, Fn
from constructs import Construct

from landbridge.platforms.constructs.alarms import BELOW, Metric, Rings, alarm, asks_for_topic
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.words import Json

REPLICA = "IsReplica"
TEN_GB = 10 * 1024**3


class Alarms(PaymentsStack):
    """Fourteen alarms that tell one topic; where nothing is asked silence is fine."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "alarms", "when somebody must look at this region")
        asks_for_topic(self)
        self._database()
        self._events()
        self._balancer()
        self._sessions()
        self.tell("LatencyAlarm", self.node.find_child("SlowAlarm").ref, "slow-alarm", "Rings when clients wait too long")

    def _limit(self, name: str, description: str) -> Json:
        return self.asks(name, description, type="Number", min_value=0)

    def _database(self) -> None:
        self.asks("DatabaseRole", "Whether the database writes or copies: output of the database stack")
        role = self.node.find_child("DatabaseRole").value_as_string
        CfnCondition(self, REPLICA, expression=Fn.condition_equals(role, "replica"))
        of = {"DBInstanceIdentifier": self.asks("DatabaseName", "The database's name: output of the database stack")}
        busy = Rings(self._limit("DatabaseCpuLimit", "Percent the database's processors may be busy"), 5)
        text = "The database's processors are busier than they may be"
        alarm(self, "database-cpu", text, Metric("AWS/RDS", "CPUUtilization", of, "Average"), busy)
        left = Metric("AWS/RDS", "FreeStorageSpace", of, "Minimum")
        alarm(self, "database-storage", "The database has less than 10 GB left", left, Rings(TEN_GB, 5, BELOW))
        waits = Metric("AWS/RDS", "DiskQueueDepth", of, "Average")
        alarm(self, "database-queue", "The database's disk has more to do than it can", waits, Rings(64, 5))
        behind = Rings(self._limit("ReplicaLagLimit", "Seconds a replica may be behind the writer"), 5)
        text = "The replica is further behind the writer than it may be"
        alarm(self, "replica-lag", text, Metric("AWS/RDS", "ReplicaLag", of, "Maximum"), behind, when=REPLICA)

    def _events(self) -> None:
        of = {"FunctionName": self.named("events")}
        for name, metric in (("errors", "Errors"), ("throttles", "Throttles")):
            text = f"The function of payment events: {name}"
            alarm(self, f"events-{name}", text, Metric("AWS/Lambda", metric, of, "Sum"), Rings(0))
        old = Rings(self._limit("EventAgeLimit", "Seconds a payment event may wait"))
        waiting = Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": self.named("events")}, "Maximum")
        alarm(self, "events-age", "A payment event has waited longer than it may", waiting, old)
        aside = Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": self.named("set-aside")}, "Maximum")
        alarm(self, "events-set-aside", "A payment event could not be processed and was set aside", aside, Rings(0, 1))

    def _balancer(self) -> None:
        balancer = {"LoadBalancer": self.asks("BalancerName", "The load balancer: output of the balancer stack")}
        targets = {**balancer, "TargetGroup": self.asks("TargetsName", "The group of tasks: output of the balancer stack")}
        slow = Rings(self._limit("LatencyLimit", "Seconds a hundredth of the answers may exceed, like 0.5"), 5)
        text = "A hundredth of the answers is slower than it may be"
        alarm(self, "slow", text, Metric("AWS/ApplicationELB", "TargetResponseTime", balancer, "p99"), slow)
        many = Rings(self._limit("ErrorLimit", "How many answers a minute may be 5xx"))
        for name, metric in (("errors", "HTTPCode_Target_5XX_Count"), ("balancer-errors", "HTTPCode_ELB_5XX_Count")):
            text = f"More answers are 5xx than may be: {metric}"
            alarm(self, name, text, Metric("AWS/ApplicationELB", metric, balancer, "Sum"), many)
        sick = Metric("AWS/ApplicationELB", "UnHealthyHostCount", targets, "Maximum")
        alarm(self, "unhealthy", "A task of the service is not well", sick, Rings(0, 5))

    def _sessions(self) -> None:
        table = {"TableName": self.named("sessions")}
        for act in ("Read", "Write"):
            metric = Metric("AWS/DynamoDB", f"{act}ThrottleEvents", table, "Sum")
            alarm(self, f"sessions-{act.lower()}s", f"The table of sessions refuses {act.lower()}s", metric, Rings(0))
        limit = Rings(self._limit("SessionLatencyLimit", "Milliseconds a session may take to be read"), 5)
        reads = Metric("AWS/DynamoDB", "SuccessfulRequestLatency", {**table, "Operation": "GetItem"}, "Average")
        alarm(self, "sessions-slow", "Sessions are read slower than they may be", reads, limit)
