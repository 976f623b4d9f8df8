"""Where two inventories are compared: by DuckDB in this process, file by file, or by Athena where they lie."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from landbridge.model.errors import BadInput
from landbridge.verify.athena import Athena, Table
from landbridge.verify.bucketed import Ask
from landbridge.verify.duck import duck
from landbridge.verify.objects.inventory import NEEDED, Inventory

LISTED = (
    "STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' "
    "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat'"
)
SERDES = {
    "CSV": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
    "Parquet": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
}
CLASS = "storage_class"
TYPES = {"size": "bigint", "last_modified_date": "timestamp", "is_delete_marker": "boolean", "is_multipart_uploaded": "boolean"}


class Engine(Protocol):
    """What reads lists as tables."""

    def ask(self, text: str) -> list[tuple[Any, ...]]:
        """The rows of an answer."""

    def parts(self, listed: Inventory) -> Mapping[str, str]:
        """The tables whose sums are asked for one by one, and kept one by one."""

    def whole(self, listed: Inventory) -> str:
        """The table of all of it."""

    def opened(self, lists: Iterable[Inventory]) -> AbstractContextManager[None]:
        """Inside, the tables can be asked."""


@dataclass(frozen=True)
class Here:
    """DuckDB, over files that are brought here."""

    folder: Path

    def ask(self, text: str) -> list[tuple[Any, ...]]:
        """Within its bound of memory."""
        return self._ask(text)

    def parts(self, listed: Inventory) -> Mapping[str, str]:
        """Each data file."""
        return {file: _over(listed, [file]) for file in listed.files}

    def whole(self, listed: Inventory) -> str:
        """All data files."""
        return _over(listed, list(listed.files))

    def opened(self, lists: Iterable[Inventory]) -> AbstractContextManager[None]:  # noqa: ARG002 files need no opening
        """Files are there."""
        return nullcontext()

    @cached_property
    def _ask(self) -> Ask:
        return duck(self.folder)


@dataclass(frozen=True)
class There:
    """Athena, over the files where S3 delivered them."""

    athena: Athena

    def ask(self, text: str) -> list[tuple[Any, ...]]:
        """One query."""
        return self.athena.ask(text)

    def parts(self, listed: Inventory) -> Mapping[str, str]:
        """All of it at once: Athena cuts it up by itself."""
        return {listed.manifest: self.whole(listed)}

    def whole(self, listed: Inventory) -> str:
        """The table over S3's own list of the data files."""
        return self.athena.named(table(listed))

    def opened(self, lists: Iterable[Inventory]) -> AbstractContextManager[None]:
        """Made for the comparison, gone after it."""
        return self.athena.tables(map(table, lists))


def table(listed: Inventory) -> Table:
    """An inventory as Athena reads it: CSV by the order of its columns, Parquet by their names."""
    folder, _, when = listed.manifest.removesuffix("/manifest.json").rpartition("/")
    location = f"{folder}/hive/dt={when.removesuffix('Z').replace('T', '-')}/"
    if "'" in location:
        raise BadInput(location, "can't stand in a text of SQL", "deliver the inventory under another prefix")
    columns = (
        dict.fromkeys(listed.columns, "string")
        if listed.format == "CSV"
        else {name: TYPES.get(name, "string") for name in (*NEEDED, CLASS)}
    )
    return Table(location, columns, f"ROW FORMAT SERDE '{SERDES[listed.format]}' {LISTED}")


def by_class(listed: Inventory, engine: Engine, text: str) -> list[tuple[Any, ...]]:
    """The rows of a text over `{table}` that asks for storage classes, too."""
    if CLASS not in listed.columns:
        raise BadInput(f"the inventory of {listed.bucket}", f"has no {CLASS}", "add this field to its configuration")
    with engine.opened([listed]):
        return engine.ask(text.format(table=engine.whole(listed)))


def _over(listed: Inventory, files: list[str]) -> str:
    paths = [str(listed.fetch(file)) for file in files]
    if listed.format == "Parquet":
        return f"read_parquet({paths})"
    columns = dict.fromkeys(listed.columns, "VARCHAR")
    return f"read_csv({paths}, header=false, delim=',', quote='\"', escape='\"', compression='gzip', columns={columns})"
