"""The whole configuration: one TOML file, strict.

Every number that PRODUCT's rules leave open is a key here, with its default. An unknown key or a wrong value is one `ConfigError`
that names file, key, what was expected and the nearest known key. The structures carry the help texts from which `supervisor init`
writes the commented file and docs/configuration.md is generated.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


FOLDER = "sales-floor-supervisor"
PREFIX = "SUPERVISOR_"


class ConfigError(Exception):
    """The configuration cannot be used. The message names file and key, what was expected and what to do."""


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


Hours = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]
Weekday = Annotated[str, Meta(pattern=r"^(mon|tue|wed|thu|fri|sat|sun)$")]


class Floor(_Table, frozen=True, kw_only=True):
    """The floor: who you are and when you work."""

    name: Annotated[str, Meta(description="Shown at the top of the console.")] = "Sales floor"
    time_zone: Annotated[str, Meta(description="IANA zone of days, shifts and 'today'.")] = "Europe/Berlin"
    country: Annotated[
        str,
        Meta(
            pattern="^[A-Z]{2}$",
            description="ISO 3166 code: how numbers without a country are read, and whose holidays hold.",
        ),
    ] = "DE"
    working_hours: Annotated[
        tuple[Hours, ...],
        Meta(min_length=1, description="Working time of a day; the time between two spans is a break."),
    ] = ("09:00-12:00", "13:00-18:00")
    working_days: Annotated[tuple[Weekday, ...], Meta(min_length=1, description="Days of the week that are worked.")] = (
        "mon", "tue", "wed", "thu", "fri",
    )  # fmt: skip
    days_off: Annotated[
        tuple[str, ...], Meta(description="Own days off, YYYY-MM-DD, besides the country's holidays.")
    ] = ()
    holidays: Annotated[bool, Meta(description="Whether the country's public holidays are days off.")] = True


class Calls(_Table, frozen=True, kw_only=True):
    """What counts as a call."""

    effective_seconds: Annotated[int, Meta(ge=1, description="Talk time from which an answered dial is effective.")] = (
        30
    )
    wrap_up_seconds: Annotated[
        int, Meta(ge=0, description="Idle for at most so long after a call is shown as wrap-up; 0: never.")
    ] = 30


class QuotaSettings(_Table, frozen=True, kw_only=True):
    """What is expected of a specialist a day, until the store says otherwise (`supervisor quota`)."""

    dials: Annotated[int, Meta(ge=0, description="Outbound calls placed.")] = 80
    effective: Annotated[int, Meta(ge=0, description="Effective calls.")] = 15
    talk_minutes: Annotated[int, Meta(ge=0, description="Minutes of talk with customers.")] = 60
    half_day: Annotated[float, Meta(ge=0, le=1, description="Share of the quota on a half day.")] = 0.5
    act_below: Annotated[float, Meta(ge=0, description="Pace below which a specialist is shown as act (red).")] = 0.8
    watch_below: Annotated[
        float, Meta(ge=0, description="Pace below which a specialist is shown as watch (amber).")
    ] = 1.0
    forecast_from: Annotated[
        float, Meta(ge=0, le=1, description="Share of the shift from which a forecast is shown.")
    ] = 0.1


class Console(_Table, frozen=True, kw_only=True):
    """How the console behaves."""

    theme: Annotated[str, Meta(pattern="^(dark|light|colour-blind)$", description="dark, light or colour-blind.")] = (
        "dark"
    )
    stale_seconds: Annotated[
        int, Meta(ge=1, description="Age of a source's data from which a panel says so loudly.")
    ] = 60
    idle_watch_minutes: Annotated[
        int, Meta(ge=1, description="Minutes without a call from which idle is marked watch.")
    ] = 10
    idle_act_minutes: Annotated[
        int, Meta(ge=1, description="Minutes without a call from which idle is marked act.")
    ] = 20
    command_seconds: Annotated[
        int,
        Meta(ge=1, description="Seconds after which an unanswered listen, whisper, barge, hang-up or dial expires."),
    ] = 10
    my_phone: Annotated[
        str, Meta(description="Your own phone as the source names it: it rings when you listen in.")
    ] = ""
    who: Annotated[str, Meta(description="The name under which your acts are recorded; empty: the login name.")] = ""
    keys: Annotated[dict[str, str], Meta(description="Remapped keys: binding id = key, see docs/keys.md.")] = {}


class StoreSettings(_Table, frozen=True, kw_only=True):
    """Where everything is kept."""

    url: Annotated[
        str, Meta(description="Path of the SQLite file, or postgresql://...; empty: the user's data folder.")
    ] = ""


class Log(_Table, frozen=True, kw_only=True):
    """The collector's log."""

    file: Annotated[str, Meta(description="Log file; empty: in the user's state folder.")] = ""
    level: Annotated[
        str, Meta(pattern="^(debug|info|warning|error)$", description="debug, info, warning or error.")
    ] = "info"
    customer_data: Annotated[bool, Meta(description="Whether numbers and names of customers may be logged.")] = False


