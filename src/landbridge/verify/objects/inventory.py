"""S3's own lists of a bucket: a manifest and its data files (gzipped CSV or Parquet), as S3 Inventory writes them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from landbridge.model.errors import BadInput
from landbridge.verify import relations

NEEDED = (
    "key",
    "version_id",
    "is_delete_marker",
    "size",
    "last_modified_date",
    "e_tag",
    "is_multipart_uploaded",
    "replication_status",
    "encryption_status",
)


@dataclass(frozen=True)
class Inventory:
    """One list of one bucket, its files fetched when they are needed."""

    bucket: str
    created: datetime
    format: str
    columns: tuple[str, ...]
    files: Mapping[str, int]  # key of a data file -> its bytes
    fetch: Callable[[str], Path]
    manifest: str = ""  # where it lies, as s3://bucket/key

    def relation(self, table: str, until: datetime) -> str:
        """Its entries up to a moment, out of the table an engine reads them as."""
        return relations.inventory(table, until, text=self.format == "CSV")

    def key(self, name: str) -> str:
        """An entry's name with the object's key as it is; CSV holds it encoded."""
        return unquote_plus(name) if self.format == "CSV" else name


def inventory(text: str, fetch: Callable[[str], Path], manifest: str = "") -> Inventory:
    """The list a manifest.json tells of."""
    told: dict[str, Any] = json.loads(text)
    where, columns = f"the inventory of {told['sourceBucket']}", named(told["fileFormat"], told["fileSchema"])
    if told["fileFormat"] not in {"CSV", "Parquet"}:
        raise BadInput(where, f"is written as {told['fileFormat']}", "configure it to write CSV or Parquet")
    if missing := [name for name in NEEDED if name not in columns]:
        raise BadInput(where, f"has no {', '.join(missing)}", "add these fields, and all versions, to its configuration")
    created = datetime.fromtimestamp(int(told["creationTimestamp"]) / 1000, UTC)
    files = {each["key"]: int(each["size"]) for each in told["files"]}
    return Inventory(told["sourceBucket"], created, told["fileFormat"], columns, files, fetch, manifest)


def named(file_format: str, schema: str) -> tuple[str, ...]:
    """The columns' names as Parquet has them; CSV's manifest spells them in words run together."""
    if file_format == "CSV":
        return tuple(re.sub(r"(?<!^)(?=[A-Z])", "_", word.strip()).lower() for word in schema.split(","))
    return tuple(re.findall(r"(?:optional|required)\s+\w+\s+(\w+)", schema))
