"""What is known of each kind of resource: whether it has a name and tags, and which statements have no narrower resource."""

TAGS = {"CostCenter", "Environment", "Region"}
# name's property and its limit, for every kind that has a name of ours
NAMED = {
    "AWS::ApiGateway::RestApi": ("Name", 128),
    "AWS::Backup::BackupVault": ("BackupVaultName", 50),
    "AWS::CloudFront::Function": ("Name", 64),
    "AWS::CloudWatch::Alarm": ("AlarmName", 255),
    "AWS::DynamoDB::GlobalTable": ("TableName", 255),
    "AWS::DynamoDB::Table": ("TableName", 255),
    "AWS::EC2::SecurityGroup": ("GroupName", 255),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", 128),
    "AWS::IAM::Role": ("RoleName", 64),
    "AWS::KMS::Alias": ("AliasName", 256),
    "AWS::Lambda::Function": ("FunctionName", 64),
    "AWS::Logs::DeliveryDestination": ("Name", 60),
    "AWS::Logs::DeliverySource": ("Name", 60),
    "AWS::Logs::LogGroup": ("LogGroupName", 512),
    "AWS::RDS::DBCluster": ("DBClusterIdentifier", 63),
    "AWS::RDS::DBClusterParameterGroup": ("DBClusterParameterGroupName", 255),
    "AWS::RDS::DBInstance": ("DBInstanceIdentifier", 63),
    "AWS::RDS::DBSubnetGroup": ("DBSubnetGroupName", 255),
    "AWS::RDS::GlobalCluster": ("GlobalClusterIdentifier", 63),
    "AWS::S3::Bucket": ("BucketName", 63),
    "AWS::SSM::Parameter": ("Name", 1011),
    "AWS::SecretsManager::Secret": ("Name", 512),
    "AWS::WAFv2::WebACL": ("Name", 128),
}
NAMED_BY_TAG = {
    "AWS::EC2::EIP",
    "AWS::EC2::FlowLog",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::RouteTable",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::Route53::HealthCheck",
}
GLOBALLY_NAMED = {
    "AWS::CloudFront::Function",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::RDS::DBCluster",
    "AWS::S3::Bucket",
}
NAMED_BY_OTHERS = {"database.Logs"}  # RDS names a cluster's log after the cluster
TAGGED = {
    *NAMED,
    *NAMED_BY_TAG,
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::Stage",
    "AWS::Backup::BackupPlan",
    "AWS::Backup::RestoreTestingPlan",
    "AWS::CloudFront::Distribution",
    "AWS::KMS::Key",
    "AWS::Logs::Delivery",
} - {"AWS::IAM::ManagedPolicy", "AWS::KMS::Alias"}
UNTAGGED = {
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::Backup::BackupSelection",
    "AWS::Backup::RestoreTestingSelection",
    "AWS::CloudFront::ResponseHeadersPolicy",
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::IAM::ManagedPolicy",
    "AWS::KMS::Alias",
    "AWS::Lambda::Permission",
    "AWS::Route53::RecordSet",
    "AWS::S3::BucketPolicy",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::WAFv2::LoggingConfiguration",
    "AWS::WAFv2::WebACLAssociation",
    "Custom::EmptyBucket",
}
# a statement on every resource, and why the service offers nothing narrower; each but the last holds in two regions alone
WITHOUT_RESOURCES = {
    "rotation.FunctionRole.SeeNetwork": "calls that look at networks have no resource",
    "stacksets.NetworkPolicy.Ec2": "ids of networks are made by AWS, and most calls that look have no resource",
    "stacksets.StoragePolicy.Kms": "keys have ids made by AWS",
    "stacksets.ServingPolicy.Apigateway": "ids of APIs are made by AWS",
    "stacksets.ServingPolicy.Logs": "calls that look for groups and deliveries have no resource",
    "stacksets.ServingPolicy.Wafv2": "ids of web ACLs are made by AWS",
    "stacksets.ServingPolicy.Route53": "ids of zones and checks are made by AWS, and the service has no region",
}
