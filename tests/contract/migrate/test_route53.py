"""Weighted records against a real control plane: every weight is read back from where it was set."""

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
        return Endpoint(region, f"api.{region}.{zone}", "/live/health")

    return Route53Traffic(clients, f"origin.{zone}", REGIONS, endpoint, ttl=5)


def checks(traffic: Route53Traffic) -> dict[str, dict[str, object]]:
    """Every health check of the test's zone, by the name it watches."""
    pages = traffic.clients.client("route53", GLOBAL_HOME).get_paginator("list_health_checks").paginate()
    found = [check["HealthCheckConfig"] for page in pages for check in page["HealthChecks"]]
    zone = traffic.name.partition(".")[2]
    return {config["FullyQualifiedDomainName"]: config for config in found if config["FullyQualifiedDomainName"].endswith(zone)}


def test_reads_move_by_weights_that_are_read_back(traffic: Route53Traffic) -> None:
    """From the source alone to the target alone, and back."""
    assert traffic.percent() is None
    traffic.add_source()
    assert traffic.percent() is None
    traffic.add_target()
    assert traffic.percent() == 0
    for percent in (1, 5, 25, 50, 100, 0):
        traffic.send(percent)
        assert traffic.percent() == percent


def test_each_record_has_its_own_health_check(traffic: Route53Traffic) -> None:
    """Of the region's own API, kept while weights change."""
    traffic.add_source()
    traffic.add_target()
    traffic.send(25)
    records = traffic._records()
    assert {region: record["Weight"] for region, record in records.items()} == {SOURCE: 75, TARGET: 25}
    assert {record["TTL"] for record in records.values()} == {5}
    assert len({record["HealthCheckId"] for record in records.values()}) == 2
    config = checks(traffic)[traffic.endpoint(TARGET).domain]
    assert (config["Type"], config["ResourcePath"], config["FailureThreshold"]) == ("HTTPS", "/live/health", 3)


def test_adding_twice_is_adding_once(traffic: Route53Traffic) -> None:
    """One record, one check, and the weight that was set meanwhile stays."""
    for _ in range(2):
        traffic.add_source()
        traffic.add_target()
    traffic.send(50)
    traffic.add_target()
    assert (traffic.percent(), len(checks(traffic))) == (50, 2)


def test_the_target_goes_without_a_trace(traffic: Route53Traffic) -> None:
    """Record and check; the source keeps its own; it may be repeated, and done again."""
    traffic.add_source()
    for _ in range(2):
        traffic.add_target()
        traffic.send(5)
        traffic.remove_target()
        traffic.remove_target()
        assert traffic.percent() is None
        assert list(checks(traffic)) == [traffic.endpoint(SOURCE).domain]


def test_a_check_left_over_is_used_and_removed(traffic: Route53Traffic) -> None:
    """Killed between check and record: the next attempt makes no second one."""
    traffic.add_source()
    left = traffic._new_check(traffic.endpoint(TARGET))
    traffic.add_target()
    assert traffic._records()[TARGET]["HealthCheckId"] == left


def test_a_weight_without_records_is_refused(traffic: Route53Traffic) -> None:
    """Named by the region that has none."""
    with pytest.raises(Refused, match=f"weight 5 for {traffic.name} was refused in {SOURCE}: there is no record"):
        traffic.send(5)
    traffic.add_source()
    with pytest.raises(Refused, match=f"in {TARGET}"):
        traffic.send(5)


def test_records_without_any_weight_send_nothing_to_the_target(traffic: Route53Traffic) -> None:
    """Both at 0 is nobody's share."""
    traffic.add_target()
    assert traffic.percent() == 0
    traffic.add_source()
    assert traffic.percent() == 0


def test_the_nearest_zone_holds_the_records(clients: Clients) -> None:
    """A zone of the longer name, and never one whose name only ends alike."""
    route53, number = clients.client("route53", GLOBAL_HOME), next(NUMBERS)
    made = {}
    for zone in (f"zone-{number}.example", f"deep.zone-{number}.example", f"p.zone-{number}.example"):
        made[zone] = route53.create_hosted_zone(Name=zone, CallerReference=zone)["HostedZone"]["Id"]
    traffic = Route53Traffic(clients, f"origin.deep.zone-{number}.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "/"), ttl=5)
    assert traffic._zone() == made[f"deep.zone-{number}.example"]
    apex = Route53Traffic(clients, f"deep.zone-{number}.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "/"), ttl=5)
    assert apex._zone() == made[f"deep.zone-{number}.example"]
    alike = Route53Traffic(clients, f"op.zone-{number}.example", REGIONS, lambda r: Endpoint(r, f"{r}.x", "/"), ttl=5)
    assert alike._zone() == made[f"zone-{number}.example"]


def test_a_name_without_a_zone_is_refused(clients: Clients) -> None:
    """The account must hold one."""
    traffic = Route53Traffic(clients, "origin.elsewhere.invalid", REGIONS, lambda r: Endpoint(r, f"{r}.x", "/"), ttl=5)
    with pytest.raises(Refused, match="no hosted zone of this account holds that name"):
        traffic.percent()
