"""Where the payments platform is deployed, and what it is told that neither a template nor CDK's context knows.

Every description below is shown to the operator as the fix when a value is refused.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from landbridge.config.control import Calendar
from landbridge.config.deployment import Deployment
from landbridge.config.edge import Certificate
from landbridge.config.frozen import Spec
from landbridge.config.payments import ENVIRONMENT
from landbridge.config.sharing import Consent, CopiesGate, Evacuate, Rhythm, Sharing
from landbridge.config.spec import Platform, Verification, refuse_too_few_probes
from landbridge.config.verify import Database

LACKS = {
    "image_digest": "no image: the service is not deployed; push one to both regions' repositories and write its digest",
    "source_certificate": "no certificate at the source: its load balancer is not deployed, nor what needs it",
    "target_certificate": "no certificate at the target: its load balancer is not deployed, nor what needs it",
}


class Serving(Spec):
    """[serving] of the platform's file; a stack that needs what is empty is refused until it is there."""

    image_digest: Annotated[
        str, Field(pattern="^$|^sha256:[0-9a-f]{64}$", description='the digest of the service\'s image, or "" for none')
    ] = ""
    source_certificate: Certificate = ""
    target_certificate: Certificate = ""

    def lacks(self) -> Iterator[str]:
        """What can't be deployed with these values, one sentence each."""
        yield from (sentence for key, sentence in LACKS.items() if not getattr(self, key))

    def told(self, *, source: bool) -> dict[str, str]:
        """What the stacks of a side are told; nothing of what is empty."""
        certificate = self.source_certificate if source else self.target_certificate
        return {name: value for name, value in {"CertificateArn": certificate, "ImageDigest": self.image_digest}.items() if value}


class Compared(Spec):
    """[verify] of the platform's file: what is compared only where it can be reached."""

    database: Database | None = None


class Expansion(Spec):
    """config/payments.toml: the payments platform, the two of its regions that are deployed, and how clients come to both."""

    platform: Platform
    gate: CopiesGate
    shift: Sharing
    engine: Rhythm
    verification: Verification
    serving: Serving = Serving()
    deploy: Deployment = Deployment()
    evacuate: Evacuate = Evacuate()
    approvals: Consent = Consent()
    calendar: Calendar = Calendar()
    verify: Compared = Compared()

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not re.fullmatch(ENVIRONMENT, self.platform.environment):
            raise ValueError("platform.environment is part of names, a load balancer's too: 2 to 8 lower-case letters and digits")
        return self

    @model_validator(mode="after")
    def _window_holds_enough(self) -> Self:
        refuse_too_few_probes(self.gate, self.engine)
        return self
