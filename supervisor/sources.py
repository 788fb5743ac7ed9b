"""From a [sources.NAME] table to a provider: the type's entry point, its settings converted strictly, and its
secrets."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from integrations.provider import Context, Maker, Provider
from supervisor.config import Config, ConfigError, convert

GROUP = "supervisor.integrations"
LONGEST_SECRET = 4096

SECRETS_READ: set[str] = set()
"""Every secret read by this process, so that the log can strike it out wherever it turns up."""


def make_provider(config: Config, name: str, environment: Mapping[str, str] = os.environ) -> Provider:
    """Return the provider of the source `name`. ConfigError names the key that is missing or wrong."""
    if name not in config.sources:
        raise ConfigError(f"{config.origin}: there is no [sources.{name}]; {_known('source', name, config.sources)}")
    raw = config.sources[name]
    maker = _maker(config, name, raw.get("type"))
    settings = convert(raw, maker.Settings, config.origin, f"sources.{name}")
    secrets = _Secrets(name, raw, config.base, environment)
    floor = config.floor
    return maker(name, settings, secrets, Context(floor.country, floor.time_zone, str(config.base), config.mappings))


@cache
def types() -> dict[str, EntryPoint]:
    """Return the types of source that are installed, and where each is."""
    return {point.name: point for point in sorted(entry_points(group=GROUP))}


def _maker(config: Config, name: str, kind: object) -> Maker:
    key = f"{config.origin}: key 'sources.{name}.type'"
    if not isinstance(kind, str):
        raise ConfigError(f"{key} is missing; one of {', '.join(types())}")
    if kind not in types():
        raise ConfigError(f"{key}: {kind!r} is not installed; {_known('type', kind, types())}")
    try:
        maker: Maker = types()[kind].load()
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"{key}: {kind!r} cannot be loaded: {error}") from None
    return maker


def _known(what: str, wrong: str, known: Any) -> str:
    near = difflib.get_close_matches(wrong, list(known), 1, 0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"{what}s here: {', '.join(sorted(known)) or 'none'}"


class _Secrets:
    """Finds a source's secrets: a systemd credential NAME.STEM, then the file of STEM_file, then the variable of
    STEM_env."""

    def __init__(self, source: str, raw: Mapping[str, Any], base: Path, environment: Mapping[str, str]) -> None:
        self._source, self._raw, self._base, self._environment = source, raw, base, environment

    def __call__(self, stem: str) -> str | None:
        """Return the secret `stem`, or None where none is configured; ConfigError where one is and cannot be used."""
        found = self._credential(stem) or self._file(stem) or self._variable(stem)
        if found is None:
            return None
        place, secret = found
        secret = secret.rstrip("\r\n")
        if not secret or not secret.isprintable():
            raise ConfigError(f"the secret in {place} is empty or has a control character in it")
        SECRETS_READ.add(secret)
        return secret

    def _credential(self, stem: str) -> tuple[str, str] | None:
        if not (folder := self._environment.get("CREDENTIALS_DIRECTORY")):
            return None
        path = Path(folder) / f"{self._source}.{stem}"
        return (f"the credential {path.name}", _read(path)) if path.exists() else None

    def _file(self, stem: str) -> tuple[str, str] | None:
        if not (named := self._raw.get(f"{stem}_file")):
            return None
        path = self._base / Path(str(named)).expanduser()
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            raise ConfigError(f"{self._key(stem, 'file')}: {path} cannot be read: {error.strerror}") from None
        if mode & 0o077:
            raise ConfigError(f"{self._key(stem, 'file')}: others may read {path}; type: chmod 600 {path}")
        return str(path), _read(path)

    def _variable(self, stem: str) -> tuple[str, str] | None:
        if not (named := self._raw.get(f"{stem}_env")):
            return None
        if named not in self._environment:
            raise ConfigError(f"{self._key(stem, 'env')}: the environment variable {named} is not set")
        return f"the environment variable {named}", self._environment[named]

    def _key(self, stem: str, kind: str) -> str:
        return f"key 'sources.{self._source}.{stem}_{kind}'"


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST_SECRET)
    except UnicodeDecodeError:
        raise ConfigError(f"the secret in {path} is not UTF-8") from None
    except OSError as error:
        raise ConfigError(f"the secret in {path} cannot be read: {error.strerror}") from None
