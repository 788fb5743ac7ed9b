"""Reading the configuration: one TOML file, strict, with single keys overridden by the environment.

An unknown key or a wrong value is one `ConfigError` that names file and key, what was expected and the nearest known
key. The keys themselves stand in supervisor.settings.
"""

from __future__ import annotations

import ast
import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from supervisor.settings import (
    PATTERNS,
    Calls,
    Console,
    Discipline,
    File,
    Floor,
    Followups,
    Log,
    Onboarding,
    Orders,
    QuotaSettings,
    StoreSettings,
    Table,
    problems,
)

__all__ = [
    "Calls", "Config", "ConfigError", "Console", "Discipline", "Floor", "Followups", "Log", "Onboarding", "Orders",
    "QuotaSettings", "StoreSettings", "convert", "load", "parse", "where",
]  # fmt: skip

T = TypeVar("T")
FOLDER = "sales-floor-supervisor"
PREFIX = "SUPERVISOR_"


class ConfigError(Exception):
    """The configuration cannot be used. The message names file and key, what was expected and what to do."""


OVERRIDABLE: dict[str, type[Table]] = {
    "floor": Floor,
    "store": StoreSettings,
    "calls": Calls,
    "quota": QuotaSettings,
    "followups": Followups,
    "orders": Orders,
    "onboarding": Onboarding,
    "discipline": Discipline,
    "console": Console,
    "log": Log,
}
"""Tables whose keys SUPERVISOR_<TABLE>_<KEY> overrides."""


class Config(File, frozen=True, kw_only=True):
    """The whole configuration, and the file it was read from: relative paths in it start at that file's folder."""

    origin: str = ""

    @property
    def base(self) -> Path:
        """The folder at which the relative paths of the file start."""
        return Path(self.origin).absolute().parent if self.origin else Path.cwd()


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*?)`(?: - at `\$(?P<at>.*)`)?$", re.DOTALL)
_WRONG = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<at>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\[\.\.\.\]|\[\d+\]|[^.\[\]]+")
_CHOICE = re.compile(r"\^\(([\w|-]+)\)\$")
_WORDS = {
    "`int`": "a whole number",
    "`float`": "a number",
    "`str`": "text",
    "`bool`": "true or false",
    "`array`": "a list",
    "`object`": "a table",
}


def convert(raw: Mapping[str, Any], kind: type[T], file: str, table: str = "") -> T:
    """Return `raw` as a `kind`; ConfigError names `file`, the key below `table` and the nearest known one."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{file}: {_explain(str(error), raw, kind, table)}") from None


def _explain(message: str, raw: Mapping[str, Any], kind: type[Any], table: str) -> str:
    if found := _UNKNOWN.match(message):
        at, here = _place(raw, kind, found["at"] or "")
        known = [field.encode_name for field in msgspec.structs.fields(here)]
        near = difflib.get_close_matches(found["key"], known, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(sorted(known))}"
        return f"unknown key {'.'.join(filter(None, (table, at, found['key'])))!r}; {hint}"
    wrong = _WRONG.match(message)
    assert wrong is not None
    at, _ = _place(raw, kind, wrong["at"] or "")
    where = ".".join(filter(None, (table, at)))
    return f"key {where!r}: {_in_words(wrong['what'])}" if where else _in_words(wrong["what"])


def _in_words(complaint: str) -> str:
    """Say a complaint of the converter without its names of types and its patterns."""
    what, _, pattern = complaint.partition(" matching regex ")
    if pattern:
        pattern = str(ast.literal_eval(pattern))
        choice = _CHOICE.fullmatch(pattern)
        wanted = "one of " + choice[1].replace("|", ", ") if choice else PATTERNS.get(pattern, what)
        return f"expected {wanted}"
    for name, words in _WORDS.items():
        what = what.replace(name, words)
    return what[:1].lower() + what[1:].replace("`", "'")


