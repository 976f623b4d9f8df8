"""Where each region's own API answers, how the engine asks it, and what each region believes of the other's."""

from abc import abstractmethod
from functools import cached_property

from landbridge.config.spec import Trading
from landbridge.migrate.adapters.deployed import Deployed
from landbridge.migrate.adapters.http_apis import HttpApis
from landbridge.migrate.adapters.peer_apis import PeerParameters
from landbridge.model.errors import BadInput, Unreachable
from landbridge.model.region import Pair, Region
from landbridge.model.wire import BY_IAM, BY_TOKEN, PARAMETER, PEER_API
from landbridge.workloads.trading.entitled import Signed

STAGE = "live"


class Reached(Deployed):
    """A platform with an API in each region, as a migration reaches it."""

    config: Trading
    seizing: bool

    @property
    @abstractmethod
    def regions(self) -> Pair[Region]:
        """From where to where."""

    def api(self, region: Region) -> str:
        """The id of the region's API."""
        return self.told("api", "ApiId", region)

    def api_url(self, region: Region) -> str:
        """Where the region's own API answers."""
        return self.clients.api_url(self.api(region), region, STAGE)

    @cached_property
    def apis(self) -> HttpApis:
        """Each region's API; refused where the engine could never write through it, before anything has moved."""
        limit = self.config.pens.hold_seconds + 5
        if self.config.api.authorizer == BY_TOKEN and not self.seizing:
            raise BadInput("api.authorizer", "is 'jwt', and the engine has no token to write its marks by", 'move with "iam"')
        if self.config.api.authorizer == BY_IAM and (credentials := self.clients.credentials()):
            return HttpApis(self.api_url, limit, entitle=Signed(credentials))
        return HttpApis(self.api_url, limit)

    @cached_property
    def peers(self) -> PeerParameters:
        """What each region believes of the other's API."""
        name = PARAMETER.format(suffix=self.config.platform.environment_suffix, name=PEER_API)
        return PeerParameters(self.clients, name, self._url_of_the_other)

    def url_even_if_out(self, region: Region) -> str:
        """Where the region's API answers, asked of the other region when this one is silent."""
        try:
            return self.api_url(region)
        except Unreachable:
            known = self.peers.known(self.other(region))
            if known is None:
                raise
            return known

    def other(self, region: Region) -> Region:
        """The one of the two that this one is not."""
        return self.regions.target if region == self.regions.source else self.regions.source

    def _url_of_the_other(self, region: Region) -> str:
        return self.api_url(self.other(region))
