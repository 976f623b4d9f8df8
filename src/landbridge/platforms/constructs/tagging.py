"""Which kinds of resources take tags, and in which of CloudFormation's ways they are spelled."""

from landbridge.platforms.words import Json, ref

UNTAGGED = frozenset(
    {
        "AWS::ApiGateway::Account",
        "AWS::ApiGateway::Authorizer",
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::Deployment",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Resource",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::RestoreTestingSelection",
        "AWS::CloudFront::ResponseHeadersPolicy",
        "AWS::CloudWatch::Dashboard",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::Glue::Database",
        "AWS::Glue::Table",
        "AWS::IAM::ManagedPolicy",
        "AWS::KMS::Alias",
        "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogStream",
        "AWS::Logs::SubscriptionFilter",
        "AWS::Route53::RecordSet",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::WAFv2::LoggingConfiguration",
        "AWS::WAFv2::WebACLAssociation",
        "Custom::EmptyBucket",
        "Custom::EmptyVault",
    }
)
TAGS_AS_MAP = frozenset({"AWS::Backup::BackupPlan", "AWS::Backup::BackupVault", "AWS::SSM::Parameter"})
TAGS_ELSEWHERE = {
    "AWS::Budgets::Budget": "ResourceTags",
    "AWS::CE::AnomalyMonitor": "ResourceTags",
    "AWS::CE::AnomalySubscription": "ResourceTags",
    "AWS::Backup::BackupPlan": "BackupPlanTags",
    "AWS::Backup::BackupVault": "BackupVaultTags",
    "AWS::Route53::HealthCheck": "HealthCheckTags",
}
TAGGED_BY_REPLICA = frozenset({"AWS::DynamoDB::GlobalTable"})


def tags(region: Json) -> list[Json]:
    """The three tags, with the region something lies in."""
    values = {"CostCenter": ref("CostCenter"), "Environment": ref("Environment"), "Region": region}
    return [{"Key": key, "Value": value} for key, value in values.items()]


def spelled(kind: str, found: list[Json]) -> Json:
    """The property that holds a resource's tags; nothing where it takes none, or keeps them with each of its copies."""
    if kind in UNTAGGED | TAGGED_BY_REPLICA:
        return {}
    as_map = {tag["Key"]: tag["Value"] for tag in found}
    return {TAGS_ELSEWHERE.get(kind, "Tags"): as_map if kind in TAGS_AS_MAP else found}
