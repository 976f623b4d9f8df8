"""Stacks are deployed and destroyed in a legal order, whatever the manifest; a circle is refused by its name."""

import json
import random
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.deploy.fakes import PENS, PLATFORM, CloudFormation, Routed, reaching

from landbridge.deploy.artifacts import Artifact
from landbridge.deploy.deployer import Deployer
from landbridge.deploy.graph import Graph, Place
from landbridge.deploy.manifest import Feed, Home, Manifest, StackSpec, Where
from landbridge.deploy.run import Patience, deploy_all, destroy_all, within
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

SOURCE, TARGET, JOURNAL = (Region(name) for name in (PLATFORM.source, PLATFORM.target, PLATFORM.journal))
ROLES = {Home.SOURCE: SOURCE, Home.TARGET: TARGET, Home.JOURNAL: JOURNAL, Home.GLOBAL: Region("us-east-1")}


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Stacks of any home, each fed by some of those before it."""
    stacks: list[StackSpec] = []
    for number in range(draw(st.integers(1, 7))):
        home = draw(st.sampled_from(Home))
        feeds = {
            f"P{fed}": _feed(draw, home, stacks[fed])
            for fed in draw(st.sets(st.integers(0, number - 1)) if number else st.just(set()))
        }
        kept = {name: feed for name, feed in feeds.items() if feed}
        body = {"Parameters": {name: {} for name in kept}, "Resources": {}, "Outputs": {"Out": {"Value": f"of {number}"}}}
        stacks.append(StackSpec(f"s{number}", home, f"sha{number}", json.dumps(body), kept))
    return Manifest("trading", tuple(stacks))


def _feed(draw: st.DrawFn, home: Home, fed: StackSpec) -> Feed | None:
    """A feed from somewhere that stack is, by any of the words for it."""
    wheres = {Where(fed.home)} if fed.home is not Home.BOTH else {Where.SOURCE, Where.TARGET}
    if home is fed.home or (home in {Home.SOURCE, Home.TARGET} and fed.home is Home.BOTH):
        wheres.add(Where.SAME)
    if home is Home.BOTH and fed.home is Home.BOTH:
        wheres.add(Where.OTHER)
    return Feed(fed.name, "Out", draw(st.sampled_from(sorted(wheres))))


@given(manifests(), st.randoms(use_true_random=False))
def test_what_is_ready_has_all_it_needs(manifest: Manifest, chance: random.Random) -> None:
    """Whichever ends first: nothing begins early, nothing begins twice, and all of it begins."""
    graph = Graph.of(manifest, ROLES)
    done: set[Place] = set()
    begun: list[Place] = []
    running: list[Place] = []
    while ready := [*running, *graph.ready(done, set(begun))]:
        for place in ready[len(running) :]:
            assert graph.needs[place] <= done
            begun.append(place)
        running = ready
        done.add(running.pop(chance.randrange(len(running))))
    assert sorted(begun) == sorted(graph.needs)


@given(manifests(), st.randoms(use_true_random=False))
def test_a_part_keeps_the_order_of_the_whole(manifest: Manifest, chance: random.Random) -> None:
    """Also between two stacks whose way led over one that was left out."""
    graph = Graph.of(manifest, ROLES)
    kept = [place for place in graph.needs if chance.random() < 0.6]
    part = graph.only(kept)
    assert set(part.needs) == set(kept)
    for place in kept:
        assert part.behind(place) == graph.behind(place) & set(kept)


def test_what_was_left_out_still_orders_what_is_kept() -> None:
    """The first before the last, though the one between them is not asked for."""
    first, between, last = (Place(name, SOURCE) for name in ("first", "between", "last"))
    whole = Graph({first: frozenset(), between: frozenset({first}), last: frozenset({between})})
    assert whole.only([first, last]).needs == {first: frozenset(), last: frozenset({first})}


@given(st.dictionaries(st.integers(0, 6), st.frozensets(st.integers(0, 6))))
def test_circles_and_only_circles_are_refused(arrows: Mapping[int, frozenset[int]]) -> None:
    """Each place named in the refusal needs the one named after it, and the last is the first."""
    places = [Place(f"s{number}", SOURCE) for number in range(7)]
    needs = {places[at]: frozenset(places[to] for to in tos) for at, tos in arrows.items()}
    try:
        graph = Graph(needs)
    except BadInput as refused:
        named = [Place(words.split(" in ")[0], SOURCE) for words in refused.what.split("(")[1].rstrip(")").split(" needs ")]
        assert named[0] == named[-1]
        assert all(after in needs[before] for before, after in pairwise(named))
    else:
        assert all(place not in graph.behind(place) for place in graph.needs)


def test_a_feed_from_where_the_stack_is_not_is_refused() -> None:
    """A stack of the source alone can't feed the target from the target."""
    fed = StackSpec("b", Home.TARGET, "sha", "{}", {"P": Feed("a", "Out")})
    with pytest.raises(BadInput, match=r"wants a\.Out of eu-central-1"):
        Graph.of(Manifest("trading", (StackSpec("a", Home.SOURCE, "sha", "{}"), fed)), ROLES)


