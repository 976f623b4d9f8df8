"""The function acknowledges what is stored or set aside, and nothing else, whatever breaks; its log holds numbers alone."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.unit.agents.batches import ARN, REGION, Bucket, Store, record, said, ticks

from landbridge.agents import replicator as module
from landbridge.agents.replicator import SPARE_MS, Replicator, Settings, answer, handler, replicator
from landbridge.model.errors import BadInput, Refused

ENVIRONMENT = {
    "AWS_REGION": REGION,
    "LIVE_STREAM_ARN": ARN,
    "MIRROR_REGION": "eu-central-1",
    "MIRROR_STREAM": "mirror",
    "SET_ASIDE_BUCKET": "aside",
}
POISON = b"the client's secret"


class Case:
    """A function with a mirror and a bucket, and what it said."""

    def __init__(self) -> None:
        self.store, self.bucket, self.log = Store(), Bucket(), io.StringIO()
        self.remaining = 60_000

    def replicator(self) -> Replicator:
        """The function's own."""
        return Replicator(REGION, ARN, self.store, self.bucket, self._sleep, lambda: 0.0)

    def call(self, records: list[dict[str, Any]], made: Callable[[], Replicator] | None = None) -> int | None:
        """The place of the first record given back."""
        told = answer(records, lambda: self.remaining, made or self.replicator, self.log)
        failures = [each["itemIdentifier"] for each in told["batchItemFailures"]]
        assert len(failures) <= 1
        return [each["kinesis"]["sequenceNumber"] for each in records].index(failures[0]) if failures else None

    def _sleep(self, seconds: float) -> None:
        self.remaining -= int(seconds * 1000)


@pytest.fixture
def case() -> Case:
    """One a test."""
    return Case()


def test_what_is_stored_is_acknowledged(case: Case) -> None:
    """Each record with where it came from."""
    assert case.call(ticks(["a", "b", "a"])) is None
    assert [(each.origin.region, each.origin.shard) for each in case.store.carried()] == [(REGION, "shardId-000000000001")] * 3
    assert case.store.places() == [0, 2, 1]


def test_when_time_runs_out_the_rest_is_given_back(case: Case) -> None:
    """From the first record that is not known to be stored."""
    case.store.outcomes += [([True, False], True), *[([False], True)] * 200]
    assert case.call(ticks(["a", "b", "a"])) == 1
    assert case.remaining <= SPARE_MS
    assert said(case.log.getvalue())["given_back"] == 2


def test_without_time_nothing_is_begun(case: Case) -> None:
    """A call that came too late asks for the batch again."""
    case.remaining = SPARE_MS
    assert case.call(ticks(["a"])) == 0
    assert not case.store.waves


def test_poison_is_set_aside_and_blocks_nothing(case: Case) -> None:
    """With its position."""
    batch = ticks(["a", "b", "c"])
    batch[1] = record(1, "b", POISON)
    assert case.call(batch) is None
    assert [(letter.place, letter.record) for letter in case.bucket.letters] == [(1, batch[1])]
    assert case.store.places() == [0, 2]


@pytest.mark.parametrize("place", [0, 1])
def test_poison_that_cannot_be_set_aside_is_given_back(case: Case, place: int) -> None:
    """What came before it is copied, what came after it waits."""
    case.bucket.shut = True
    batch = ticks(["a", "b", "c"])
    batch[place] = record(place, "b", POISON)
    assert case.call(batch) == place
    assert case.store.places() == list(range(place))


@pytest.mark.parametrize(
    "broken", [BadInput("replicator", "has no settings", "wait"), KeyError("secret"), RuntimeError("secret"), RecursionError()]
)
def test_a_replicator_that_cannot_be_made_acknowledges_nothing(case: Case, broken: Exception) -> None:
    """Settings that can't be read are no reason to drop a batch; the log names the kind of error."""

    def failing() -> Replicator:
        raise broken

    assert case.call(ticks(["a"]), failing) == 0
    assert said(case.log.getvalue())["why"] in {str(broken), type(broken).__name__}
    assert "secret" not in case.log.getvalue()


def test_a_mirror_that_refuses_gives_everything_back(case: Case) -> None:
    """Trying again is of no use now; the mapping comes again."""

    def refusing(_packs: object) -> None:
        raise Refused("eu-central-1", "PutRecords mirror", "AccessDeniedException")

    case.store.put = refusing  # type: ignore[assignment, method-assign]
    assert case.call(ticks(["a", "b"])) == 0
    assert "AccessDeniedException" in said(case.log.getvalue())["why"]


def test_records_of_another_stream_are_never_copied(case: Case) -> None:
    """A mapping on the mirror would send copies round and round; none is acknowledged either."""
    batch = ticks(["a"])
    batch[0]["eventSourceARN"] = ARN.replace("live", "mirror")
    assert case.call(batch) == 0
    assert not case.store.waves


def test_copies_in_the_live_stream_are_never_sent_on(case: Case) -> None:
    """With both directions on, a record that came from the other side stays here, set aside."""
    case.call(ticks(["a"]))
    ((key, pack),) = case.store.kept
    assert case.call([record(7, key, pack)]) is None
    assert [letter.why for letter in case.bucket.letters] == ["is a copy already"]
    assert len(case.store.kept) == 1


def test_the_log_holds_no_record(case: Case) -> None:
    """Neither data nor keys; one line a call."""
    batch = [*ticks(["marked-key"]), record(1, "marked-poison", POISON)]
    case.call(batch)
    line = said(case.log.getvalue())
    assert not any(word in case.log.getvalue() for word in ("marked", "secret", batch[0]["kinesis"]["data"]))
    assert {key: value for key, value in line.items() if value} == {
        "shard": "shardId-000000000001",
        "records": 2,
        "requests": 1,
        "packs": 1,
        "set_aside": 1,
    }


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_setting_is_named(name: str) -> None:
    """Empty is missing."""
    with pytest.raises(BadInput, match=name):
        Settings.of({**ENVIRONMENT, name: ""})


def test_a_mirror_in_the_own_region_is_refused() -> None:
    """It would be the other side's."""
    with pytest.raises(BadInput, match="within its own region"):
        Settings.of({**ENVIRONMENT, "MIRROR_REGION": REGION})


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """A function's environment, and none of its clients made before."""
    for name, value in {**ENVIRONMENT, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module, "replicator", replicator.__wrapped__)
    return ENVIRONMENT


def test_lambda_gets_its_answer(
    surroundings: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the real wiring; without a setting the batch is given back."""

    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return 0

    batch = ticks(["a"])
    back = {"batchItemFailures": [{"itemIdentifier": batch[0]["kinesis"]["sequenceNumber"]}]}
    assert handler({"Records": batch}, Context()) == back
    assert said(capsys.readouterr().err)["why"] == ""
    monkeypatch.delenv("MIRROR_STREAM")
    assert handler({"Records": batch}, Context()) == back
    assert "MIRROR_STREAM" in said(capsys.readouterr().err)["why"]
