"""One loader for every file: reads TOML, checks it against its spec, refuses with one sentence a fault."""

import difflib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from landbridge.model.errors import BadInput

S = TypeVar("S", bound=BaseModel)


def load(path: Path, spec: type[S], overrides: Mapping[str, Any] | None = None, overrides_from: Path | None = None) -> S:
    """The spec a file holds, with another file's overrides laid over it."""
    raw = _merged(read(path), overrides or {})
    try:
        return spec.model_validate(raw)
    except ValidationError as refused:
        fault = refused.errors(include_url=False)[0]
        key = tuple(part for part in fault["loc"] if isinstance(part, str))
        file = overrides_from if overrides_from and _holds(overrides or {}, key) else path
        raise _sentence(str(file), spec, fault) from None


def load_context(path: Path, key: str, spec: type[S]) -> S:
    """The spec that CDK's context holds under a key, in a file like cdk.json."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))["context"][key]
    except FileNotFoundError:
        raise BadInput(str(path), "there is no such file", "run from the project's folder, or name the file you mean") from None
    except (ValueError, KeyError, TypeError) as error:
        fix = f'correct it: context is an object that holds "{key}"'
        raise BadInput(str(path), f"holds no context of {key} ({type(error).__name__}: {error})", fix) from None
    return checked(raw, spec, f"{path}: {key}")


def checked(raw: Any, spec: type[S], where: str) -> S:
    """The spec that plain data holds, wherever it came from."""
    try:
        return spec.model_validate(raw)
    except ValidationError as refused:
        raise _sentence(where, spec, refused.errors(include_url=False)[0], joined=".") from None


def read(path: Path) -> dict[str, Any]:
    """A TOML file as plain data."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(str(path), "there is no such file", "run from the project's folder, or name the file you mean") from None
    except (IsADirectoryError, PermissionError) as error:
        raise BadInput(str(path), f"can't be read ({error.strerror})", "name a file you may read") from None
    except UnicodeDecodeError as error:
        raise BadInput(str(path), f"is not UTF-8 at byte {error.start}", "save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(str(path), f"is not TOML: {error}", "correct that line") from None


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        beneath = merged.get(key)
        merged[key] = _merged(beneath, value) if isinstance(beneath, Mapping) and isinstance(value, Mapping) else value
    return merged


def _holds(raw: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    at: Any = raw
    for part in key:
        if not isinstance(at, Mapping) or part not in at:
            return False
        at = at[part]
    return bool(key)


def _sentence(path: str, spec: type[BaseModel], fault: ErrorDetails, joined: str = ": ") -> BadInput:
    loc = fault["loc"]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    where = f"{path}{joined}{key}" if key else path
    problem = fault["msg"].removeprefix("Value error, ")
    match fault["type"]:
        case "missing":
            return BadInput(where, "is missing", f"add it: {_wanted(spec, loc)}")
        case "extra_forbidden":
            near = difflib.get_close_matches(str(loc[-1]), _names(spec, loc[:-1]), n=1)
            fix = f"did you mean {near[0]}?" if near else "remove it"
            return BadInput(where, "is not a key landbridge knows", fix)
        case "value_error":
            return BadInput(where, problem, "change one of these values")
        case _:
            return BadInput(
                where, f"{fault['input']!r} can't be used: {problem[:1].lower()}{problem[1:]}", f"write {_wanted(spec, loc)}"
            )


def _spec_at(spec: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    at: Any = spec
    for part in loc:
        if isinstance(part, int):
            continue
        field = at.model_fields.get(part) if isinstance(at, type) and issubclass(at, BaseModel) else None
        at = field.annotation if field else None
        at = get_args(at)[0] if get_origin(at) in {tuple, UnionType} else at  # a list's entries; what may be left out
    return at if isinstance(at, type) and issubclass(at, BaseModel) else None


def _names(spec: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    at = _spec_at(spec, loc)
    return list(at.model_fields) if at else []


def _wanted(spec: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    words = [part for part in loc if isinstance(part, str)]
    parent = _spec_at(spec, tuple(words[:-1]))
    field = parent.model_fields.get(words[-1]) if parent and words else None
    if field is None:
        return "a value of the kind the annotated example shows"
    choices = get_args(field.annotation)
    if choices and all(isinstance(choice, str) for choice in choices):
        return "one of " + ", ".join(choices)
    return field.description or "a value of the kind the annotated example shows"
