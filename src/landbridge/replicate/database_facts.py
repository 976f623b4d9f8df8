"""What must be equal of both clusters before one can become the copy of the other, or take over from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.model.errors import Refused
from landbridge.model.region import Pair, Region
from landbridge.replicate.aurora import Aurora
from landbridge.replicate.login import Login

PLACE = ("data_directory", "config_file", "hba_file", "ident_file", "port", "primary_conninfo")  # differ with every server
INSTALLED = "SELECT extname, extversion FROM pg_extension"
OFFERED = "SELECT name, default_version FROM pg_available_extensions"
PARAMETERS = (
    "SELECT name, setting FROM pg_settings WHERE context NOT IN ('internal') "
    "AND source IN ('configuration file', 'command line', 'environment variable', 'database', 'global') AND NOT name = ANY(%s)"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One cluster's version, the extensions used and offered in its database, and every parameter that was set."""

    version: str
    installed: Mapping[str, str]
    offered: Mapping[str, str]
    parameters: Mapping[str, str]


def facts(aurora: Aurora, login: Login, region: Region, name: str) -> Facts:
    """Read through the cluster's reader endpoint; Refused when there is no such cluster."""
    cluster = aurora.cluster(region, name)
    if cluster is None:
        raise Refused(region, "reading the facts of the database", f"there is no cluster {name}")
    at = cluster.reader
    return Facts(
        cluster.version,
        dict(login.rows(region, at, INSTALLED)),
        dict(login.rows(region, at, OFFERED)),
        dict(login.rows(region, at, PARAMETERS, (list(PLACE),))),
    )


def unlike(found: Pair[Facts]) -> list[str]:
    """Every difference that matters, each as a sentence; empty when there is none."""
    source, target = found
    said = [] if source.version == target.version else [f"the source runs {source.version}, the target {target.version}"]
    for name, version in sorted(source.installed.items()):
        if name not in target.offered:
            said.append(f"extension {name} is used at the source and not offered at the target")
        elif name not in target.installed and target.offered[name] != version:
            said.append(f"extension {name} is {version} at the source, the target offers {target.offered[name]}")
        elif target.installed.get(name, version) != version:
            said.append(f"extension {name} is {version} at the source and {target.installed[name]} at the target")
    for name in sorted(source.parameters.keys() | target.parameters.keys()):
        here, there = source.parameters.get(name, "not set"), target.parameters.get(name, "not set")
        if here != there:
            said.append(f"parameter {name} is {here} at the source and {there} at the target")
    return said
