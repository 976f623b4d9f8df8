"""Defects against the rules every template keeps: names, deletion, encryption, rights, logs, tags, outputs."""

from tests.templates import test_edge as edge
from tests.templates import test_roles as roles
from tests.templates import test_rules as rules
from tests.templates import test_stacksets as sets
from tests.templates import test_wrong as wrong
from tests.templates.planted import Defect, add, drop, put

LONG = {"Fn::Sub": "trading-analytics-write-the-dashboard-state-of-users-${EnvironmentSuffix}"}
TOLD_TWICE = {"Fn::Sub": "trading-analytics-pens-${EnvironmentSuffix}"}
FIRST = "Policies/0/PolicyDocument/Statement/0"
ENCRYPTED = "Bucket/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm"
RECEIPT = "WriteRole/Policies/0/PolicyDocument/Statement/2"
UNKNOWN = {"Type": "AWS::Neptune::DBCluster", "Properties": {}}
SPARE = {"Type": "String", "Description": "Nobody asks for it"}
UNREAD = "/trading-platform/${EnvironmentSuffix}/states-table"
plain = rules.test_ru_1_nothing_of_the_tool_is_left_in_a_template
suffix = rules.test_ru_2_the_suffix_is_a_parameter_with_a_clear_constraint
named = rules.test_ru_2_every_name_carries_the_suffix_and_fits_at_its_longest
destroyed = rules.test_ru_3_everything_can_be_destroyed
buckets = rules.test_ru_4_every_bucket_is_versioned_encrypted_private_and_tls_only
kept = rules.test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable
least = rules.test_ru_5_no_statement_allows_more_than_it_needs
excepted = rules.test_ru_5_every_exception_is_still_needed
penless = rules.test_ru_5_the_write_function_cannot_move_a_pen
silent = rules.test_ru_6_no_id_can_reach_a_log
nameless = edge.test_ru_6_cloudfronts_log_has_neither_path_nor_address
tagged = rules.test_ru_8_everything_that_can_be_tagged_is
told = rules.test_ru_9_outputs_are_described_and_exported_with_the_suffix
used = wrong.test_wrong_18_no_condition_or_parameter_is_left_unused
anywhere = wrong.test_no_template_knows_a_region_by_name
makes = sets.test_ss_1_the_execution_role_can_make_what_the_templates_make
taken = sets.test_ss_1_the_administration_role_may_only_take_the_execution_role
covers = sets.test_ss_1_no_type_is_of_a_service_the_execution_role_has_no_right_in
used_by = roles.test_ru_5_each_role_may_do_what_its_code_calls_and_what_is_allowed_by_hand
spelled = roles.test_every_action_there_is_is_known
configured = rules.test_ss_4_functions_read_their_regions_configuration
held = sets.test_ss_1_what_has_no_name_of_ours_is_held_to_two_regions

