"""Proves that nothing of an environment is left in a region, or names what is: by tag, and by name where tags don't reach.

Names find what no stack made (a function's own log group, a replica added by API), at once. Tags find what has no name
of its own (keys, networks, APIs); they still list what is gone, so where names can be listed, the names decide.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region

NAMES = (
    ("cloudformation", "describe_stacks", "Stacks[].StackName"),
    ("dynamodb", "list_tables", "TableNames[]"),
    ("iam", "list_roles", "Roles[].RoleName"),
    ("kinesis", "list_streams", "StreamNames[]"),
    ("lambda", "list_functions", "Functions[].FunctionName"),
    ("logs", "describe_log_groups", "logGroups[].logGroupName"),
    ("s3", "list_buckets", "Buckets[].Name"),
    ("ssm", "describe_parameters", "Parameters[].Name"),
)
DATABASES = (  # for who asks where everything lives: a secret's copy is in no stack
    ("rds", "describe_db_clusters", "DBClusters[].DBClusterIdentifier"),
    ("secretsmanager", "list_secrets", "SecretList[].Name"),
)
EVERYWHERE = frozenset({"iam", "s3"})  # these list all regions; there the region is part of the name


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is still there."""

    region: Region
    what: str

    def __str__(self) -> str:
        return f"{self.what} in {self.region}"


@dataclass(frozen=True)
class Leftovers:
    """What is left of one environment."""

    clients: Clients
    suffix: str
    around: tuple[str, str]  # what stands before and after the kind in a name, so that another platform's are nobody's business
    kept: tuple[str, ...] = ()  # ids and names of what stays there by intent
    names: tuple[tuple[str, str, str], ...] = NAMES

    def named(self, name: str, region: Region) -> bool:
        """Whether a name is one of this environment's in this region."""
        before, after = self.around
        ours = before in name and name.endswith((after, f"{after}-{region}"))
        return ours or f"/{self.suffix}/" in name

    def search(self, regions: Iterable[Region], sleep: Callable[[float], None], pause: float, looks: int = 6) -> list[Left]:
        """Looks until nothing is found: what was just deleted is listed for a while."""
        waiting = tuple(regions)
        for look in range(looks):
            found = {each for region in waiting for each in self._found(region) if not each.what.endswith(self.kept)}
            left = sorted(found, key=str)
            if not left or look == looks - 1:
                return left
            sleep(pause)
        return []

    def _found(self, region: Region) -> Iterator[Left]:
        for service, operation, path in self.names:
            with speaking(region, operation):
                for name in self.clients.client(service, region).get_paginator(operation).paginate().search(path):
                    if name and self._counts(service, name, region):
                        yield Left(region, f"{service} {name}")
        with speaking(region, "GetResources"):
            tagging = self.clients.client("resourcegroupstaggingapi", region).get_paginator("get_resources")
            wanted = [{"Key": "EnvironmentSuffix", "Values": [self.suffix]}]
            arns = list(tagging.paginate(TagFilters=wanted).search("ResourceTagMappingList[].ResourceARN"))
        yield from (Left(region, arn) for arn in arns if not self._leaving(arn, region))

    def _counts(self, service: str, name: str, region: Region) -> bool:
        if name.startswith("/landbridge/"):  # the lock we hold
            return False
        return self.named(name, region) and (service not in EVERYWHERE or name.endswith(f"-{region}"))

    def _leaving(self, arn: str, region: Region) -> bool:
        """A key can't be deleted at once: it waits its seven days. One that is gone may still be listed."""
        service, kind = arn.split(":")[2], arn.split(":", 5)[5].partition("/")[0]
        if (service, kind) != ("kms", "key"):
            return service in {listed for listed, *_ in self.names} and (service != "rds" or kind.startswith("cluster:"))
        try:
            found = self.clients.client("kms", region).describe_key(KeyId=arn)
        except ClientError as error:
            if said(error) == "NotFoundException":
                return True
            raise
        return str(found["KeyMetadata"]["KeyState"]) in {"PendingDeletion", "PendingReplicaDeletion"}
