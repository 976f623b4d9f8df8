"""The app that `cdk` runs, as cdk.json names it: one construct a region of the context."""

import sys

from aws_cdk import App

from landbridge.config.load import checked
from landbridge.config.payments import Payments
from landbridge.model.errors import BadInput
from landbridge.platforms.constructs import RegionalPlatform
from landbridge.platforms.payments.standing import standing


def app() -> App:
    """One construct for each region the context has; the suffix comes by `--context suffix=...`."""
    made = App(builtin_cloud_formation_validation=False)  # it does not see conditions; cfn-lint does
    platform = checked(made.node.try_get_context("payments") or {}, Payments, "cdk.json: payments")
    suffix = made.node.try_get_context("suffix")
    if not suffix:
        raise BadInput("--context suffix", "is missing", "name the environment's suffix, like --context suffix=blue")
    for each in platform.regions:
        RegionalPlatform(made, standing(platform, each, str(suffix)))
    return made


if __name__ == "__main__":
    try:
        app().synth()
    except BadInput as refused:
        sys.exit(str(refused))
