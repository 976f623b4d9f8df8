"""The analysts' way to the history: a database of tables, the same in both regions, and workgroups with a limit.

Partitions are worked out from the question, never registered, so a copied object is found without anyone telling the
catalog. A batch that was retried may lie there twice: analysts read `ticks_unique`, which has each identity once, and the
pipeline makes it physical day by day. The day is the feed's own, so that a record lies in one day wherever it was processed.
"""

import json

from aws_cdk import App

from landbridge.platforms.trading.common import TradingStack
from landbridge.platforms.words import Json, join, ref, sub

TRADE = {
    "feed": "string",
    "symbol": "string",
    "sequence": "bigint",
    "price": "decimal(15,6)",
    "volume": "bigint",
    "at": "bigint",
    "epoch": "bigint",
}
DAY = {
    "projection.day.type": "date",
    "projection.day.format": "yyyy-MM-dd",
    "projection.day.range": "2010-01-01,NOW+1DAYS",
    "projection.day.interval": "1",
    "projection.day.interval.unit": "DAYS",
}
HOUR = {"projection.hour.type": "integer", "projection.hour.range": "0,23", "projection.hour.digits": "2"}
HIVE = "org.apache.hadoop.hive.ql.io"
JSON = ("org.apache.hadoop.mapred.TextInputFormat", f"{HIVE}.HiveIgnoreKeyTextOutputFormat", "org.openx.data.jsonserde.JsonSerDe")
PARQUET_NAMES = ("MapredParquetInputFormat", "MapredParquetOutputFormat", "serde.ParquetHiveSerDe")
PARQUET = tuple(f"{HIVE}.parquet.{name}" for name in PARQUET_NAMES)
PRESTO = {"string": "varchar"}  # where Athena spells a type in another way than Glue
UNIQUE = (
    "SELECT feed, symbol, sequence, max_by(price, epoch) AS price, max_by(volume, epoch) AS volume,"
    " max_by(at, epoch) AS at, max(epoch) AS epoch, day"
    " FROM ticks GROUP BY feed, symbol, sequence, day"
)
GROUPS = {"Analysts": "people", "Pipeline": "the daily pipeline and the comparison of both regions"}


class Catalog(TradingStack):
    """Database, tables, the unique view, and a workgroup each for people and for machines."""

    def __init__(self, app: App) -> None:
        super().__init__(app, "catalog", "the catalog of this region's history and who may ask how much")
        key = self.asks("DataKeyArn", "The region's key for stored data: output of the keys stack")
        self.asks("HistoryBucket", "The bucket of the history: output of the history stack")
        self.asks("ReportsBucket", "The bucket results of queries go to: output of the history stack")
        # a hyphen in a database's name would have to be quoted in every query
        words = join("_", "trading", "analytics", "history", {"Fn::Join": ["_", {"Fn::Split": ["-", ref("EnvironmentSuffix")]}]})
        database = {"Name": words, "Description": sub("History of trading-analytics ${EnvironmentSuffix}")}
        self.make("Database", "AWS::Glue::Database", {"CatalogId": ref("AWS::AccountId"), "DatabaseInput": database})
        self._table("Ticks", "ticks", ("day", "hour"), JSON)
        self._table("TicksDaily", "ticks_daily", ("day",), PARQUET)
        self._view()
        self._workgroups(key)
        self.tell("DatabaseName", ref("Database"), "database", "The database of the history's tables")

    def _table(self, name: str, table: str, by: tuple[str, ...], how: tuple[str, ...]) -> None:
        projected = {**DAY, **(HOUR if "hour" in by else {}), "projection.enabled": "true"}
        reads, writes, serde = how
        storage = {
            "Columns": _columns(TRADE),
            "Location": sub(f"s3://${{HistoryBucket}}/{table.replace('_', '-')}/"),
            "InputFormat": reads,
            "OutputFormat": writes,
            "SerdeInfo": {"SerializationLibrary": serde},
        }
        written = {"classification": "parquet", "parquet.compression": "ZSTD"} if how is PARQUET else {"classification": "json"}
        parameters = {**dict(sorted(projected.items())), **written}
        keys = _columns({key: "int" if key == "hour" else "string" for key in by})
        self._made(name, table, "EXTERNAL_TABLE", {"PartitionKeys": keys, "StorageDescriptor": storage, "Parameters": parameters})

    def _view(self) -> None:
        """As Athena itself writes a view down."""
        columns = {**TRADE, "day": "string"}
        presto = [{"name": name, "type": PRESTO.get(kind, kind)} for name, kind in columns.items()]
        told = {"originalSql": UNIQUE, "catalog": "awsdatacatalog", "schema": "${Database}", "columns": presto}
        encoded = {"Fn::Base64": sub(json.dumps(told))}
        view = {
            "StorageDescriptor": {"Columns": _columns(columns), "SerdeInfo": {}},
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
            "ViewOriginalText": join("", "/* Presto View: ", encoded, " */"),
            "ViewExpandedText": "/* Presto View */",
        }
        self._made("TicksUnique", "ticks_unique", "VIRTUAL_VIEW", view)

    def _made(self, name: str, table: str, kind: str, how: dict[str, Json]) -> None:
        properties = {
            "CatalogId": ref("AWS::AccountId"),
            "DatabaseName": ref("Database"),
            "TableInput": {"Name": table, "TableType": kind, **how},
        }
        self.make(f"{name}Table", "AWS::Glue::Table", properties)

    def _workgroups(self, key: Json) -> None:
        limit = "How many bytes a query may read: 1 TiB costs about 5 USD"
        most = self.asks("ScanLimitBytes", limit, type="Number", default=2**40, min_value=10_000_000)
        encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": key}
        for name, whose in GROUPS.items():
            kind = name.lower()
            results = {"OutputLocation": sub(f"s3://${{ReportsBucket}}/queries/{kind}/"), "EncryptionConfiguration": encryption}
            configuration = {
                "BytesScannedCutoffPerQuery": most,
                "EnforceWorkGroupConfiguration": True,
                "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
                "PublishCloudWatchMetricsEnabled": True,
                "ResultConfiguration": results,
            }
            properties = {
                "Name": self.named(kind),
                "Description": f"Queries of {whose}",
                "RecursiveDeleteOption": True,
                "State": "ENABLED",
                "WorkGroupConfiguration": configuration,
            }
            self.make(name, "AWS::Athena::WorkGroup", properties)
            self.tell(f"{name}Workgroup", ref(name), f"{kind}-workgroup", f"The workgroup of {whose}")


def _columns(columns: dict[str, str]) -> list[Json]:
    return [{"Name": name, "Type": kind} for name, kind in columns.items()]