def _place(raw: Any, kind: Any, at: str) -> tuple[str, Any]:
    """Return the place `at` of a complaint as a person finds it in the file, and what is expected there. Where any name
    can stand the converter does not say which: it is the first one whose value does not do."""
    said = ""
    for step in _STEP.findall(at):
        while hasattr(kind, "__metadata__"):
            kind = get_args(kind)[0]
        if step == "[...]":
            kind = get_args(kind)[-1]
            step = next((name for name, value in raw.items() if not _does(value, kind)), None)
            if step is None:
                return said + at, kind
        elif step.startswith("["):
            said, raw, kind = said + step, raw[int(step[1:-1])], get_args(kind)[0]
            continue
        else:
            kind = get_type_hints(kind, include_extras=True)[step]
        said, raw = f"{said}.{step}" if said else step, raw.get(step)
    return said, kind


def _does(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def parse(text: str, file: str, environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration in `text`, overridden by `environment`; `file` is what errors call it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from None
    convert(raw, File, file)  # the file must stand by itself, whatever the environment overrides
    for table, key, value in _overrides(environment or {}):
        raw.setdefault(table, {})[key] = value
    told = convert(raw, File, file)
    for key, complaint in problems(told):
        raise ConfigError(f"{file}: key {key!r}: {complaint}")
    return Config(**{name: getattr(told, name) for name in File.__struct_fields__}, origin=file)


def _overrides(environment: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """Yield table, key and value of every SUPERVISOR_<TABLE>_<KEY>: texts as they are, other values as in TOML."""
    for variable, value in sorted(environment.items()):
        table, _, key = variable.removeprefix(PREFIX).lower().partition("_")
        if not (variable.startswith(PREFIX) and key and table in OVERRIDABLE):
            continue  # process managers set SUPERVISOR_ENABLED and the like
        kind = OVERRIDABLE[table]
        wanted: Any = value
        if get_type_hints(kind).get(key) is not str:
            try:
                wanted = tomllib.loads(f"value = {value}")["value"]
            except tomllib.TOMLDecodeError:
                wanted = value
        convert({key: wanted}, kind, f"environment variable {variable}", table)
        yield table, key, wanted


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """Return the configuration that `environment` names (SUPERVISOR_CONFIG), else the user's, else the machine's.

    SUPERVISOR_STORE and SUPERVISOR_<TABLE>_<KEY> override single keys. In what is returned `store.url` and `log.file`
    are never empty and never relative. ConfigError where there is no file or it cannot be used.
    """
    path = where(environment)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if environment.get("SUPERVISOR_CONFIG"):
            raise ConfigError(f"{path}: there is no such file; supervisor init writes one") from None
        raise ConfigError(f"no configuration yet: supervisor init writes {path}, supervisor demo needs none") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    config = parse(text, str(path), environment)
    here = environment.get("SUPERVISOR_STORE")
    store = (
        _placed(here, Path.cwd())
        if here
        else _placed(config.store.url, config.base)
        if config.store.url
        else str(default_store())
    )
    log = str(config.base / config.log.file) if config.log.file else str(default_log())
    return msgspec.structs.replace(
        config, store=StoreSettings(url=store), log=msgspec.structs.replace(config.log, file=log)
    )


def where(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the configuration file: SUPERVISOR_CONFIG, else the user's, else the machine's where that alone exists."""
    if named := environment.get("SUPERVISOR_CONFIG"):
        return Path(named).absolute()
    from platformdirs import site_config_path, user_config_path

    users, machines = (folder / "supervisor.toml" for folder in (user_config_path(FOLDER), site_config_path(FOLDER)))
    return machines if machines.exists() and not users.exists() else users


def data_folder() -> Path:
    """Return the user's data folder of this program."""
    from platformdirs import user_data_path

    return user_data_path(FOLDER)


def default_store() -> Path:
    """Return where the store is when no key says so."""
    return data_folder() / "floor.db"


def default_log() -> Path:
    """Return where the log is when no key says so: the user's state folder."""
    from platformdirs import user_state_path

    return user_state_path(FOLDER) / "collector.log"


def _placed(url: str, base: Path) -> str:
    """Return a store's `url` with the path in it, if it is one, made absolute from `base`."""
    if "://" not in url:
        return str(base / Path(url).expanduser())
    scheme, _, path = url.partition(":///")
    return f"{scheme}:///{base / path}" if scheme == "sqlite" else url
