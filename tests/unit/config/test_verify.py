"""What `landbridge verify` compares is checked at the door, each fault in one sentence."""

from pathlib import Path

import pytest
from tests.unit.house.places import ROOT

from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.config.verify import Database, History, Market, Query
from landbridge.model.errors import BadInput

SECRET = "verify.database.source: a password does not belong in this file: put it into a password file"
ENDS = 'source = "host=a dbname=x"\ntarget = "host=b dbname=x"\n'
FAULTS = {
    'source = "host=a"\n': "verify.database.target: is missing; add it: a connection string like host=db.example dbname=trading",
    'source = "nonsense"\ntarget = "host=b"\n': "verify.database.source: it is no connection string (missing",
    'source = "host=a password=secret"\ntarget = "host=b"\n': SECRET,
    'source = "postgresql://u:secret@a/x"\ntarget = "host=b"\n': SECRET,
    ENDS + 'tables = ["orders"]\n': "verify.database.tables[0]: 'orders' can't be used: string should match",
    ENDS + "max_load = 2.0\n": "verify.database.max_load: 2.0 can't be used",
    ENDS
    + "chunk_seconds = 9.0\nstatement_seconds = 1.0\n": "verify.database: chunk_seconds is above statement_seconds: no chunk",
    ENDS + "max_laod = 0.1\n": "verify.database.max_laod: is not a key landbridge knows; did you mean max_load?",
    ENDS + 'changes = "drop table"\n': "verify.database.changes: 'drop table' can't be used",
}


def configured(folder: Path, said: str) -> Path:
    """The project's own file with this section."""
    file = folder / "trading.toml"
    file.write_text(f"{(ROOT / 'config/trading.toml').read_text()}\n[verify.database]\n{said}")
    return file


@pytest.mark.parametrize("said", sorted(FAULTS))
def test_a_fault_is_one_sentence(tmp_path: Path, said: str) -> None:
    """Key, value and fix; no secret is ever printed."""
    with pytest.raises(BadInput) as refused:
        load(configured(tmp_path, said), Trading)
    sentence = str(refused.value).removeprefix(f"{tmp_path}/trading.toml: ")
    assert sentence.startswith(FAULTS[said])
    assert "secret" not in sentence
    assert "\n" not in sentence


def test_the_annotated_example_is_one_that_works(tmp_path: Path) -> None:
    """As it stands there, without its comment signs."""
    shown = (ROOT / "config/trading.toml").read_text().partition("# [verify.database]")[2].partition("\n\n")[0]
    lines = [line.removeprefix("# ") for line in shown.splitlines()[1:] if line]
    spec = load(configured(tmp_path, "\n".join(lines)), Trading).verify.database
    assert spec is not None
    assert set(Database.model_fields) == {line.split(" =")[0] for line in lines}
    assert spec == Database(source=spec.source, target=spec.target), "what it shows is not what holds without it"


def test_the_annotated_examples_of_the_other_stores_hold_without_them(tmp_path: Path) -> None:
    """Each value shown is the one that holds where it is left out."""
    text = (ROOT / "config/trading.toml").read_text()
    for store, kind in (("history", History), ("market", Market), ("athena", Query)):
        shown = text.partition(f"# [verify.{store}]")[2].partition("\n\n")[0].splitlines()[1:]
        lines = [line.removeprefix("# ") for line in shown]
        path = tmp_path / f"{store}.toml"
        path.write_text(text + f"\n[verify.{store}]\n" + "\n".join(lines))
        assert getattr(load(path, Trading).verify, store) == kind(), store


def test_without_the_section_nothing_is_compared() -> None:
    """The example is commented out: nobody's database is meant by it."""
    assert load(ROOT / "config/trading.toml", Trading).verify.database is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('[verify.history]\nsource_list = "s3://bucket/lists/"\n', "verify.history: one list is named without the other"),
        ('[verify.history]\nsource_list = "bucket/lists"\n', "verify.history.source_list: 'bucket/lists' can't be used"),
        ('[verify.athena]\ndatabase = "a-b"\n', "verify.athena.database: 'a-b' can't be used"),
    ],
)
def test_a_fault_of_lists_and_exports_is_one_sentence(tmp_path: Path, said: str, sentence: str) -> None:
    """Nothing is compared by half."""
    file = tmp_path / "trading.toml"
    file.write_text(f"{(ROOT / 'config/trading.toml').read_text()}\n{said}")
    with pytest.raises(BadInput) as refused:
        load(file, Trading)
    assert str(refused.value).removeprefix(f"{file}: ").startswith(sentence)


def test_exports_without_athena_are_refused(tmp_path: Path) -> None:
    """Nobody would compare them."""
    file = tmp_path / "trading.toml"
    text = (ROOT / "config/trading.toml").read_text()
    file.write_text(text.replace('# exports = "s3://bucket/prefix/"', 'exports = "s3://bucket/prefix/"'))
    with pytest.raises(BadInput, match=r"verify: tables.exports is given without \[verify.athena\]: add it"):
        load(file, Trading)
