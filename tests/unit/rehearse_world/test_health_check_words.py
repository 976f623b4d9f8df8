"""Health checks pass the door in the words the emulator understands, and come back in the words of Route 53."""

import pytest

from landbridge.rehearse.emulator.health_checks import answered, asked, concerns


def test_children_are_put_where_the_emulator_reads_them() -> None:
    """Each of them, and nothing else is touched."""
    child, nested = (
        form.join((b"<ChildHealthCheck>", b"</ChildHealthCheck>")) for form in (b"%s", b"<ChildHealthCheck>%s</ChildHealthCheck>")
    )
    body = b"<C><Type>CALCULATED</Type>%s%s</C>"
    assert asked(body % (child % b"a", child % b"b")) == body % (nested % b"a", nested % b"b")
    assert asked(b"<C><Type>HTTPS</Type></C>") == b"<C><Type>HTTPS</Type></C>"


def test_yes_and_no_are_as_xml_has_them() -> None:
    """A client takes anything else for a no."""
    assert answered(200, b"<Inverted>True</Inverted><EnableSNI>False</EnableSNI><Name>Trueish</Name>") == (
        b"<Inverted>true</Inverted><EnableSNI>false</EnableSNI><Name>Trueish</Name>"
    )


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/2013-04-01/healthcheck", True),
        ("/2013-04-01/healthcheck?maxitems=100", True),
        ("/2013-04-01/healthcheck/0a1b", True),
        ("/2013-04-01/healthcheckcount", False),
        ("/2013-04-01/hostedzone/Z1/rrset", False),
    ],
)
def test_only_health_checks_are_concerned(path: str, *, ours: bool) -> None:
    """Of all that is asked of Route 53."""
    assert concerns(path) is ours
