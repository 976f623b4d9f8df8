"""Where clients come in: a load balancer in the public subnets, TLS 1.2 at least, and a log of who asked.

Load balancers can write their log into a bucket under S3's own key alone; it is the one bucket without the region's key.
"""

from typing import Any

from constructs import Construct

from landbridge.platforms.constructs.buckets import bucket
from landbridge.platforms.constructs.emptying import empties
from landbridge.platforms.constructs.groups import HTTPS
from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.endpoints import HTTP, TASK
from landbridge.platforms.words import Json, att, ref, sub

PREFIX, HEALTH = "balancer", "/health"
TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06"
CERTIFICATE = "arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+"


class Balancer(PaymentsStack):
    """The balancer, its two listeners and the group of the service's tasks."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "balancer", "the load balancer clients come in by, and its log")
        emptier = self.asks("EmptierArn", "The function that empties buckets: output of the artifacts stack")
        forget = {"Id": "forget", "Status": "Enabled", "ExpirationInDays": log_days(self)}
        logs = bucket(self, "Logs", "access-logs", None, [forget], allowed=(self._writes(),))
        empties(self, logs, emptier)
        allowed = self.node.find_child("LogsPolicy")
        self.make("Balancer", "AWS::ElasticLoadBalancingV2::LoadBalancer", self._balancer(), after=[allowed])
        self.make("Targets", "AWS::ElasticLoadBalancingV2::TargetGroup", self._targets())
        self._listeners()
        self._health()
        self._outputs()

    def _writes(self) -> Json:
        """That load balancers of this account may put their logs there."""
        return {
            "Sid": "AccessLogs",
            "Effect": "Allow",
            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": sub(f"${{Logs.Arn}}/{PREFIX}/AWSLogs/${{AWS::AccountId}}/*"),
            "Condition": {"ArnLike": {"aws:SourceArn": self.arn("elasticloadbalancing", "loadbalancer/*")}},
        }

    def _balancer(self) -> Json:
        subnets = self.asks("PublicSubnetIds", "The public subnets: output of the network stack", type="CommaDelimitedList")
        return {
            "Name": self.named("lb"),
            "Scheme": "internet-facing",
            "Type": "application",
            "Subnets": subnets,
            "SecurityGroups": [self.asks("BalancerGroupId", "Its security group: output of the endpoints stack")],
            "LoadBalancerAttributes": _attributes(
                {
                    "access_logs.s3.enabled": "true",
                    "access_logs.s3.bucket": ref("Logs"),
                    "access_logs.s3.prefix": PREFIX,
                    "deletion_protection.enabled": "false",
                    "routing.http.desync_mitigation_mode": "strictest",
                    "routing.http.drop_invalid_header_fields.enabled": "true",
                }
            ),
        }

    def _targets(self) -> Json:
        return {
            "Name": self.named("tg"),
            "VpcId": self.asks("VpcId", "The network's id: output of the network stack"),
            "TargetType": "ip",
            "Protocol": "HTTPS",
            "Port": TASK,
            "HealthCheckProtocol": "HTTPS",
            "HealthCheckPath": HEALTH,
            "HealthCheckIntervalSeconds": 10,
            "HealthCheckTimeoutSeconds": 5,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 3,
            "Matcher": {"HttpCode": "200"},
            "TargetGroupAttributes": _attributes({"deregistration_delay.timeout_seconds": "30"}),
        }

    def _listeners(self) -> None:
        text = "The certificate clients see, issued in this region"
        how = {"allowed_pattern": CERTIFICATE, "constraint_description": "the ARN of a certificate of ACM in this region"}
        certificate = self.asks("CertificateArn", text, **how)
        forward = {"Type": "forward", "TargetGroupArn": ref("Targets")}
        seen = {"SslPolicy": TLS, "Certificates": [{"CertificateArn": certificate}]}
        self._listener("Https", HTTPS, "HTTPS", forward, seen)
        to = {"Protocol": "HTTPS", "Port": str(HTTPS), "StatusCode": "HTTP_301"}
        self._listener("Http", HTTP, "HTTP", {"Type": "redirect", "RedirectConfig": to}, {})

    def _listener(self, name: str, port: int, protocol: str, action: Json, how: dict[str, Any]) -> None:
        properties = {"LoadBalancerArn": ref("Balancer"), "Port": port, "Protocol": protocol, "DefaultActions": [action], **how}
        self.make(f"{name}Listener", "AWS::ElasticLoadBalancingV2::Listener", properties)

    def _health(self) -> None:
        """By which the region's weighted record serves or not; the certificate's name is not asked for, so any host will do."""
        config = {
            "Type": "HTTPS",
            "FullyQualifiedDomainName": att("Balancer", "DNSName"),
            "Port": HTTPS,
            "ResourcePath": HEALTH,
            "RequestInterval": 10,
            "FailureThreshold": 3,
        }
        self.make("HealthCheck", "AWS::Route53::HealthCheck", {"HealthCheckConfig": config}, called="health")

    def _outputs(self) -> None:
        self.tell("HealthCheckId", ref("HealthCheck"), "health-check", "Whether this region may serve")
        self.tell("BalancerArn", ref("Balancer"), "lb-arn", "The load balancer")
        self.tell("BalancerName", att("Balancer", "LoadBalancerFullName"), "lb", "Its name, by which its metrics are found")
        self.tell("BalancerHost", att("Balancer", "DNSName"), "lb-host", "Where clients come in")
        self.tell("BalancerZone", att("Balancer", "CanonicalHostedZoneID"), "lb-zone", "The zone a name of its own points to")
        self.tell("TargetsArn", ref("Targets"), "tg-arn", "The group of the service's tasks")
        self.tell("TargetsName", att("Targets", "TargetGroupFullName"), "tg", "Its name, by which its metrics are found")


def _attributes(values: dict[str, Json]) -> list[Json]:
    return [{"Key": key, "Value": value} for key, value in values.items()]
