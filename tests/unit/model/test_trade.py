"""A tick's value as a trade: read back to the micro-unit, and refused when it is anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbridge.model.errors import BadInput
from landbridge.model.market import Tick
from landbridge.model.trade import Trade, trade

TRADES = st.builds(
    Trade,
    st.text(),
    st.text(),
    st.integers(0),
    st.integers(1, 10**15 - 1),
    st.integers(1, 10**12 - 1),
    st.integers(1, 10**13 - 1),
)


@given(TRADES)
def test_a_trade_reads_back_from_its_tick(made: Trade) -> None:
    """To the last micro-unit, with the identity of its tick."""
    assert trade(made.tick()) == made


@pytest.mark.parametrize(
    ("value", "micro"), [("189.43", 189_430_000), ("0.000001", 1), ("7", 7_000_000), ("189.430", 189_430_000)]
)
def test_a_price_is_whole_micro_units(value: str, micro: int) -> None:
    """However many decimals it is written with, up to six."""
    assert trade(Tick("f", "s", 1, f"{value} 300 1767603600000")).price == micro


@pytest.mark.parametrize(
    "value",
    [
        "",
        "v1",
        "189.43 300",
        "189.43 300 1767603600000 1",
        "189.43  300 1767603600000",
        " 189.43 300 1767603600000",
        "189.43 300 1767603600000\n",
        "189.4312345 300 1767603600000",
        "189. 300 1767603600000",
        "-1 300 1767603600000",
        "0 300 1767603600000",
        "0.000000 300 1767603600000",
        "1e3 300 1767603600000",
        "01 300 1767603600000",
        "189.43 0 1767603600000",
        "189.43 3.5 1767603600000",
        "1234567890 300 1767603600000",
        "189.43 300 17676036000000",
        "١٨٩ 300 1767603600000",
    ],
)
def test_what_is_no_trade_is_refused(value: str) -> None:
    """With a sentence that says what to send."""
    with pytest.raises(BadInput, match="send "):
        trade(Tick("f", "s", 1, value))


def test_a_refusal_repeats_nothing_of_the_record() -> None:
    """What customers trade has no place in a log."""
    with pytest.raises(BadInput) as refused:
        trade(Tick("mark-1", "mark-2", 777_001, "777002.5 777003 mark-3"))
    assert "mark" not in str(refused.value)
    assert "777" not in str(refused.value)
