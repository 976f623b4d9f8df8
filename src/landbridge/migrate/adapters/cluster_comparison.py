"""The database's comparison by the addresses RDS tells, in slices: an engine that compares must still hold its lease."""

from dataclasses import dataclass

from psycopg.conninfo import make_conninfo

from landbridge.config.verify import Database
from landbridge.migrate.adapters.effects import EffectsDatabase
from landbridge.replicate.aurora import Address
from landbridge.verify.port import Result
from landbridge.verify.postgres.comparison import DatabaseComparison
from landbridge.verify.stores import Asked, compared


@dataclass(frozen=True)
class ClusterComparison:
    """Implements `Verifier`. The source is read where it is written, for only there is known how far it has got."""

    database: EffectsDatabase
    asked: Asked

    def compare(self) -> Result:
        """One slice."""
        return self._now().compare()

    def newest(self) -> Result | None:
        """Of these two clusters, in this direction."""
        return self._now().newest()

    def _now(self) -> DatabaseComparison:
        source, target = (self.database.cluster(region) for region in self.database.regions)
        spec = Database(source=self._conninfo(source.endpoint), target=self._conninfo(target.reader))
        return compared(spec, self.asked, self.database.login.password)

    def _conninfo(self, at: Address) -> str:
        login = self.database.login
        return make_conninfo(host=at.host, port=at.port, user=login.user, dbname=login.database, **login.tls)
