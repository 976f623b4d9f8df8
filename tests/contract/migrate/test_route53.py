"""Weighted records against a real control plane: every weight is read back from where it was set."""

from dataclasses import replace
from itertools import count

import pytest
from tests.fakes import REGIONS, SOURCE, TARGET

from landbridge.aws.clients import GLOBAL_HOME, Clients
from landbridge.model.errors import Refused
from landbridge.model.region import Region
from landbridge.traffic.route53 import Endpoint, Route53Traffic

NUMBERS = count(1)


@pytest.fixture
def traffic(clients: Clients) -> Route53Traffic:
    """Records of a zone of the test's own."""
    zone = f"test-{next(NUMBERS)}.example"
    clients.client("route53", GLOBAL_HOME).create_hosted_zone(Name=zone, CallerReference=zone)

    def endpoint(region: Region) -> Endpoint:
        return Endpoint(region, f"api.{region}.{zone}", f"check-{region}")

    return Route53Traffic(clients, f"origin.{zone}", REGIONS, endpoint, ttl=5)


def test_reads_move_by_weights_that_are_read_back(traffic: Route53Traffic) -> None:
    """From the source alone to the target alone, and back."""
    assert traffic.percent() is None
    traffic.name_first(SOURCE)
    assert traffic.percent() is None
    traffic.add_target()
    assert traffic.percent() == 0
    for percent in (1, 5, 25, 50, 100, 0):
        traffic.send(percent)
        assert traffic.percent() == percent


def test_each_record_leads_to_its_regions_api_by_its_regions_check(traffic: Route53Traffic) -> None:
    """Kept while weights change."""
    traffic.name_first(SOURCE)
    traffic.add_target()
    traffic.send(25)
    records = traffic._records()
    assert {region: record["Weight"] for region, record in records.items()} == {SOURCE: 75, TARGET: 25}
    assert {record["TTL"] for record in records.values()} == {5}
    assert {region: record["HealthCheckId"] for region, record in records.items()} == {r: f"check-{r}" for r in (SOURCE, TARGET)}


def test_adding_twice_is_adding_once(traffic: Route53Traffic) -> None:
    """The weight that was set meanwhile stays."""
    for _ in range(2):
        traffic.name_first(SOURCE)
        traffic.add_target()
    traffic.send(50)
    traffic.add_target()
    assert traffic.percent() == 50


def test_a_deploy_keeps_weights_and_mends_where_records_lead(traffic: Route53Traffic) -> None:
    """Also when the stack that has the check was made anew."""
    traffic.name_first(SOURCE)
    traffic.add_target()
    traffic.send(25)
    anew = replace(traffic, endpoint=lambda region: Endpoint(region, f"new.{region}", f"new-{region}"))
    anew.name_first(SOURCE)
    records = traffic._records()
    assert {region: record["Weight"] for region, record in records.items()} == {SOURCE: 75, TARGET: 25}
    assert {record["HealthCheckId"] for record in records.values()} == {f"new-{SOURCE}", f"new-{TARGET}"}


def test_the_target_goes_without_a_trace(traffic: Route53Traffic) -> None:
    """Whatever it weighs; the source keeps its own; it may be repeated, and done again."""
    traffic.name_first(SOURCE)
    for _ in range(2):
        traffic.add_target()
        traffic.send(5)
        traffic.remove_target()
        traffic.remove_target()
        assert traffic.percent() is None
        assert set(traffic._records()) == {SOURCE}


def test_a_weight_without_records_is_refused(traffic: Route53Traffic) -> None:
    """Named by the region that has none."""
    with pytest.raises(Refused, match=f"weight 5 for {traffic.name} was refused in {SOURCE}: there is no record"):
        traffic.send(5)
    traffic.name_first(SOURCE)
    with pytest.raises(Refused, match=f"in {TARGET}"):
        traffic.send(5)


def test_records_without_any_weight_send_nothing_to_the_target(traffic: Route53Traffic) -> None:
    """0 of 0 is nobody's share."""
    traffic.add_target()
    assert traffic.percent() == 0


def test_the_nearest_zone_holds_the_records(clients: Clients) -> None:
    """A zone of the longer name, and never one whose name only ends alike."""
    route53, number = clients.client("route53", GLOBAL_HOME), next(NUMBERS)
    made = {}
    for zone in (f"zone-{number}.example", f"deep.zone-{number}.example", f"p.zone-{number}.example"):
        made[zone] = route53.create_hosted_zone(Name=zone, CallerReference=zone)["HostedZone"]["Id"]
    traffic = Route53Traffic(
        clients, f"origin.deep.zone-{number}.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "check"), ttl=5
    )
    assert traffic._zone() == made[f"deep.zone-{number}.example"]
    apex = Route53Traffic(clients, f"deep.zone-{number}.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "check"), ttl=5)
    assert apex._zone() == made[f"deep.zone-{number}.example"]
    alike = Route53Traffic(clients, f"op.zone-{number}.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "check"), ttl=5)
    assert alike._zone() == made[f"zone-{number}.example"]


def test_a_name_without_a_zone_is_refused(clients: Clients) -> None:
    """The account must hold one."""
    traffic = Route53Traffic(clients, "origin.elsewhere.invalid", REGIONS, lambda r: Endpoint(r, f"{r}.x", "check"), ttl=5)
    with pytest.raises(Refused, match="no hosted zone of this account holds that name"):
        traffic.percent()
