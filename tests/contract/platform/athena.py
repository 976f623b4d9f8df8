"""Athena as the daily pipeline needs it, played: the very text on DuckDB, over what the emulated Glue and S3 hold.

The emulator's own Athena knows neither views nor INSERT, and its Step Functions none of Athena's tasks. One name is
quoted for DuckDB: `at` is a word of its own there, and none of Athena's.
"""

import base64
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb

from landbridge.aws.clients import Clients
from landbridge.model.region import Region

INSERTS = re.compile(r"INSERT INTO (\w+) (SELECT .+)", re.DOTALL)
AT = re.compile(r"\bat\b")
VIEW = re.compile(r"/\* Presto View: (\S+) \*/")
Columns = Mapping[str, str]


@dataclass(frozen=True)
class Athena:
    """One region's catalog."""

    clients: Clients
    region: Region
    database: str

    def ask(self, text: str) -> list[tuple[Any, ...]]:
        """What it answers; what it inserts lies in the bucket when this returns."""
        text = AT.sub('"at"', text)
        inserts = INSERTS.fullmatch(text)
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as duck:
            tables = {table["Name"]: table for table in self._tables()}
            for table in sorted(tables.values(), key=lambda table: str(table["TableType"])):  # views at last
                duck.execute(f"CREATE VIEW {table['Name']} AS {self._selected(table, Path(folder))}")
            if not inserts:
                return duck.execute(text).fetchall()
            self._insert(duck, tables[inserts[1]], inserts[2], Path(folder) / "inserted")
            return []

    def _tables(self) -> list[dict[str, Any]]:
        tables: list[dict[str, Any]] = self.clients.client("glue", self.region).get_tables(DatabaseName=self.database)[
            "TableList"
        ]
        return tables

    def _selected(self, table: Mapping[str, Any], folder: Path) -> str:
        view = VIEW.fullmatch(table.get("ViewOriginalText", ""))
        if view:
            return AT.sub('"at"', json.loads(base64.b64decode(view[1]))["originalSql"])
        columns, keys = _columns(table["StorageDescriptor"]["Columns"]), _columns(table["PartitionKeys"])
        files = self._fetch(table["StorageDescriptor"]["Location"], keys, folder / table["Name"])
        if not files:
            nothing = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in {**columns, **keys}.items())
            return f"SELECT {nothing} WHERE false"
        hive = f"hive_partitioning = true, hive_types = {{{_typed(keys)}}}"
        if table["Parameters"]["classification"] == "parquet":
            return f"SELECT * FROM read_parquet({files}, {hive})"
        return f"SELECT * FROM read_json({files}, format = 'newline_delimited', columns = {{{_typed(columns)}}}, {hive})"

    def _fetch(self, location: str, keys: Iterable[str], folder: Path) -> list[str]:
        """Files in folders named after the partitions' keys: others are not found by working out partitions."""
        s3, place = self.clients.client("s3", self.region), urlsplit(location)
        found = re.compile(re.escape(place.path[1:]) + "".join(f"{key}=[^/]+/" for key in keys) + "[^/]+")
        files = []
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=place.netloc, Prefix=place.path[1:]):
            for key in (each["Key"] for each in page.get("Contents", ()) if found.fullmatch(each["Key"])):
                file = folder / key
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(s3.get_object(Bucket=place.netloc, Key=key)["Body"].read())
                files.append(str(file))
        return files

    def _insert(self, duck: duckdb.DuckDBPyConnection, table: Mapping[str, Any], select: str, folder: Path) -> None:
        """By the columns' places and types, as Athena does it, into one file a partition."""
        keys = _columns(table["PartitionKeys"])
        columns = {**_columns(table["StorageDescriptor"]["Columns"]), **keys}
        cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
        given = ", ".join(f'"{name}"' for name in columns)
        how = f"FORMAT parquet, COMPRESSION {table['Parameters']['parquet.compression']}, PARTITION_BY ({', '.join(keys)})"
        source = f"SELECT {cast} FROM ({select}) AS given({given})"
        duck.execute(f"COPY ({source}) TO '{folder}' ({how}, FILENAME_PATTERN '{{uuid}}')")
        place = urlsplit(table["StorageDescriptor"]["Location"])
        for file in folder.rglob("*.parquet"):
            key = f"{place.path[1:]}{file.relative_to(folder).as_posix()}"
            self.clients.client("s3", self.region).put_object(Bucket=place.netloc, Key=key, Body=file.read_bytes())


def _columns(told: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {each["Name"]: "varchar" if each["Type"] == "string" else each["Type"] for each in told}


def _typed(columns: Columns) -> str:
    return ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
