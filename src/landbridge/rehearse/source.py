"""The platform as it is before landbridge comes: in the source region alone, loaded, with an origin name of its own."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from uuid import uuid4

from landbridge.aws.clients import GLOBAL_HOME, speaking
from landbridge.deploy.run import Patience, deploy
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.live_market import LiveMarket
from landbridge.migrate.adapters.state_copies import typed
from landbridge.model.errors import Unreachable
from landbridge.model.market import Stream
from landbridge.model.pen import Domain, Epoch
from landbridge.model.region import Region
from landbridge.model.state import RESERVED, StateItem
from landbridge.rehearse.by_hand import STACK as BY_HAND
from landbridge.rehearse.by_hand import make_tables
from landbridge.rehearse.history_book import Put, together

BATCH = 25  # what one BatchWriteItem takes
WRITERS = 4
WARMERS = 8  # at once; more than the functions that may answer at once
WARM_SECONDS = 60
APART = 0.002  # a listing tells versions and markers in two lists, in order by their milliseconds alone
CREATED_IN = 0.25  # how often a stack under way is looked at


def deploy_source(migration: Migration, tell: Callable[[str], None]) -> None:
    """Tables made by hand, stacks of the source for all the rest, and the journal's in its own region, side by side."""
    deployer, source = migration.deployer, migration.regions.source
    patience = Patience(time.monotonic, time.sleep, limit_seconds=120, pause_seconds=CREATED_IN)
    make_tables(deployer, source)
    with ThreadPoolExecutor(2) as pool:
        homes = [source, Region(migration.config.platform.journal)]
        for stacks in pool.map(lambda region: deploy(deployer, region, patience, besides=BY_HAND), homes):
            tell(f"deployed {', '.join(stacks)}")
    for domain in migration.movers.domains:
        migration.movers.pens.open(migration.regions.source, domain, Epoch(1), 0)
    if Domain.MARKET in migration.movers.domains:
        _begin_market(migration.market, migration.regions.source)


def _begin_market(market: LiveMarket, source: Region) -> None:
    """The feeds are told where to put, and the transform reads it."""
    market.feeds.point(source, source)
    market.mappings.start(source, Stream.LIVE, 0.0, 0)


def load(migration: Migration, items: Iterable[StateItem]) -> None:
    """What the platform holds before anything moves."""
    rest = iter(items)
    batches = iter(lambda: list(islice(rest, BATCH)), [])
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda batch: _write(migration, batch), batches))


def _write(migration: Migration, batch: list[StateItem]) -> None:
    ask = {migration.named("state"): [{"PutRequest": {"Item": typed(item)}} for item in batch]}
    source = migration.regions.source
    with speaking(source, "BatchWriteItem"):
        while ask:
            ask = migration.clients.client("dynamodb", source).batch_write_item(RequestItems=ask).get("UnprocessedItems") or {}


def load_history(migration: Migration, puts: Iterable[Put]) -> None:
    """The versions that lie in the source's bucket before anything moves; each key's in order."""
    source, bucket = migration.regions.source, migration.history.buckets.source
    s3 = migration.clients.client("s3", source)

    def write(of_key: list[Put]) -> None:
        with speaking(source, f"loading {bucket}"):
            for put in of_key:
                time.sleep(APART)
                if put.body is None:
                    s3.delete_object(Bucket=bucket, Key=put.key)
                else:
                    s3.put_object(Bucket=bucket, Key=put.key, Body=put.body, ContentType="application/json")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, together(puts).values()))


def give_name(migration: Migration) -> None:
    """A hosted zone, and the origin's record with everything at the source."""
    domain = migration.config.platform.domain
    with speaking(GLOBAL_HOME, "CreateHostedZone"):
        route53 = migration.clients.client("route53", GLOBAL_HOME)
        route53.create_hosted_zone(Name=domain.split(".", 1)[1], CallerReference=str(uuid4()))
    migration.traffic.name_first(migration.regions.source)


def warm_source(migration: Migration) -> None:
    """Every function that may answer at once has answered: a platform that serves users is warm."""
    apis = HttpApis(migration.api_url, timeout=30.0)
    source = migration.regions.source

    ends = time.monotonic() + WARM_SECONDS

    def touch(number: int) -> None:
        try:
            apis.ahead(source, time.time)
            apis.write(source, f"{RESERVED}warm-{number}", "view", 1, f"warm-{number}")
        except Unreachable:  # a cold start beside seven others may last longer than a read is given
            if time.monotonic() > ends:
                raise
            touch(number)

    with ThreadPoolExecutor(WARMERS) as pool:
        list(pool.map(touch, range(WARMERS)))
