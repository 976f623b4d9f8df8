"""config/payments.toml is true of the context it is deployed beside, and says what can't be deployed yet."""

import pytest
from tests.builders import CONFIG

from landbridge.config.expansion import LACKS, Expansion
from landbridge.config.load import load, load_context
from landbridge.config.payments import Payments
from landbridge.model.errors import BadInput


def test_the_shipped_file_names_the_environment_and_regions_of_the_context() -> None:
    """Stacks that cdk deploys and stacks that landbridge deploys have the same names."""
    platform = load(CONFIG / "payments.toml", Expansion).platform
    context = load_context(CONFIG.parent / "cdk.json", "payments", Payments)
    assert platform.environment == context.environment
    assert (platform.source, platform.target) == (context.first.region, context.others[0].region)


def test_what_the_shipped_file_lacks_is_told() -> None:
    """Image and certificates are the operator's."""
    assert list(load(CONFIG / "payments.toml", Expansion).serving.lacks()) == list(LACKS.values())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"serving": {"image_digest": "latest"}}, "serving.image_digest: 'latest' can't be used"),
        ({"platform": {"environment": "production"}}, "platform.environment is part of names"),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence(changed: dict[str, dict[str, str]], sentence: str) -> None:
    """Where, what and the way out."""
    with pytest.raises(BadInput) as told:
        load(CONFIG / "payments.toml", Expansion, changed)
    assert sentence in str(told.value)
