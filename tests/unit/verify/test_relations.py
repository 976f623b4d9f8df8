"""The one SQL text keeps to what DuckDB and Athena (Trino) read alike, and finds in one statement what it finds in two."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from landbridge.model.errors import BadInput
from landbridge.verify.duck import duck
from landbridge.verify.relations import WORDS, exported, inventory, one_text, rows, sums

UNTIL = datetime(2026, 11, 21, tzinfo=UTC)
RELATIONS = {
    "inventory of Parquet": inventory("listed", UNTIL, text=False),
    "inventory of CSV": inventory("listed", UNTIL, text=True),
    "export": exported("lines", ("user", "view")),
}
TEXTS = {
    f"{step}, {name}": text
    for name, relation in RELATIONS.items()
    for step, text in (
        ("sums", sums(relation)),
        ("rows", rows(relation, relation, [3, 4])),
        ("one", one_text(relation, relation)),
    )
}
# Functions of Trino's reference with the same arguments in both; the last six are the words DuckDB is taught.
SHARED = {"abs", "mod", "concat", "coalesce", "nullif", "substr", "count_star", "sum", "count_if", "json_extract", "count"} | {
    "to_utf8",
    "to_big_endian_64",
    "xxhash64",
    "from_big_endian_64",
    "bitwise_xor",
    "json_format",
}
SIGNS = {"~~", "!~~", "+"}  # how DuckDB spells LIKE, NOT LIKE and plus once read
TYPES = {"VARCHAR", "DECIMAL", "TIMESTAMP", "BIGINT"}
RESERVED_IN_TRINO = {
    "ALTER", "AND", "AS", "BETWEEN", "BY", "CASE", "CAST", "CONSTRAINT", "CREATE", "CROSS", "CUBE", "CURRENT_DATE", "DEALLOCATE",
    "DELETE", "DESCRIBE", "DISTINCT", "DROP", "ELSE", "END", "ESCAPE", "EXCEPT", "EXECUTE", "EXISTS", "EXTRACT", "FALSE", "FOR",
    "FROM", "FULL", "GROUP", "GROUPING", "HAVING", "IN", "INNER", "INSERT", "INTERSECT", "INTO", "IS", "JOIN", "LEFT", "LIKE",
    "LISTAGG", "LOCALTIME", "NATURAL", "NORMALIZE", "NOT", "NULL", "ON", "OR", "ORDER", "OUTER", "PREPARE", "RECURSIVE", "RIGHT",
    "ROLLUP", "SELECT", "SKIP", "TABLE", "THEN", "TRIM", "TRUE", "UESCAPE", "UNION", "UNNEST", "USING", "VALUES", "WHEN", "WHERE",
    "WITH",
}  # fmt: skip


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every node of a text as DuckDB read it."""
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from nodes(each)
    if isinstance(tree, dict):
        yield tree


def read(text: str) -> list[dict[str, Any]]:
    """A text read by DuckDB's parser."""
    told = duckdb.connect().execute("SELECT json_serialize_sql(?)", [text]).fetchone()
    assert told is not None
    tree = json.loads(told[0])
    assert not tree["error"], tree
    return list(nodes(tree))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_text_uses_only_what_both_engines_have(text: str) -> None:
    """Functions, types, no name that Trino keeps for itself, and no spelling of DuckDB's own."""
    found = read(text)
    assert {each["function_name"] for each in found if each.get("function_name")} - SIGNS <= SHARED
    assert {each["cast_type"]["id"] for each in found if each.get("cast_type")} <= TYPES
    columns = {name.upper() for each in found for name in each.get("column_names") or ()}
    aliases = {str(each.get(kind) or "").upper() for each in found for kind in ("alias", "table_name")}
    assert not (columns | aliases) & RESERVED_IN_TRINO
    bare = re.sub(r"'[^']*'", "''", text)
    assert not any(own in bare for own in ("::", "[", "{", '"', "->", "EXCLUDE", "read_"))


def test_the_words_teach_nothing_but_what_is_missing() -> None:
    """A word DuckDB learns to say itself some day is taken out here."""
    taught = {line.split()[4].partition("(")[0] for line in WORDS.strip().splitlines()}
    own = duckdb.connect().execute("SELECT DISTINCT function_name FROM duckdb_functions()").fetchall()
    assert taught == {"to_utf8", "to_big_endian_64", "xxhash64", "from_big_endian_64", "bitwise_xor", "json_format"}
    assert not taught & {name for (name,) in own}


def test_an_export_is_compared_by_the_same_text(tmp_path: Path) -> None:
    """Changed, missing and extra items are found by the names a scan gives them; ours are left out."""
    ask = duck(tmp_path)
    source = [line(user, "main", number) for number, user in enumerate(("ada", "bob", "eve", "~canary"))]
    target = [line("ada", "main", 0), line("bob", "main", 9), line("mel", "main", 4)]
    for side, lines in (("source", source), ("target", target)):
        (tmp_path / f"{side}.json").write_text("\n".join(lines), encoding="utf-8")
    how = "delim='\\0', quote='', columns={'line': 'VARCHAR'}"
    tables = [f"read_csv('{tmp_path / side}.json', {how})" for side in ("source", "target")]
    relations = [exported(table, ("user", "view")) for table in tables]
    found = sorted(row[0] for row in ask(one_text(relations[0], relations[1])))
    assert found == [f'[{{"S":"{user}"}},{{"S":"main"}}]' for user in ("bob", "eve", "mel")]


def line(user: str, view: str, value: int) -> str:
    """One item as an export writes it."""
    item = {"user": {"S": user}, "view": {"S": view}, "value": {"N": str(value)}}
    return json.dumps({"Item": item}, separators=(",", ":"))


def test_a_key_that_can_not_stand_in_a_text_is_refused() -> None:
    """Nothing of a table's naming ends up as SQL."""
    with pytest.raises(BadInput):
        exported("lines", ("user'; --",))
