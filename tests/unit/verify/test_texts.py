"""The one SQL text is read as Athena's, as Trino's and as DuckDB's language, by a parser that is none of ours."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from tests.unit.verify.test_relations import TEXTS

from landbridge.verify.objects.engines import table
from landbridge.verify.objects.inventory import NEEDED, Inventory


@pytest.mark.parametrize("language", ["athena", "trino", "duckdb"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_text_is_one_statement_that_the_engine_can_read(text: str, language: str) -> None:
    """A SELECT, and nothing else; a parser that does not know a statement would take it for a command."""
    (found,) = sqlglot.parse(text, dialect=language, error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(found, exp.Select)
    assert not list(found.find_all(exp.Command))


@pytest.mark.parametrize("file_format", ["CSV", "Parquet"])
def test_the_statement_that_makes_a_table_is_one_athena_can_read(file_format: str) -> None:
    """A table over the list of files that S3 keeps for it."""
    place = "s3://bucket/lists/history/daily/2026-11-21T01-00Z/manifest.json"
    listed = Inventory("history", datetime(2026, 11, 21, tzinfo=UTC), file_format, NEEDED, {}, Path, place)
    (found,) = sqlglot.parse(table(listed).created("lists"), dialect="athena", error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(found, exp.Create)
    assert "LOCATION 's3://bucket/lists/history/daily/hive/dt=2026-11-21-01-00/'" in found.sql(dialect="athena")
