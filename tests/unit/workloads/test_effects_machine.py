"""Whatever happens to copies, database and pen: each command is applied once and in order, and in the end all are."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.unit.workloads.effect_fakes import MemoryCopy, MemoryDatabase, a_pen, an_item

from landbridge.model.command import CommandItem
from landbridge.model.pen import Epoch
from landbridge.workloads.trading.effects import sweep

SIDES = st.sampled_from(["here", "there"])
ITEMS = [an_item(number, user) for user in ("ada", "bob") for number in range(1, 5)]
ITEM = st.sampled_from(ITEMS)


class Effects(RuleBasedStateMachine):
    """Two regions with a copy and a worker each, and one database whose fence row moves."""

    def __init__(self) -> None:
        super().__init__()
        self.copies = {"here": MemoryCopy(), "there": MemoryCopy()}
        self.database = MemoryDatabase("here")

    @rule(side=SIDES, item=ITEM)
    def a_command_arrives(self, side: str, item: CommandItem) -> None:
        """Each for itself, in any order."""
        self.copies[side].arrived[item.user, item.number] = item

    @rule(side=SIDES, item=ITEM)
    def a_head_arrives(self, side: str, item: CommandItem) -> None:
        """Before its commands or after them."""
        newest = self.copies[side].newest
        newest[item.user] = max(item.number, newest.get(item.user, 0))

    @rule(side=SIDES, behind=st.integers(0, 2))
    def a_worker_has_its_round(self, side: str, behind: int) -> None:
        """It believes its pen open, of this epoch or an older one."""
        epoch = max(1, self.database.epoch - behind)
        sweep(region=side, pen=a_pen(epoch=epoch), copy=self.copies[side], database=self.database)

    @rule(holder=st.sampled_from(["here", "there", None]))
    def the_row_moves(self, holder: str | None) -> None:
        """To either side, or to none."""
        self.database.holder, self.database.epoch = holder, Epoch(self.database.epoch + 1)

    @rule(lost=st.integers(0, 2), failing=st.integers(0, 2), silent=st.booleans())
    def the_database_fails(self, lost: int, failing: int, silent: bool) -> None:  # noqa: FBT001
        """Answers get lost, transactions come to nothing, it says nothing at all; or it is well again."""
        self.database.lost, self.database.failing, self.database.silent = lost, failing, silent

    @invariant()
    def applied_is_an_unbroken_chain(self) -> None:
        """Each user's numbers from 1 without a gap, each once, in that order."""
        for user in ("ada", "bob"):
            numbers = [item.number for _, item in self.database.effects if item.user == user]
            assert numbers == list(range(1, len(numbers) + 1))

    def teardown(self) -> None:
        """Everything has arrived and nothing fails any more: one round of the holder does all that is left."""
        self.the_database_fails(0, 0, silent=False)
        self.the_row_moves("there")
        self.copies["there"].bring(*ITEMS)
        self.a_worker_has_its_round("there", 0)
        self.applied_is_an_unbroken_chain()
        assert len(self.database.effects) == len(ITEMS)


TestEffects = Effects.TestCase
TestEffects.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
