"""What a comparison found is kept until the next one, whole or not at all."""

from pathlib import Path

from landbridge.model.measure import Difference, Kind, Side
from landbridge.verify.port import Result
from landbridge.verify.results import ResultFiles

FOUND = (Difference("database", "public.orders 7", Side.TARGET, Kind.CHANGED),)


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    """Another process finds every word of it."""
    left = (Difference("database", "public.orders 8", Side.TARGET, Kind.MISSING, "by decision of X"),)
    result = Result(100.5, 2.5, 10, FOUND, 0.5, "the target went away", ("as text",), expected=left)
    ResultFiles(tmp_path / "verify").keep("database", result)
    assert ResultFiles(tmp_path / "verify").newest("database") == result
    assert ResultFiles(tmp_path / "verify").newest("stream") is None


def test_the_newest_replaces_the_one_before_and_leaves_nothing_beside(tmp_path: Path) -> None:
    """One file a store."""
    kept = ResultFiles(tmp_path)
    kept.keep("database", Result(1.0, 1.0, 1, FOUND))
    kept.keep("database", Result(2.0, 1.0, 1, ()))
    assert kept.newest("database") == Result(2.0, 1.0, 1, ())
    assert [path.name for path in tmp_path.iterdir()] == ["database.json"]


def test_a_torn_or_foreign_file_is_no_result(tmp_path: Path) -> None:
    """A gate then says that there is none."""
    for text in ("{", "[]", "{}", '{"began": 1, "differences": [{"store": "x"}], "notes": []}'):
        (tmp_path / "database.json").write_text(text)
        assert ResultFiles(tmp_path).newest("database") is None


def test_only_what_is_whole_is_whole() -> None:
    """In part, or stopped early, is neither."""
    assert Result(1.0, 1.0, 1, ()).whole
    assert not Result(1.0, 1.0, 1, (), coverage=0.99).whole
    assert not Result(1.0, 1.0, 1, (), stopped="why").whole