def test_what_a_stack_may_lack_is_not_waited_for_where_it_has_no_place() -> None:
    """The cluster that was there first joins nothing; the other one waits for what it joins."""
    body = '{"Parameters": {"P": {"Default": ""}}}'
    joined = StackSpec("bond", Home.SOURCE, "sha", "{}", {"Q": Feed("cluster", "Out")})
    cluster = StackSpec("cluster", Home.BOTH, "sha", body, {"P": Feed("bond", "Out", Where.OTHER)})
    graph = Graph.of(Manifest("trading", (cluster, joined)), ROLES)
    source, target = (Place("cluster", ROLES[home]) for home in (Home.SOURCE, Home.TARGET))
    bond = Place("bond", ROLES[Home.SOURCE])
    assert graph.needs == {source: frozenset(), target: frozenset({bond}), bond: frozenset({source})}


def test_a_copy_waits_for_what_it_copies() -> None:
    """Where its stack must stand first, and nowhere else; nothing feeds it from there."""
    database = StackSpec("database", Home.BOTH, "sha", "{}", first=Home.SOURCE)
    graph = Graph.of(Manifest("payments", (database,)), ROLES)
    source, target = (Place("database", ROLES[home]) for home in (Home.SOURCE, Home.TARGET))
    assert graph.needs == {source: frozenset(), target: frozenset({source})}


@dataclass
class Watched:
    """All regions, and whether each act found the world ready for it."""

    graph: Graph
    regions: dict[Region, Routed] = field(init=False)
    lock: threading.Lock = field(default_factory=threading.Lock)
    acts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.regions = {region: self._region(region) for region in {place.region for place in self.graph.needs}}

    def _region(self, region: Region) -> Routed:
        routed = Routed()
        for place in self.graph.needs:
            if place.region == region:
                routed.stacks[name_of(place)] = Strict(watched=self, place=place, moves=len(place.stack))
        return routed

    def status(self, place: Place) -> str | None:
        """How a place stands now."""
        return self.regions[place.region].stacks[name_of(place)].status

    def needing(self, place: Place) -> Iterator[Place]:
        """What needs it."""
        return (other for other, needs in self.graph.needs.items() if place in needs)


def name_of(place: Place) -> str:
    """The stack's name in CloudFormation."""
    return f"trading-analytics-{place.stack}-prod"


@dataclass
class Strict(CloudFormation):
    """A stack that may only be made on what it needs, and only be deleted under nothing."""

    watched: Watched = field(kw_only=True)
    place: Place = field(kw_only=True)

    def execute_change_set(self, StackName: str, ChangeSetName: str) -> None:  # noqa: N803 - as AWS spells it
        """Notes an act that came too early."""
        with self.watched.lock:
            early = [need for need in self.watched.graph.needs[self.place] if self.watched.status(need) != "CREATE_COMPLETE"]
            self.watched.acts += [f"{self.place} before {need}" for need in early]
        super().execute_change_set(StackName, ChangeSetName)

    def delete_stack(self, StackName: str) -> None:  # noqa: N803 - as AWS spells it
        """Notes an act that came too early."""
        with self.watched.lock:
            left = [other for other in self.watched.needing(self.place) if self.watched.status(other) is not None]
            self.watched.acts += [f"{self.place} under {other}" for other in left]
        super().delete_stack(StackName)


def _whole(manifest: Manifest) -> tuple[Watched, Deployer]:
    watched = Watched(Graph.of(manifest, ROLES))
    clients = reaching(watched.regions)
    made = Deployer(clients, manifest, PLATFORM, PENS, sleep=lambda _: None, artifact=Artifact("functions/x.zip", b""))
    return watched, made


PATIENCE = Patience(clock=lambda: 0.0, sleep=lambda _: None)


@settings(max_examples=40, deadline=None)
@given(manifests())
def test_any_manifest_goes_up_and_comes_down_legally(manifest: Manifest) -> None:
    """In threads, all regions at once: made on what it needs with its parameters, deleted under nothing, all of it gone."""
    watched, made = _whole(manifest)
    outputs = deploy_all(made, made.graph, PATIENCE).result()
    assert set(outputs) == set(made.graph.needs)
    for place in outputs:
        given = watched.regions[place.region].stacks[name_of(place)].parameters
        feeds = made.stack(place.stack).feeds
        assert given == {name: f"of {feed.stack[1:]}" for name, feed in feeds.items()}
    destroy_all(made, made.graph, PATIENCE).result()
    assert {watched.status(place) for place in made.graph.needs} == {None}
    assert watched.acts == []


@settings(max_examples=20, deadline=None)
@given(manifests(), st.data())
def test_after_a_failure_nothing_new_begins_and_a_second_run_goes_on(manifest: Manifest, data: Any) -> None:
    """What fed on the failed stack was never touched; once it is mended the same call ends well."""
    watched, made = _whole(manifest)
    bad = data.draw(st.sampled_from(sorted(made.graph.needs)))
    broken = watched.regions[bad.region].stacks[name_of(bad)]
    broken.after_execute = "ROLLBACK_COMPLETE"
    walked = deploy_all(made, made.graph, PATIENCE)
    assert list(walked.failed) == [bad]
    assert {watched.status(place) for place in made.graph.needs if bad in made.graph.behind(place)} <= {None}
    broken.after_execute = "CREATE_COMPLETE"
    deploy_all(made, made.graph, PATIENCE).result()
    assert watched.acts == []


def test_one_region_alone_is_a_part() -> None:
    """The others' places are left out."""
    stack = StackSpec("a", Home.BOTH, "sha", "{}")
    assert list(within(Graph.of(Manifest("trading", (stack,)), ROLES), [TARGET]).needs) == [Place("a", TARGET)]
