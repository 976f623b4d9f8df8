"""Defects of the payments platform's templates: one thing put wrong in a copy of one of them, and the check that must see it."""

from tests.templates import test_rules as rules
from tests.templates import test_wrong as wrong
from tests.templates.payments import test_network as network
from tests.templates.payments import test_roles as roles
from tests.templates.payments import test_rules as own
from tests.templates.payments import test_serving as serving
from tests.templates.payments import test_stores as stores
from tests.templates.planted import Defect, add, drop, put

EVERYWHERE = "0.0.0.0/0"
NOTHING = {"Ref": "AWS::NoValue"}
subnets = network.test_py_8_three_kinds_of_subnets_in_three_zones_that_never_overlap
ways = network.test_py_8_isolated_subnets_have_no_way_out
listed = network.test_py_8_every_subnet_has_the_list_of_its_kind
isolated = network.test_py_8_isolated_subnets_take_postgresql_from_the_network_and_nothing_else
closed = network.test_py_8_only_the_load_balancer_is_open_to_the_internet
inside = network.test_py_8_services_used_from_private_subnets_have_endpoints
across = network.test_py_8_both_sides_have_routes_for_questions_and_for_answers
crossing = network.test_py_8_nothing_crosses_but_postgresql
placed = stores.test_py_2_the_database_lies_in_isolated_subnets_and_answers_nobody_outside
encrypted = stores.test_py_2_it_is_encrypted_by_its_own_regions_key_and_speaks_tls_alone
replica = stores.test_py_2_a_replica_takes_its_user_and_its_storage_from_the_writer
promoted = stores.test_py_2_promoting_changes_one_property_and_replaces_nothing
password = stores.test_py_2_its_password_is_nobodys_but_secrets_managers
rotated = stores.test_py_2_its_password_changes_in_the_region_whose_secret_it_is
copies = stores.test_py_3_sessions_have_a_copy_and_a_key_in_each_region
strong = stores.test_py_3_strong_sessions_have_no_expiry
uploads = stores.test_py_5_uploads_are_copied_with_their_encryption_and_old_versions_go
role = stores.test_py_5_the_role_reads_here_and_writes_there
tls = serving.test_py_4_clients_come_in_by_tls_1_2_at_least
log = serving.test_py_4_who_asked_is_logged_and_bad_headers_are_dropped
firewall = serving.test_py_4_the_firewall_blocks_by_country_by_rate_and_by_awss_rules
aside = serving.test_py_6_an_event_is_tried_some_times_and_then_set_aside
function = serving.test_py_6_the_function_runs_in_the_network_by_no_more_than_it_reserved
found = serving.test_py_6_code_finds_its_regions_endpoints_in_parameter_store
tasks = serving.test_py_7_tasks_run_in_private_subnets_as_nobody_on_a_file_system_they_cannot_write
many = serving.test_py_7_there_are_as_many_tasks_as_are_needed
images = serving.test_py_7_images_are_scanned_and_never_change_under_their_name
watched = serving.test_py_9_database_function_balancer_and_sessions_are_watched
told = serving.test_py_9_only_alarms_of_the_platform_tell_its_topic
keys = own.test_ru_4_each_region_has_a_set_of_keys_of_its_own
emptied = own.test_ru_3_every_bucket_empties_itself
gone = own.test_ru_3_a_database_and_a_registry_leave_nothing_behind
named = rules.test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest
destroyed = rules.test_ru_3_everything_can_be_destroyed
bucket = rules.test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only
tagged = rules.test_ru_8_everything_that_can_be_tagged_is
exported = rules.test_ru_9_outputs_are_described_and_exported_with_the_suffix
allowed = rules.test_ru_5_no_statement_allows_more_than_it_needs
called = roles.test_ru_5_each_role_may_do_what_its_code_calls_and_what_is_allowed_by_hand
strongly = wrong.test_the_journal_is_strongly_consistent_with_one_witness_and_no_ttl
healthy = serving.test_py_4_a_region_serves_while_its_load_balancer_finds_it_well
identity = stores.test_py_7_the_key_that_names_customers_is_nobodys_but_secrets_managers
SETS = "FunctionRole/Policies/0/PolicyDocument/Statement/1/Resource"
SECOND = "SessionsTable/Replicas/1/Fn::If/1"
COPY = "Uploads/ReplicationConfiguration/Fn::If/1/Rules/0"
EMPTIES = "EmptierRole/Policies/0/PolicyDocument/Statement/0"
BY_DEFAULT = "Uploads/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault"
LONG = {"Fn::Sub": "loadbalancer-${Environment}-${EnvironmentSuffix}"}
ISOLATED_OUT = {
    "Type": "AWS::EC2::Route",
    "Properties": {"RouteTableId": {"Ref": "IsolatedRouteTable"}, "NatGatewayId": {"Ref": "NatA"}},
}