class File(_Table, frozen=True, kw_only=True):
    """What the configuration file may say."""

    floor: Floor = Floor()
    store: StoreSettings = StoreSettings()
    calls: Calls = Calls()
    quota: QuotaSettings = QuotaSettings()
    console: Console = Console()
    log: Log = Log()
    mappings: Annotated[
        dict[str, dict[str, str]],
        Meta(description='Column mappings of tables to import: [mappings.NAME] field = "column".'),
    ] = {}
    sources: Annotated[dict[str, dict[str, Any]], Meta(description="Telephony systems, one table each.")] = {}


OVERRIDABLE: dict[str, type[_Table]] = {
    "floor": Floor,
    "store": StoreSettings,
    "calls": Calls,
    "quota": QuotaSettings,
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


_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*)`(?: - at `\$(?P<at>.*)`)?")
_WRONG = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<at>.*)`)?$")


def convert(raw: Mapping[str, Any], kind: type[T], file: str, table: str = "") -> T:
    """Return `raw` as the structure `kind`; ConfigError names `file`, the key below `table`, and the nearest known key."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{file}: {_explain(str(error), kind, table)}") from None


def _explain(message: str, kind: type[Any], table: str) -> str:
    if found := _UNKNOWN.match(message):
        at = (found["at"] or "").strip(".")
        known = _keys_at(kind, at)
        near = difflib.get_close_matches(found["key"], known, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(sorted(known))}"
        return f"unknown key {'.'.join(filter(None, (table, at, found['key'])))!r}; {hint}"
    wrong = _WRONG.match(message)
    assert wrong is not None
    where = ".".join(filter(None, (table, wrong["at"] or "")))
    return f"key {where!r}: {wrong['what']}" if where else wrong["what"]


def _keys_at(kind: type[Any], path: str) -> list[str]:
    for name in filter(None, path.split(".")):
        kind = get_type_hints(kind).get(name, kind)
    return [field.encode_name for field in msgspec.structs.fields(kind)] if hasattr(kind, "__struct_fields__") else []


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
    return Config(**{name: getattr(told, name) for name in File.__struct_fields__}, origin=file)


def _overrides(environment: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    """Yield table, key and value of every SUPERVISOR_<TABLE>_<KEY> in `environment`. Texts stand as they are, other values as in TOML."""
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

    SUPERVISOR_STORE and SUPERVISOR_<TABLE>_<KEY> override single keys. In what is returned `store.url` and `log.file` are never
    empty and never relative. ConfigError where there is no file or it cannot be used.
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
    """Return the configuration file: SUPERVISOR_CONFIG, else the user's where it exists, else the machine's where it exists,
    else where the user's would be."""
    if named := environment.get("SUPERVISOR_CONFIG"):
        return Path(named).absolute()
    from platformdirs import site_config_path, user_config_path

    users, machines = (folder / "supervisor.toml" for folder in (user_config_path(FOLDER), site_config_path(FOLDER)))
    return machines if machines.exists() and not users.exists() else users


def default_store() -> Path:
    """Return where the store is when no key says so: the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path(FOLDER) / "floor.db"


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
