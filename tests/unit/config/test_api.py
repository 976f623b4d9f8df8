"""Who may call the API is refused at the door where it could not work, or would let in whom nobody meant."""

import json
import re
from pathlib import Path

import pytest
from tests.builders import CONFIG
from tests.templates.conftest import COMMITTED

from landbridge.config.api import Api
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput

SHIPPED = (CONFIG / "trading.toml").read_text(encoding="utf-8")
POOL = "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_x"


def _loaded(folder: Path, **changed: str) -> Trading:
    path, text = folder / "trading.toml", SHIPPED
    for key, value in changed.items():
        text, times = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value}  ", text)
        assert times == 1, key
    path.write_text(text, encoding="utf-8")
    return load(path, Trading)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"authorizer": '"jwt"'}, "go together"),
        ({"user_pool": f'"{POOL}"'}, "go together"),
        ({"authorizer": '"jwt"', "user_pool": f'"{POOL.replace("eu-central-1:", "us-east-1:")}"'}, "in the region that is left"),
        ({"operators_group": '"ops"'}, 'with authorizer = "jwt" alone'),
        ({"role_users": '{ Desk = "*" }'}, 'with authorizer = "iam" alone'),
        ({"authorizer": '"iam"', "role_users": '{ Desk = "**" }'}, "api.role_users.Desk: '**' can't be used"),
        ({"authorizer": '"iam"', "role_users": '{ "*" = "alice" }'}, "role_users"),
        ({"allowed_origins": '["*"]'}, "origins like"),
        ({"authorizer": '"anybody"'}, "authorizer"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, changed: dict[str, str], sentence: str) -> None:
    """One sentence with the fix."""
    with pytest.raises(BadInput) as told:
        _loaded(tmp_path, **changed)
    assert sentence in str(told.value)


def test_what_is_said_reaches_the_stack_and_fits_it(tmp_path: Path) -> None:
    """Each parameter is one of the stack's, within its pattern and limits."""
    roles = '{ Trader = "@", Desk = "*", Robot = "alice" }'
    signed = _loaded(tmp_path, authorizer='"iam"', role_users=roles, allowed_origins='["https://a.example:8443"]').api
    shown = _loaded(tmp_path, authorizer='"jwt"', user_pool=f'"{POOL}"', operators_group='"ops"').api
    asked = json.loads((COMMITTED / "trading/api.template.json").read_text(encoding="utf-8"))["Parameters"]
    for each in (Api(), signed, shown):
        for name, value in each.parameters().items():
            assert re.fullmatch(asked[name].get("AllowedPattern", ".*"), value), name
            assert value in asked[name].get("AllowedValues", [value]), name
