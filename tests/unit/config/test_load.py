"""Every bad value is refused with its file, its key, the value and the way out; what is shipped loads."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.builders import CONFIG, trading

from landbridge.config.load import load, read
from landbridge.config.rehearsal import Fault, Rehearsal
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput

SHIPPED = (CONFIG / "trading.toml").read_text(encoding="utf-8")


def refused(folder: Path, old: str, new: str) -> str:
    """The sentence for the shipped file with one thing changed."""
    assert SHIPPED.count(old) == 1
    path = folder / "trading.toml"
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as told:
        load(path, Trading)
    return str(told.value).replace(str(path), "FILE")


SENTENCES = {
    'environment_suffix = "prod"': {
        'environment_suffix = "Prod"': (
            "FILE: platform.environment_suffix: 'Prod' can't be used: string should match pattern "
            "'^[a-z][a-z0-9]*(-[a-z0-9]+)*$'; write 3 to 20 lower-case letters and digits in words joined by single hyphens, "
            "beginning with a letter"
        ),
        'environment_suffix = ""': (
            "FILE: platform.environment_suffix: '' can't be used: string should have at least 3 characters; write 3 to 20 "
            "lower-case letters and digits in words joined by single hyphens, beginning with a letter"
        ),
        'environment_sufix = "prod"': (
            "FILE: platform.environment_suffix: is missing; add it: 3 to 20 lower-case letters and digits in words joined by "
            "single hyphens, beginning with a letter"
        ),
        'environment_suffix = "prod"\nsorce = "us-east-1"': (
            "FILE: platform.sorce: is not a key landbridge knows; did you mean source?"
        ),
        'environment_suffix = "prod"\nzzz = 1': "FILE: platform.zzz: is not a key landbridge knows; remove it",
    },
    'target = "eu-central-1"': {
        'target = "frankfurt"': (
            "FILE: platform.target: 'frankfurt' can't be used: string should match pattern '^[a-z]{2}(-[a-z]+)+-[0-9]$'; "
            "write the name of an AWS region, like eu-central-1"
        ),
        'target = "us-east-1"': (
            "FILE: platform: source and target are the same region: name two different ones; change one of these values"
        ),
    },
    'journal = "eu-west-1"': {
        'journal = "eu-central-1"': (
            "FILE: platform: the journal must outlive both the source and the target: name a third region; change one of these "
            "values"
        ),
    },
    "fences = 64 ": {
        "fences = 0 ": (
            "FILE: pens.fences: 0 can't be used: input should be greater than or equal to 1; write a number of fences "
            "from 1 to 256"
        ),
        "fences = true ": (
            "FILE: pens.fences: True can't be used: input should be a valid integer; write a number of fences from 1 to 256"
        ),
        'fences = "64" ': (
            "FILE: pens.fences: '64' can't be used: input should be a valid integer; write a number of fences from 1 to 256"
        ),
    },
    "hold_seconds = 20 ": {
        "hold_seconds = 10 ": (
            "FILE: pens: hold_seconds must be above budget_seconds, or writes are refused before a slow move can unwind; "
            "change one of these values"
        ),
        "hold_seconds = 21 ": (
            "FILE: pens.hold_seconds: 21 can't be used: input should be less than or equal to 20; write seconds above 0, at most "
            "20: the write function ends at 25"
        ),
        "hold_seconds = nan ": (
            "FILE: pens.hold_seconds: nan can't be used: input should be less than or equal to 20; write seconds above 0, at "
            "most 20: the write function ends at 25"
        ),
    },
    "min_probes = 480": {
        "min_probes = 450": (
            "FILE: gate: 450 probes can't rule out 0.01 of them bad, so nothing passes: raise min_probes; change one of "
            "these values"
        ),
    },
    "window_seconds = 1800": {
        "window_seconds = 119": (
            "FILE: gate.window_seconds has room for 476 probes, fewer than gate.min_probes: nothing would pass; change one of "
            "these values"
        ),
    },
    "lease_seconds = 60": {
        "lease_seconds = 7": (
            "FILE: engine.lease_seconds: 7 can't be used: input should be greater than or equal to 8; write seconds from 8 to "
            "600: an act that nothing can call back may last 6 s, and is never sent under a shorter lease"
        ),
    },
    "weights = [1, 5, 25, 50, 100]": {
        "weights = [1, 50, 25, 100]": (
            "FILE: shift: weights must rise and end at 100, like [1, 5, 25, 50, 100]; change one of these values"
        ),
        "weights = [1, 5]": "FILE: shift: weights must rise and end at 100, like [1, 5, 25, 50, 100]; change one of these values",
        "weights = [0, 100]": (
            "FILE: shift.weights[0]: 0 can't be used: input should be greater than or equal to 1; write percent of reads at the "
            "target, rising, ending at 100"
        ),
        "weights = []": (
            "FILE: shift.weights: [] can't be used: tuple should have at least 1 item after validation, not 0; write percent of "
            "reads at the target, rising, ending at 100"
        ),
    },
}
CASES = [(old, new, sentence) for old, news in SENTENCES.items() for new, sentence in news.items()]


@pytest.mark.parametrize(("old", "new", "sentence"), CASES, ids=[new.splitlines()[-1] for _, new, _ in CASES])
def test_a_bad_value_is_refused_in_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    """File, key, value, fix: to the letter."""
    assert refused(tmp_path, old, new) == sentence


@pytest.mark.parametrize("table", ["platform", "pens", "gate", "shift", "engine", "verification", "retire"])
def test_a_missing_table_is_named(tmp_path: Path, table: str) -> None:
    """With what kind of thing belongs there."""
    told = refused(tmp_path, f"[{table}]", f"[{table}-of-another-name]")
    assert told.startswith(f"FILE: {table}: is missing; add it: ")


def test_a_table_where_a_value_belongs_is_refused(tmp_path: Path) -> None:
    """And the other way round."""
    assert "platform: 'x' can't be used" in _refused(tmp_path, 'platform = "x"\n')


def _refused(folder: Path, text: str) -> str:
    path = folder / "other.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as told:
        load(path, Trading)
    return str(told.value)


FAULT = 'promise = "reads stay good while the region is out"\nkind = "{kind}"\nat_step = "shift_reads"\noutcome = "done"\n'


def test_a_choice_names_what_can_be_chosen(tmp_path: Path) -> None:
    """Every word there is."""
    path = tmp_path / "fault.toml"
    path.write_text(FAULT.format(kind="fire"), encoding="utf-8")
    with pytest.raises(BadInput, match="write one of errors, throttling, slow") as told:
        load(path, Fault)
    assert "'fire' can't be used" in told.value.what
    path.write_text(FAULT.format(kind="errors"), encoding="utf-8")
    assert load(path, Fault).kind == "errors"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Where to look instead."""
    with pytest.raises(BadInput, match=r"there is no such file; run from the project's folder"):
        read(tmp_path / "none.toml")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """Said with the system's own reason."""
    with pytest.raises(BadInput, match=r"can't be read \(Is a directory\)"):
        read(tmp_path)


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    """The line is named."""
    path = tmp_path / "bad.toml"
    path.write_text("a = \n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"is not TOML: .*line 1.*; correct that line"):
        read(path)


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    """The byte is named."""
    path = tmp_path / "bad.toml"
    path.write_bytes(b"a = 1 # \xff")
    with pytest.raises(BadInput, match=r"is not UTF-8 at byte 8; save it as UTF-8"):
        read(path)


def test_the_shipped_files_load() -> None:
    """Alone, and the rehearsal's values laid over the platform's."""
    rehearsal = read(CONFIG / "rehearsal.toml")
    overrides: dict[str, Any] = rehearsal.pop("overrides")
    Rehearsal.model_validate(rehearsal)
    quick = load(CONFIG / "trading.toml", Trading, overrides, CONFIG / "rehearsal.toml")
    assert quick.shift.bake_seconds < trading().shift.bake_seconds
    assert quick.platform == trading().platform
    assert _used(json.loads(quick.model_dump_json()), overrides) == overrides


def _used(whole: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Of the whole, the keys that are wanted."""
    return {key: _used(whole[key], value) if isinstance(value, dict) else whole[key] for key, value in wanted.items()}


def test_every_shipped_fault_loads() -> None:
    """Each a promise of its own."""
    faults = [load(path, Fault) for path in sorted((CONFIG / "faults").glob("*.toml"))]
    assert len({fault.promise for fault in faults}) == len(faults)


@pytest.mark.parametrize(
    ("overrides", "named"),
    [
        ({"shift": {"bake_seconds": -1}}, "over.toml"),
        ({"shift": {"bake_secs": 1}}, "over.toml"),
        ({"shift": "fast"}, "over.toml"),
        ({"gate": {"min_probes": 640}}, "trading.toml"),
    ],
)
def test_the_file_that_holds_the_bad_value_is_named(tmp_path: Path, overrides: dict[str, Any], named: str) -> None:
    """An override's own file for an override, the platform's file for its own values."""
    path = tmp_path / "trading.toml"
    bad_at_home = SHIPPED.replace("lease_seconds = 60", "lease_seconds = 1") if named == "trading.toml" else SHIPPED
    path.write_text(bad_at_home, encoding="utf-8")
    with pytest.raises(BadInput) as told:
        load(path, Trading, overrides, tmp_path / "over.toml")
    assert told.value.where.startswith(str(tmp_path / named))


def test_overrides_without_a_file_blame_the_file_itself(tmp_path: Path) -> None:
    """There is nothing else to name."""
    with pytest.raises(BadInput) as told:
        trading({"engine": {"lease_seconds": 1}})
    assert told.value.where == f"{CONFIG / 'trading.toml'}: engine.lease_seconds"


def test_specs_are_frozen() -> None:
    """What was checked at the door stays as it was."""
    with pytest.raises(ValueError, match="frozen"):
        trading().pens.fences = 1