PLAIN = (
    Defect("pens", "the tool's metadata", put("Metadata", {"aws:cdk:path": "x"}), plain),
    Defect("keys", "a bootstrap parameter", put("Parameters/BootstrapVersion", SPARE), plain),
    Defect("pens", "a parameter nobody uses", put("Parameters/Spare", SPARE), used),
    Defect("network", "a condition nobody uses", put("Conditions/Spare", {"Fn::Equals": ["a", "b"]}), used),
    Defect("peering", "a region's name in a resource", put("PeeringConnection/PeerRegion", "eu-central-1"), anywhere),
    Defect(
        "api",
        "a region's name in a function's environment",
        put("ReadFunction/Environment/Variables/REGION", "us-east-1"),
        anywhere,
    ),
)
NAMES = (
    Defect("network", "a suffix of 40 characters is let in", put("Parameters/EnvironmentSuffix/MaxLength", 40), suffix),
    Defect("api", "a wrong suffix is refused without words", drop("Parameters/EnvironmentSuffix/ConstraintDescription"), suffix),
    Defect("tables", "any suffix is let in", put("Parameters/EnvironmentSuffix/AllowedPattern", ".*"), suffix),
    Defect("pens", "a table's name without the suffix", put("PensTable/TableName", "trading-analytics-pens"), named),
    Defect(
        "api",
        "a role's name without the region",
        put("ReadRole/RoleName", {"Fn::Sub": "trading-analytics-read-${EnvironmentSuffix}"}),
        named,
    ),
    Defect("api", "a function's name too long at the longest suffix", put("WriteFunction/FunctionName", LONG), named),
    Defect(
        "switch",
        "a bucket's name without the region",
        put("Bucket/BucketName", {"Fn::Sub": "trading-analytics-switch-${EnvironmentSuffix}"}),
        named,
    ),
    Defect(
        "artifacts",
        "a function's name without the platform",
        put("EmptierFunction/FunctionName", {"Fn::Sub": "emptier-${EnvironmentSuffix}"}),
        named,
    ),
    Defect(
        "network", "a subnet's name without the suffix", put("PublicASubnet/Tags/3/Value", "trading-analytics-public-a"), named
    ),
)
DELETED = (
    Defect("pens", "a table that stays", put("Resources/PensTable/DeletionPolicy", "Retain"), destroyed),
    Defect("tables", "a table that stays when replaced", put("Resources/StateTable/UpdateReplacePolicy", "Retain"), destroyed),
    Defect(
        "artifacts", "a bucket that stays once made", put("Resources/Bucket/DeletionPolicy", "RetainExceptOnCreate"), destroyed
    ),
    Defect("tables", "a copy protected from deletion", put("StateTable/Replicas/0/DeletionProtectionEnabled", True), destroyed),
    Defect("keys", "a key that waits 30 days", put("DataKey/PendingWindowInDays", 30), destroyed),
)
BUCKETS = (
    Defect("switch", "a bucket without versions", put("Bucket/VersioningConfiguration/Status", "Suspended"), buckets),
    Defect("artifacts", "a bucket without encryption", drop("Bucket/BucketEncryption"), buckets),
    Defect("switch", "a bucket encrypted by S3's own key", put(ENCRYPTED, "AES256"), buckets),
    Defect(
        "artifacts",
        "a bucket whose policy may be public",
        put("Bucket/PublicAccessBlockConfiguration/BlockPublicPolicy", False),
        buckets,
    ),
    Defect("switch", "a bucket without a policy", drop("Resources/BucketPolicy"), buckets),
    Defect(
        "artifacts",
        "a policy that refuses all, not only plain HTTP",
        drop("BucketPolicy/PolicyDocument/Statement/0/Condition"),
        buckets,
    ),
    Defect(
        "artifacts",
        "a policy that allows where it should refuse",
        put("BucketPolicy/PolicyDocument/Statement/0/Effect", "Allow"),
        buckets,
    ),
    Defect(
        "artifacts",
        "old versions kept for ever",
        drop("Bucket/LifecycleConfiguration/Rules/0/NoncurrentVersionExpiration"),
        buckets,
    ),
)
LOGS = (
    Defect("api", "a function's log without a key", drop("ReadLogs/KmsKeyId"), kept),
    Defect("network", "a flow log without a key", drop("FlowLogGroup/KmsKeyId"), kept),
    Defect("switch", "a log kept for ever", drop("AccessLogs/RetentionInDays"), kept),
    Defect("api", "an access log that names paths", put("Stage/AccessLogSetting/Format", '{"path": "$context.path"}'), silent),
    Defect(
        "switch",
        "an access log that names addresses",
        put("Stage/AccessLogSetting/Format", '{"from": "$context.identity.sourceIp"}'),
        silent,
    ),
    Defect("api", "bodies in the log", put("Stage/MethodSettings/0/DataTraceEnabled", True), silent),
    Defect("api", "an API that is not traced", put("Stage/TracingEnabled", False), silent),
    Defect("edge", "CloudFront's log with paths", add("LogDelivery/RecordFields", "cs-uri-stem"), nameless),
    Defect("edge", "CloudFront's log with addresses", add("LogDelivery/RecordFields", "c-ip"), nameless),
)
RIGHTS = (
    Defect("api", "a star action", put(f"ReadRole/{FIRST}/Action", ["dynamodb:*"]), least),
    Defect("artifacts", "every action of S3", put(f"EmptierRole/{FIRST}/Action", "s3:*"), least),
    Defect("api", "a star resource", put(f"WriteRole/{FIRST}/Resource", "*"), least),
    Defect("switch", "every object may be read", put(f"ReadRole/{FIRST}/Resource", ["*"]), least),
    Defect("keys", "a grant anybody may make", put("DataKey/KeyPolicy/Statement/2/Condition", {}), least),
    Defect("keys", "a key anybody may use", drop("DataKey/KeyPolicy/Statement/1/Condition"), least),
    Defect(
        "stacksets",
        "a written reason that no statement needs",
        put("NetworkPolicy/PolicyDocument/Statement/0/Resource", "arn"),
        excepted,
    ),
    Defect("api", "the write function may put whatever it likes into the pens table", drop(f"{RECEIPT}/Condition"), penless),
    Defect(
        "api",
        "the write function may put pens",
        put(f"{RECEIPT}/Condition/ForAllValues:StringLike/dynamodb:LeadingKeys", ["pen#*"]),
        penless,
    ),
    Defect("api", "a put that names no key is let through", drop(f"{RECEIPT}/Condition/Null"), penless),
    Defect(
        "api",
        "the write function may update pens",
        add("WriteRole/Policies/0/PolicyDocument/Statement/1/Action", "dynamodb:UpdateItem"),
        penless,
    ),
    Defect("api", "reads that may ask whatever they like", add(f"ReadRole/{FIRST}/Action", "dynamodb:Scan"), used_by),
    Defect("api", "a write that may not ask for its peer", drop("WriteRole/Policies/0/PolicyDocument/Statement/4"), used_by),
    Defect("api", "other fences than are configured", put("WriteFunction/Environment/Variables/FENCES", "32"), configured),
    Defect("parameters", "a name nobody looks for", put("StateTableParameter/Name", {"Fn::Sub": UNREAD}), configured),
    Defect("pipeline", "a machine that may move a pen", add(f"PipelineRole/{FIRST}/Action", "dynamodb:PutItem"), used_by),
    Defect("switch", "an action nobody has", put(f"ReadRole/{FIRST}/Action/0", "s3:GetObjects"), spelled),
    Defect("signals", "a role nobody has accounted for", put("Resources/SignalsRole/Properties/Policies", []), used_by),
    Defect(
        "stacksets", "the administration role may pass roles", add(f"AdministrationRole/{FIRST}/Action", "iam:PassRole"), taken
    ),
    Defect(
        "stacksets",
        "anybody may take the execution role",
        put("ExecutionRole/AssumeRolePolicyDocument/Statement/0/Principal", {"AWS": "*"}),
        taken,
    ),
    Defect(
        "stacksets", "the execution role works in every region", drop("NetworkPolicy/PolicyDocument/Statement/0/Condition"), held
    ),
    Defect("stacksets", "a service StackSets may not work", drop("Resources/WatchingPolicy"), covers),
    Defect(
        "stacksets", "a right nothing needs", add("NetworkPolicy/PolicyDocument/Statement/0/Action", "ec2:RunInstances"), makes
    ),
    Defect("stacksets", "a right that is missing", drop("NetworkPolicy/PolicyDocument/Statement/0/Action/0"), makes),
)
TOLD = (
    Defect("pens", "a table without tags", drop("PensTable/Tags"), tagged),
    Defect("tables", "a second copy without its cost centre", drop("StateTable/Replicas/1/Fn::If/1/Tags/0"), tagged),
    Defect("api", "a stage with one tag of three", put("Stage/Tags", [{"Key": "Environment", "Value": "x"}]), tagged),
    Defect("parameters", "a parameter without its cost centre", drop("FencesParameter/Tags/CostCenter"), tagged),
    Defect("network", "a kind of resource nobody has placed", put("Resources/Graph", UNKNOWN), tagged),
    Defect("keys", "an output without a description", drop("Outputs/DataKeyArn/Description"), told),
    Defect("pens", "an export name without the suffix", put("Outputs/PensTableName/Export/Name", "trading-analytics-pens"), told),
    Defect("pens", "an export name told twice", put("Outputs/PensTableArn/Export/Name", TOLD_TWICE), told),
    Defect("network", "a stack that tells nothing", put("Outputs", {}), told),
)
DEFECTS = (*PLAIN, *NAMES, *DELETED, *BUCKETS, *LOGS, *RIGHTS, *TOLD)
