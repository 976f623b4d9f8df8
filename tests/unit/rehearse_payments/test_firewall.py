"""The deployed rules turn away whom they should, in the region they should, and nobody else."""

import pytest
from tests.unit.rehearse_payments.fronts import firewall

from landbridge.rehearse.payments.firewall import Came, Firewall, Rate


@pytest.mark.parametrize(
    ("country", "first", "second"),
    [
        ("BY", None, "Countries"),
        ("RU", None, "Countries"),
        ("KP", "Countries", "Countries"),
        ("US", None, None),
        ("", None, None),
    ],
)
def test_a_country_is_turned_away_where_it_is_blocked(country: str, first: str | None, second: str | None) -> None:
    """Each region has its own list."""
    came = Came("a", country, 0.0)
    assert (firewall("us-east-1").stopped_by(came), firewall("us-east-2").stopped_by(came)) == (first, second)


def test_an_address_that_asks_too_often_is_turned_away_until_it_does_not() -> None:
    """By the limit of its region; other addresses go on."""
    rules = firewall("us-east-2")
    told = [rules.stopped_by(Came("a", "US", number / 100)) for number in range(1001)]
    assert told == [None] * 1000 + ["Rate"]
    assert rules.stopped_by(Came("b", "US", 10.0)) is None
    assert rules.stopped_by(Came("a", "US", 301.5)) is None


def test_what_aws_keeps_to_itself_is_told_to_be_left_out() -> None:
    """By the name it is deployed under."""
    told = firewall("us-east-1").left_out
    assert told == ("AmazonIpReputationList", "CommonRuleSet", "KnownBadInputsRuleSet", "SQLiRuleSet")


def test_rules_are_asked_in_their_order() -> None:
    """The first that matches is the one that is told, and a rule may name its own window."""
    rate = {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": "IP", "EvaluationWindowSec": 60}}
    rules = [
        {"Name": "B", "Priority": 2, "Action": {"Block": {}}, "Statement": rate},
        {"Name": "A", "Priority": 1, "Action": {"Block": {}}, "Statement": {"GeoMatchStatement": {"CountryCodes": ["KP"]}}},
        {"Name": "C", "Priority": 3, "Action": {"Count": {}}, "Statement": {"GeoMatchStatement": {"CountryCodes": ["US"]}}},
    ]
    made = Firewall.of(rules)
    assert [rule.name for rule in made.rules] == ["A", "B"]
    assert [rule.seconds for rule in made.rules if isinstance(rule, Rate)] == [60.0]
    assert made.left_out == ("C",)