DEFECTS = (
    Defect(
        "keys",
        "a key that never rotates",
        put("DatabaseKey/EnableKeyRotation", False),
        keys,
    ),
    Defect("keys", "one key less", drop("Resources/DatabaseKey"), keys),
    Defect("keys", "a key that waits a month", put("DataKey/PendingWindowInDays", 30), destroyed),
    Defect("network", "two isolated subnets in one zone", put("IsolatedBSubnet/AvailabilityZone/Fn::Select/0", 0), subnets),
    Defect("network", "two subnets with the same addresses", put("IsolatedBSubnet/CidrBlock/Fn::Select/0", 12), subnets),
    Defect("network", "a way out of the isolated subnets", put("Resources/IsolatedDefaultRoute", ISOLATED_OUT), ways),
    Defect(
        "network", "an isolated subnet that is private", put("IsolatedAAssociation/RouteTableId/Ref", "PrivateARouteTable"), ways
    ),
    Defect("acls", "an isolated subnet with the public list", put("IsolatedAAcl/NetworkAclId/Ref", "PublicAcl"), listed),
    Defect("acls", "a subnet without a list", drop("Resources/PrivateCAcl"), listed),
    Defect("acls", "isolated subnets open to everybody", put("IsolatedPostgresIn/CidrBlock", EVERYWHERE), isolated),
    Defect("acls", "every port into isolated subnets", put("IsolatedPostgresIn/PortRange/From", 0), isolated),
    Defect("acls", "two rules of one number", put("PublicHttpIn/RuleNumber", 100), isolated),
    Defect(
        "endpoints",
        "tasks open to the internet",
        add("ServiceGroup/SecurityGroupIngress", {"CidrIp": EVERYWHERE, "FromPort": 8443}),
        closed,
    ),
    Defect(
        "endpoints",
        "the database open to the load balancer",
        put("DatabaseFromService/SourceSecurityGroupId/Ref", "BalancerGroup"),
        closed,
    ),
    Defect("endpoints", "images by way of the internet", drop("Resources/ImagesEndpoint"), inside),
    Defect("peering", "a connection that stays", put("Resources/PeeringConnection/DeletionPolicy", "Retain"), destroyed),
    Defect("crossing", "answers that find no way back", drop("Resources/IsolatedRoute"), across),
    Defect("crossing", "a zone without a way across", drop("Resources/PrivateCRoute"), across),
    Defect("crossing", "every port open to the other region", put("DatabaseFromPeer/FromPort", 0), crossing),
    Defect(
        "artifacts",
        "every bucket of the account may be emptied",
        put(f"{EMPTIES}/Resource", "*"),
        allowed,
    ),
    Defect(
        "artifacts",
        "a bucket that nobody may empty",
        drop(f"{EMPTIES}/Resource/2"),
        emptied,
    ),
    Defect("images", "tags that move", put("Repository/ImageTagMutability", "MUTABLE"), images),
    Defect(
        "images",
        "a registry that can't be deleted",
        drop("Repository/EmptyOnDelete"),
        gone,
    ),
    Defect("notices", "a topic anybody may publish to", put("AlertsTopicPolicy/PolicyDocument/Statement/0/Principal", "*"), told),
    Defect("credentials", "a short password", put("Secret/GenerateSecretString/PasswordLength", 8), password),
    Defect("credentials", "a secret under AWS's key", drop("Secret/KmsKeyId"), password),
    Defect("credentials", "a key everybody can guess", put("IdentityKey/GenerateSecretString/PasswordLength", 8), identity),
    Defect("credentials", "a key that one region lacks", drop("IdentityKey/ReplicaRegions"), identity),
    Defect("journal", "a journal without a witness", put("JournalTable/GlobalTableWitnesses", []), strongly),
    Defect("journal", "a journal that agrees some time later", put("JournalTable/MultiRegionConsistency", "EVENTUAL"), strongly),
    Defect("balancer", "a region that is always well", put("HealthCheck/HealthCheckConfig/ResourcePath", "/"), healthy),
    Defect("rotation", "a function that sets every password", put(SETS, {"Fn::Sub": "arn:aws:rds:*:*:db:*"}), rotated),
    Defect("rotation", "a function outside the network", drop("Function/VpcConfig"), rotated),
    Defect("database", "a password that is changed at once", put("Rotation/RotateImmediatelyOnUpdate", True), rotated),
    Defect("database", "a database on the internet", put("Instance/PubliclyAccessible", True), placed),
    Defect("database", "a database in private subnets", put("Subnets/SubnetIds/Ref", "PrivateSubnetIds"), placed),
    Defect("database", "connections in clear", put("Settings/Parameters/rds.force_ssl", "0"), encrypted),
    Defect("database", "another region's key", put("Instance/KmsKeyId", {"Ref": "DataKeyArn"}), encrypted),
    Defect("database", "a replica with a user of its own", put("Instance/MasterUsername", "payments"), replica),
    Defect("database", "a replica of nothing", drop("Instance/SourceDBInstanceIdentifier"), replica),
    Defect("database", "promoting that replaces", put("Instance/DBName/Fn::If/0", "IsReplica"), promoted),
    Defect(
        "database",
        "backups that stay",
        put("Instance/DeleteAutomatedBackups", False),
        gone,
    ),
    Defect("database", "a final snapshot", put("Resources/Instance/DeletionPolicy", "Snapshot"), destroyed),
    Defect(
        "sessions",
        "a copy under the first region's key",
        put(f"{SECOND}/SSESpecification/KMSMasterKeyId/Ref", "DataKeyArn"),
        copies,
    ),
    Defect("sessions", "copies without a stream", drop("SessionsTable/StreamSpecification"), copies),
    Defect(
        "sessions", "expiry of strong sessions", put("SessionsTable/TimeToLiveSpecification/Fn::If/1", {"Enabled": True}), strong
    ),
    Defect("sessions", "strong alone", put("Conditions/IsStrong", {"Fn::Equals": [{"Ref": "Consistency"}, "strong"]}), strong),
    Defect(
        "uploads",
        "copies both ways",
        put(f"{COPY}/SourceSelectionCriteria/ReplicaModifications", {}),
        uploads,
    ),
    Defect(
        "uploads",
        "copies without a key",
        drop(f"{COPY}/Destination/EncryptionConfiguration"),
        uploads,
    ),
    Defect("uploads", "old versions for ever", put("Uploads/LifecycleConfiguration/Rules", []), uploads),
    Defect(
        "uploads",
        "a role that writes here",
        put("CopyRole/Policies/0/PolicyDocument/Statement/2/Resource/Fn::Sub", "uploads-${AWS::Region}/*"),
        role,
    ),
    Defect("uploads", "a bucket without versions", put("Uploads/VersioningConfiguration/Status", "Suspended"), bucket),
    Defect(
        "uploads",
        "a bucket under S3's key",
        put(f"{BY_DEFAULT}/SSEAlgorithm", "AES256"),
        bucket,
    ),
    Defect("balancer", "old TLS", put("HttpsListener/SslPolicy", "ELBSecurityPolicy-2016-08"), tls),
    Defect("balancer", "plain HTTP that is served", put("HttpListener/DefaultActions/0/Type", "forward"), tls),
    Defect("balancer", "plain HTTP inside", put("Targets/Protocol", "HTTP"), tls),
    Defect("balancer", "no log", put("Balancer/LoadBalancerAttributes/0/Value", "false"), log),
    Defect("balancer", "a name that is too long", put("Balancer/Name", LONG), named),
    Defect("balancer", "a load balancer without tags", drop("Balancer/Tags"), tagged),
    Defect("firewall", "countries that are only counted", put("WebAcl/Rules/5/Action", {"Count": {}}), firewall),
    Defect("firewall", "fixed countries", put("WebAcl/Rules/5/Statement/GeoMatchStatement/CountryCodes", ["KP"]), firewall),
    Defect("firewall", "a firewall before nothing", drop("Resources/WebAclAssociation"), firewall),
    Defect("firewall", "no rules on SQL", drop("WebAcl/Rules/3"), firewall),
    Defect("events", "events that come back too soon", put("Queue/VisibilityTimeout", 30), aside),
    Defect("events", "events that are tried for ever", drop("Queue/RedrivePolicy"), aside),
    Defect("events", "a queue under AWS's key", drop("SetAside/KmsMasterKeyId"), aside),
    Defect("events", "a bad event that brings its batch back", drop("Mapping/FunctionResponseTypes"), function),
    Defect("events", "no reserved concurrency", drop("EventsFunction/ReservedConcurrentExecutions"), function),
    Defect("events", "a function outside the network", drop("EventsFunction/VpcConfig"), function),
    Defect("parameters", "a name nobody keeps", drop("Resources/DatabaseWriterParameter"), found),
    Defect(
        "service",
        "tasks on the internet",
        put("Service/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp", "ENABLED"),
        tasks,
    ),
    Defect(
        "service",
        "a deploy that is not taken back",
        put("Service/DeploymentConfiguration/DeploymentCircuitBreaker/Rollback", False),
        tasks,
    ),
    Defect("service", "tasks as root", put("Task/ContainerDefinitions/0/User", "0"), tasks),
    Defect(
        "service", "a file system that can be written", put("Task/ContainerDefinitions/0/ReadonlyRootFilesystem", False), tasks
    ),
    Defect("service", "tasks nobody finds", put("Service/ServiceRegistries", []), tasks),
    Defect("service", "a fixed number of tasks", put("Tasks/MaxCapacity", 3), many),
    Defect(
        "service",
        "a task that may do more than its code does",
        add("TaskRole/Policies/0/PolicyDocument/Statement/0/Action", "dynamodb:UpdateItem"),
        called,
    ),
    Defect(
        "events",
        "a function that may read every secret",
        add("EventsRole/Policies/0/PolicyDocument/Statement/3/Action", "secretsmanager:ListSecrets"),
        called,
    ),
    Defect("alarms", "an alarm that tells nobody", put("SlowAlarm/AlarmActions", []), watched),
    Defect("alarms", "one limit for every region", put("SlowAlarm/Threshold", 1), watched),
    Defect("alarms", "a writer that rings for lag", drop("Resources/ReplicaLagAlarm/Condition"), watched),
    Defect("alarms", "an output without the suffix", put("Outputs/LatencyAlarm/Export/Name/Fn::Sub", "slow"), exported),
)
