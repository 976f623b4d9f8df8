"""Whatever order commands, repeats, forwards, lost answers and moves come in: each is accepted once, in order."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.unit.workloads.command_fakes import a_command, two_command_regions

from landbridge.model.command import CommandItem
from landbridge.model.pen import PenState
from landbridge.workloads.trading.ports import Answer, Conflict, Unknown

USERS = st.sampled_from(["ada", "bob"])
KEYS = st.sampled_from("abcde")
SIDES = st.integers(0, 1)


class Commands(RuleBasedStateMachine):
    """Two regions, users who do as they like, and a pen that moves."""

    def __init__(self) -> None:
        super().__init__()
        self.sides = two_command_regions()
        self.holder, self.epoch = 0, 1
        self.first: dict[tuple[str, str], tuple[int, int]] = {}  # by user and key: number and epoch first told

    @rule(side=SIDES, user=USERS, key=KEYS, number=st.integers(1, 8), hop=st.booleans())
    def send(self, side: int, user: str, key: str, number: int, hop: bool) -> None:  # noqa: FBT001
        """Any key under any number, at any side, forwarded or not."""
        self._heard(user, key, number, self.sides[side].write(a_command(number, key, user), hop=hop))

    @rule(side=SIDES, user=USERS, key=KEYS)
    def send_next(self, side: int, user: str, key: str) -> None:
        """A user who keeps count."""
        number = len(self._accepted(user)) + 1
        self._heard(user, key, number, self.sides[side].write(a_command(number, key, user)))

    @rule(side=SIDES, times=st.integers(1, 3))
    def lose_answers(self, side: int, times: int) -> None:
        """The next acceptances of this side happen, but nobody is told."""
        self.sides[side].store.lost_answers = times

    @rule(side=SIDES, outcome=st.sampled_from([Unknown("Timeout"), Conflict()]))
    def disturb(self, side: int, outcome: Unknown | Conflict) -> None:
        """The next transaction comes to nothing."""
        self.sides[side].store.answers = [outcome]

    @rule(side=SIDES, up=st.booleans())
    def cut(self, side: int, up: bool) -> None:  # noqa: FBT001
        """The line to the other side goes down, or up again."""
        self.sides[side].line_up = up

    @rule(unwound=st.booleans())
    def move(self, unwound: bool) -> None:  # noqa: FBT001
        """The holder closed, everything of it proved at the other, opened there with the next epoch; or the move unwinds."""
        here, there = (self.sides[side].store for side in (self.holder, 1 - self.holder))
        here.set(PenState.CLOSED, self.epoch)
        here.copy_to(there)
        if unwound:
            here.set(PenState.OPEN, self.epoch)
        else:
            self.holder, self.epoch = 1 - self.holder, self.epoch + 1
            there.set(PenState.OPEN, self.epoch)

    @rule(after=st.floats(0.1, 30))
    def close_for_a_while(self, after: float) -> None:
        """The holder closes, and opens again sooner or later than the hold lasts."""
        held, epoch = self.sides[self.holder], self.epoch
        held.store.set(PenState.CLOSED, epoch)
        held.time.later(after, lambda: held.store.set(PenState.OPEN, epoch) if epoch == self.epoch else None)

    @invariant()
    def each_user_has_an_unbroken_chain(self) -> None:
        """Numbers from 1 without a gap, each once, each key once, epochs never going down."""
        for user in ("ada", "bob"):
            chain = self._accepted(user)
            assert [item.number for item in chain] == list(range(1, len(chain) + 1))
            assert len({item.key for item in chain}) == len(chain)
            assert [item.epoch for item in chain] == sorted(item.epoch for item in chain)

    def _accepted(self, user: str) -> list[CommandItem]:
        receipts = [receipt for side in self.sides for receipt in side.store.receipts]
        return sorted((item for item in map(CommandItem.of, receipts) if item.user == user), key=lambda item: item.number)

    def _heard(self, user: str, key: str, number: int, answer: Answer) -> None:
        kept = {item.key: (item.number, item.epoch) for item in self._accepted(user)}
        if answer.status == 200:
            told = answer.body["number"], answer.body["epoch"]
            assert answer.body["key"] == key
            assert kept[key] == told == self.first.setdefault((user, key), told)
        elif answer.status == 409:
            assert key not in kept
            assert answer.body["expected"] == len(kept) + 1 != number
        else:
            assert answer.status in {421, 503}


TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
