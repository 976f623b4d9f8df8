"""The Flink application is spelled from the definitions and told where to work; that it says the same is test_flink_same.py's."""

import json
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

import pytest

from landbridge.model.errors import BadInput
from landbridge.workloads.trading.flink.application import PACKS, put_together
from landbridge.workloads.trading.flink.properties import NAMES, Properties
from landbridge.workloads.trading.flink.sql import VIEWS, source, views
from landbridge.workloads.trading.signals.definitions import definitions, weights
from landbridge.workloads.trading.signals.signal import Signal

BY = definitions()
TEMPLATE = Path(__file__).resolve().parents[3] / "templates/trading/signals.template.json"
TOLD = dict(zip(NAMES, ("eu-central-1", "arn:live", "arn:mirror", "analytics-table", "pens-table"), strict=True))


def text(told: dict[str, str]) -> str:
    """Managed Flink's file, with AWS's own group beside ours."""
    return json.dumps([{"PropertyGroupId": "other", "PropertyMap": {}}, {"PropertyGroupId": "platform", "PropertyMap": told}])


@dataclass
class FakeTables:
    """A table environment that keeps what it was told."""

    statements: list[str] = field(default_factory=list)

    def execute_sql(self, statement: str) -> None:
        """Keep it."""
        self.statements.append(statement)

    def sql_query(self, query: str) -> str:
        """The query itself."""
        return query

    def to_data_stream(self, table: str) -> str:
        """What it brings."""
        return table

    def create_temporary_view(self, name: str, stream: str, schema: "FakeSchema") -> None:
        """As a statement would make it."""
        assert "rowtime" in schema.columns
        self.statements.append(f"CREATE TEMPORARY VIEW {name} AS {stream}")

    def from_path(self, name: str) -> str:
        """The table of this name, which must have been made."""
        assert any(statement.startswith(f"CREATE TEMPORARY VIEW {name} AS") for statement in self.statements)
        return name


@dataclass
class FakeSchema:
    """Flink's builder of schemas, as far as a mirror needs it."""

    columns: dict[str, str] = field(default_factory=dict)
    watermarks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def new_builder(cls) -> "FakeSchema":
        """An empty one."""
        return cls()

    def column_by_expression(self, name: str, expression: str) -> "FakeSchema":
        """One more column."""
        self.columns[name] = expression
        return self

    def watermark(self, name: str, expression: str) -> "FakeSchema":
        """Of a column that is there."""
        self.watermarks[name] = expression
        return self

    def build(self) -> "FakeSchema":
        """As it stands."""
        return self


@pytest.fixture(autouse=True)
def _without_flink(monkeypatch: pytest.MonkeyPatch) -> None:
    table = ModuleType("pyflink.table")
    table.Schema = FakeSchema  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyflink", ModuleType("pyflink"))
    monkeypatch.setitem(sys.modules, "pyflink.table", table)


def test_each_view_reads_what_was_made_before_it() -> None:
    """Both streams first, the mirror out of its packs, then step by step to the signals; nothing is made that nobody reads."""
    tables = FakeTables()
    sources = {stream: {"connector": "kinesis"} for stream in ("live", "mirror")}
    assert put_together(tables, BY, sources) == "signals"
    made: set[str] = set()
    used: set[str] = set()
    for statement in tables.statements:
        read = set(re.findall(r"(?:FROM|TUMBLE\(TABLE) (\w+)", statement)) - {"TABLE"}
        assert read <= made
        used |= read
        made |= set(re.findall(r"CREATE TEMPORARY (?:VIEW|TABLE) (\w+)", statement))
    assert made == used | {"signals"} == {"live", "mirror", PACKS, *VIEWS}


@pytest.mark.parametrize("name", ["bar_ms", "fast", "slow", "volatility", "spike", "percent"])
def test_every_definition_is_in_the_query(name: str) -> None:
    """Another number is another query."""
    assert views(replace(BY, **{name: getattr(BY, name) + 1}), ("live",)) != views(BY, ("live",))


def test_the_lateness_is_the_watermarks() -> None:
    """To the millisecond."""
    assert "WATERMARK FOR rowtime AS rowtime - INTERVAL '0 00:01:02.003' DAY TO SECOND(3)" in source("live", 62_003, {})


def test_means_have_our_engines_weights() -> None:
    """One for each bar looked back to."""
    means = views(BY, ("live",))[VIEWS.index("means")]
    for back, weight in enumerate(weights(BY.slow)[1:], start=1):
        assert f"LAG(vwap, {back}) OVER w * {weight}" in means


def test_columns_are_those_of_a_signal() -> None:
    """In their order, because rows become signals by it."""
    last = views(BY, ("live",))[-1].partition(" AS SELECT ")[2].rpartition(" FROM ")[0]
    named = [part.split(" AS ")[-1].strip("` ") for part in re.split(r",(?![^()]*\))", re.sub(r"\([^()]*\)", "", last))]
    assert tuple(named) == Signal._fields


def test_the_template_tells_what_the_application_asks_for() -> None:
    """Every property by its name."""
    application = json.loads(TEMPLATE.read_text())["Resources"]["Application"]["Properties"]["ApplicationConfiguration"]
    groups = {each["PropertyGroupId"]: each["PropertyMap"] for each in application["EnvironmentProperties"]["PropertyGroups"]}
    assert set(groups["platform"]) == set(NAMES)


@pytest.mark.parametrize("missing", NAMES)
def test_a_missing_property_is_named(missing: str) -> None:
    """Before anything is started."""
    with pytest.raises(BadInput, match=missing):
        Properties.of(text({**TOLD, missing: ""}))


def test_streams_are_read_from_their_horizon() -> None:
    """So that what arrived before the application ran is in its windows."""
    options = Properties.of(text(TOLD)).source("mirror")
    assert (options["stream.arn"], options["source.init.position"]) == ("arn:mirror", "TRIM_HORIZON")


def test_they_may_be_read_from_a_time_on() -> None:
    """As an operator says by the property `begin`."""
    options = Properties.of(text({**TOLD, "begin": "2026-01-31T08:00:00.000+00:00"})).source("live")
    assert options["source.init.position"] == "AT_TIMESTAMP"
    assert options["source.init.timestamp"] == "2026-01-31T08:00:00.000+00:00"
