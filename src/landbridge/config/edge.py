"""The names users and CloudFront ask for, and their certificates; none of them is needed to begin.

Every description below is shown to the operator as the fix when a value is refused.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from landbridge.config.frozen import Spec

Certificate = Annotated[
    str,
    Field(
        pattern=r"^$|^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]+$",
        description='the ARN of a certificate of ACM, or "" for none',
    ),
]
LACKS = {
    "hosted_zone": "no hosted zone: no weighted records, so reads can't be moved little by little",
    "source_certificate": "no certificate at the source: its API answers under AWS's own name alone",
    "target_certificate": "no certificate at the target: its API answers under AWS's own name alone",
    "viewer_name": "no name for users: CloudFront answers under its own name",
    "viewer_certificate": "no certificate for users' name: CloudFront answers under its own name, with TLS as old as 1.0",
}


class Edge(Spec):
    """[edge] of the platform's file."""

    hosted_zone: Annotated[str, Field(pattern="^$|^Z[A-Z0-9]{1,31}$", description='the id of a hosted zone, or "" for none')] = ""
    source_certificate: Certificate = ""
    target_certificate: Certificate = ""
    viewer_name: Annotated[
        str, Field(pattern=r"^$|^[a-z0-9-]+(\.[a-z0-9-]+)+$", description='a name like trading.example, or "" for none')
    ] = ""
    viewer_certificate: Certificate = ""

    def lacks(self) -> Iterator[str]:
        """What a run with these values does not have, one sentence each."""
        yield from (sentence for key, sentence in LACKS.items() if not getattr(self, key))
