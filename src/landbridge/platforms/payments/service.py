"""The payments service: tasks in private subnets, found by name, as many as are needed, and back by itself when new ones fail."""

from constructs import Construct

from landbridge.platforms.constructs.retention import log_days
from landbridge.platforms.payments.common import PaymentsStack
from landbridge.platforms.payments.configuration import reads_configuration, reads_identity, told
from landbridge.platforms.payments.endpoints import TASK
from landbridge.platforms.payments.keys import INSIGHTS
from landbridge.platforms.words import Json, allow, att, ref, sub, trust

PULLS = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
NOBODY = "65532:65532"
SIZES = ["256", "512", "1024", "2048", "4096"]
SESSIONS = [f"dynamodb:{verb}Item" for verb in ("Delete", "Get", "Put")]


class Service(PaymentsStack):
    """Cluster, task, service, its name, and how many there are."""

    def __init__(self, scope: Construct) -> None:
        super().__init__(scope, "service", "the payments service of this region")
        self._key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self._path = f"/aws/ecs/{self.text('service')}"
        key = self.asks("LogsKeyArn", "The key of this region's logs: output of the keys stack")
        days = log_days(self)
        self.log_group("ServiceLogs", self._path, key, days)
        # made here, or ECS would make it without a key and leave it behind
        measured = self.log_group("InsightsLogs", INSIGHTS.format(self.text("cluster")), key, days)
        self._roles()
        cluster = {"ClusterName": self.named("cluster"), "ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}
        self.make("Cluster", "AWS::ECS::Cluster", cluster, after=[measured])
        self.make("Task", "AWS::ECS::TaskDefinition", self._task())
        self._found_by_name()
        roles = [self.node.find_child(f"{name}Role") for name in ("Start", "Task")]
        self.make("Service", "AWS::ECS::Service", self._service(), after=roles)
        self._as_many_as_needed()
        self.tell("ClusterName", ref("Cluster"), "cluster", "The cluster the service runs in")
        self.tell("ServiceName", att("Service", "Name"), "service", "The service")
        host = sub(f"service.{self.text('payments')}.internal")
        self.tell("ServiceHost", host, "service-host", "By which name tasks are found")

    def _roles(self) -> None:
        here = {"StringEquals": {"aws:SourceAccount": ref("AWS::AccountId")}}
        trusted = trust("ecs-tasks.amazonaws.com", here)
        region = {"StringEquals": {"aws:RequestedRegion": ref("AWS::Region")}}
        repository = self.asks("RepositoryArn", "The repository of the image: output of the images stack")
        starts = [
            allow("SignIn", ["ecr:GetAuthorizationToken"], "*", region),
            allow("Pull", PULLS, repository),
            self.logging(self._path),
        ]
        self.role("StartRole", "start", trusted, "By which tasks are started: their image and their log", starts)
        does = "What the payments service may do"
        self.role("TaskRole", "service", trusted, does, self._statements())

    def _statements(self) -> list[Json]:
        self.asks("UploadsBucketArn", "The bucket of uploads: output of the uploads stack")
        queue = self.asks("QueueArn", "The queue of payment events: output of the events stack")
        table = self.arn("dynamodb", f"table/{self.text('sessions')}")
        return [
            allow("KeepSessions", SESSIONS, table),
            allow("KeepUploads", ["s3:GetObject", "s3:PutObject"], sub("${UploadsBucketArn}/*")),
            allow("PutEvents", ["sqs:SendMessage"], queue),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], self._key),
            reads_identity(self),
            *reads_configuration(self),
        ]

    def _task(self) -> Json:
        image = self.asks("RepositoryUri", "Where the image is taken from: output of the images stack")
        how = {"allowed_pattern": "sha256:[0-9a-f]{64}", "constraint_description": "an image's digest, sha256:..."}
        digest = self.asks("ImageDigest", "Which image is run", **how)
        log = {"awslogs-group": ref("ServiceLogs"), "awslogs-region": ref("AWS::Region"), "awslogs-stream-prefix": "service"}
        queue = self.asks("QueueUrl", "Where payment events are put: output of the events stack")
        environment = {**told(self), "AWS_REGION": ref("AWS::Region"), "EVENTS_QUEUE": queue}
        container = {
            "Name": "service",
            "Image": {"Fn::Join": ["@", [image, digest]]},
            "Essential": True,
            "Memory": ref("Memory"),
            "User": NOBODY,
            "ReadonlyRootFilesystem": True,
            "LinuxParameters": {"InitProcessEnabled": True},
            "PortMappings": [{"ContainerPort": TASK, "Protocol": "tcp"}],
            "Environment": [{"Name": name, "Value": value} for name, value in environment.items()],
            "LogConfiguration": {"LogDriver": "awslogs", "Options": log},
            "StopTimeout": 30,
        }
        return {
            "Family": self.named("service"),
            "Cpu": self.asks("Cpu", "How much processor a task has, in 1024ths", allowed_values=SIZES),
            "Memory": self.asks(
                "Memory", "MB of memory a task has, a size Fargate offers with that processor", type="Number", min_value=512
            ),
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
            "ExecutionRoleArn": att("StartRole", "Arn"),
            "TaskRoleArn": att("TaskRole", "Arn"),
            "ContainerDefinitions": [container],
        }

    def _found_by_name(self) -> None:
        vpc = self.asks("VpcId", "The network's id: output of the network stack")
        properties = {"Name": sub(f"{self.text('payments')}.internal"), "Vpc": vpc}
        self.make("Namespace", "AWS::ServiceDiscovery::PrivateDnsNamespace", properties)
        properties = {
            "Name": "service",
            "DnsConfig": {
                "NamespaceId": att("Namespace", "Id"),
                "RoutingPolicy": "MULTIVALUE",
                "DnsRecords": [{"Type": "A", "TTL": 10}],
            },
            "HealthCheckCustomConfig": {"FailureThreshold": 1},
        }
        self.make("Discovery", "AWS::ServiceDiscovery::Service", properties)

    def _service(self) -> Json:
        subnets = self.asks("PrivateSubnetIds", "The private subnets: output of the network stack", type="CommaDelimitedList")
        group = self.asks("ServiceGroupId", "The security group of tasks: output of the endpoints stack")
        targets = self.asks("TargetsArn", "The group of tasks: output of the balancer stack")
        text = "How many tasks there are at least, and to begin with"
        least = self.asks("LeastTasks", text, type="Number", min_value=1, max_value=100)
        inside = {"AssignPublicIp": "DISABLED", "Subnets": subnets, "SecurityGroups": [group]}
        return {
            "ServiceName": self.named("service"),
            "Cluster": ref("Cluster"),
            "TaskDefinition": ref("Task"),
            "LaunchType": "FARGATE",
            "PlatformVersion": "LATEST",
            "DesiredCount": least,
            "NetworkConfiguration": {"AwsvpcConfiguration": inside},
            "DeploymentConfiguration": {
                "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
                "MinimumHealthyPercent": 100,
                "MaximumPercent": 200,
            },
            "AvailabilityZoneRebalancing": "ENABLED",
            "HealthCheckGracePeriodSeconds": 60,
            "LoadBalancers": [{"ContainerName": "service", "ContainerPort": TASK, "TargetGroupArn": targets}],
            "ServiceRegistries": [{"RegistryArn": att("Discovery", "Arn")}],
            "PropagateTags": "SERVICE",
            "EnableECSManagedTags": True,
        }

    def _as_many_as_needed(self) -> None:
        most = self.asks("MostTasks", "How many tasks there are at most", type="Number", min_value=1, max_value=100)
        text = "How busy tasks may be, in percent, before there are more of them"
        busy = self.asks("BusyPercent", text, type="Number", min_value=10, max_value=95)
        properties = {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": sub("service/${Cluster}/${Service.Name}"),
            "MinCapacity": ref("LeastTasks"),
            "MaxCapacity": most,
        }
        self.make("Tasks", "AWS::ApplicationAutoScaling::ScalableTarget", properties)
        tracked = {
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            "TargetValue": busy,
            "ScaleInCooldown": 300,
            "ScaleOutCooldown": 60,
        }
        properties = {
            "PolicyName": self.named("tasks"),
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": ref("Tasks"),
            "TargetTrackingScalingPolicyConfiguration": tracked,
        }
        self.make("TasksPolicy", "AWS::ApplicationAutoScaling::ScalingPolicy", properties)
