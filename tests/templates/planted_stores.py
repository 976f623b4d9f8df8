"""Defects of what the platform stores: tables, their copies, the journal."""

from tests.templates import test_rules as rules
from tests.templates import test_wrong as wrong
from tests.templates.planted import Defect, add, drop, put

RESTORABLE = "PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled"
SECOND = "StateTable/Replicas/1"
AGAIN = {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {"TableName": "trading-analytics-state"}}
SPARE = {"AttributeName": "value", "AttributeType": "S"}
kept = rules.test_ru_4_tables_and_logs_are_encrypted_by_kms_and_tables_restorable
owned = wrong.test_wrong_1_a_global_table_has_one_owner
keyed = wrong.test_every_copy_of_a_global_table_has_a_key_of_its_own_region
indexed = wrong.test_ss_2_analytics_are_found_by_symbol_and_time
defined = wrong.test_no_attribute_is_defined_that_no_key_uses
strong = wrong.test_the_journal_is_strongly_consistent_with_one_witness_and_no_ttl

DEFECTS = (
    Defect("pens", "a table in clear", put("PensTable/SSESpecification", {"SSEEnabled": False}), kept),
    Defect("pens", "a table under AWS's own key", drop("PensTable/SSESpecification/KMSMasterKeyId"), kept),
    Defect("pens", "a table that can't be restored", put(f"PensTable/{RESTORABLE}", False), kept),
    Defect("tables", "a first copy that can't be restored", put(f"CommandsTable/Replicas/0/{RESTORABLE}", False), kept),
    Defect("tables", "a second copy that can't be restored", put(f"{SECOND}/Fn::If/1/{RESTORABLE}", False), kept),
    Defect("journal", "a copy that can't be restored", put(f"JournalTable/Replicas/1/{RESTORABLE}", False), kept),
    Defect("tables", "capacity that somebody must foresee", put("AnalyticsTable/BillingMode", "PROVISIONED"), kept),
    Defect("tables", "a global table encrypted by DynamoDB's own key", drop("StateTable/SSESpecification/SSEType"), kept),
    Defect("tables", "a second copy wherever the stack is", put(SECOND, {"Region": {"Ref": "SecondRegion"}}), owned),
    Defect("tables", "copies without a stream", drop("StateTable/StreamSpecification"), owned),
    Defect("tables", "a stream of keys alone", put("AnalyticsTable/StreamSpecification/StreamViewType", "KEYS_ONLY"), owned),
    Defect("tables", "born with a second copy", put("Parameters/SecondRegion/Default", "x"), owned),
    Defect("pens", "a global table declared a second time", put("Resources/StateTable", AGAIN), owned),
    Defect(
        "tables",
        "a copy under the other region's key",
        put(f"{SECOND}/Fn::If/1/SSESpecification/KMSMasterKeyId", {"Ref": "DataKeyArn"}),
        keyed,
    ),
    Defect("tables", "analytics without their index", drop("AnalyticsTable/GlobalSecondaryIndexes"), indexed),
    Defect(
        "tables",
        "an index by another attribute",
        put("AnalyticsTable/GlobalSecondaryIndexes/0/KeySchema/1/AttributeName", "Price"),
        indexed,
    ),
    Defect("tables", "an attribute no key uses", add("StateTable/AttributeDefinitions", SPARE), defined),
    Defect("pens", "a key of an attribute nobody defines", put("PensTable/KeySchema/1/AttributeName", "other"), defined),
    Defect("journal", "a journal that agrees some time later", put("JournalTable/MultiRegionConsistency", "EVENTUAL"), strong),
    Defect("journal", "a journal without a witness", put("JournalTable/GlobalTableWitnesses", []), strong),
    Defect(
        "journal",
        "a journal that forgets",
        put("JournalTable/TimeToLiveSpecification", {"Enabled": True, "AttributeName": "at"}),
        strong,
    ),
)
