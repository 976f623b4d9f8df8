"""What is compared: the tables of both sides that have the same key, each with the form its rows are hashed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.config.verify import Database
from landbridge.model.errors import BadInput
from landbridge.model.region import Pair
from landbridge.verify.postgres.digest import Digest, Form, form_of
from landbridge.verify.postgres.reading import Reading
from landbridge.verify.postgres.schema import Column, Table, shared, tables, version
from landbridge.verify.postgres.server import Server
from landbridge.verify.sides import at_once


@dataclass(frozen=True, slots=True)
class Subject:
    """One table of both sides."""

    name: str
    readings: Pair[Reading]

    @property
    def form(self) -> Form:
        """How its rows are hashed."""
        return self.readings.source.digest.form

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of its primary key."""
        return self.readings.source.digest.table.key

    @property
    def rows(self) -> int:
        """How many it has, about."""
        return max(1, *(reading.digest.table.rows for reading in self.readings))

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of how it is compared."""
        spelled, said = ", ".join(sorted(self.form.as_text)), []
        if self.form.whole_text:
            said.append(f"{self.name}: rows are compared as text, because the servers' versions differ")
        elif spelled:
            said.append(f"{self.name}: compared as text, because their own hashes can't be relied on: {spelled}")
        if not self.form.ordered:
            said.append(f"{self.name}: read in one statement, because the two sides sort its key differently")
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Every table: those that can be compared, and why the others can't."""

    can: Mapping[str, Subject]
    cannot: Mapping[str, str]
    others: frozenset[str]  # every table that is not compared


def subjects(servers: Pair[Server], spec: Database) -> Subjects:
    """Of the tables that both sides have; one that only one side has is a difference of the definitions."""
    known, versions = at_once(servers, tables), at_once(servers, version)
    if unknown := {*spec.tables, *spec.leave_out} - known.source.keys() - known.target.keys():
        raise BadInput("verify.database", f"{min(unknown)} is no table of either side", "write schema.table, as the servers do")
    can, cannot = dict[str, Subject](), dict[str, str]()
    for name in sorted(known.source.keys() & known.target.keys()):
        if name in spec.leave_out or (spec.tables and name not in spec.tables):
            continue
        both = shared(known.map(lambda side, name=name: side[name]))  # type: ignore[misc]
        if why := _hindrance(both):
            cannot[name] = why
        else:
            can[name] = _subject(name, both, servers, versions)
    return Subjects(can, cannot, frozenset(known.source.keys() | known.target.keys()) - can.keys())


def _hindrance(both: Pair[Table]) -> str:
    keys = both.map(lambda table: [each.name for each in table.key])
    if not keys.source or not keys.target:
        return "has no primary key"
    return "" if keys.source == keys.target else "has another primary key at the target"


def _subject(name: str, both: Pair[Table], servers: Pair[Server], versions: Pair[int]) -> Subject:
    form = form_of(both, servers, versions)
    source, target = Digest(both.source, form), Digest(both.target, form)
    return Subject(name, Pair(Reading(servers.source, source), Reading(servers.target, target)))
