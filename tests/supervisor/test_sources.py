"""From a table of the configuration to a provider: types, settings and secrets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from supervisor.config import Config, ConfigError, parse
from supervisor.sources import SECRETS_READ, _Secrets, make_provider, types


def floor(text: str, folder: Path) -> Config:
    return parse(text, str(folder / "floor.toml"))


def test_all_our_types_are_installed() -> None:
    assert {"asterisk", "files", "simulated"} <= set(types())


def test_a_provider_is_made_with_what_the_floor_tells(tmp_path: Path) -> None:
    provider = make_provider(floor("[sources.play]\ntype = 'simulated'\nseed = 3", tmp_path), "play")
    assert provider.name == "play"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("seed = 1", "key 'sources.play.type' is missing; one of asterisk, files, simulated"),
        ("type = 3", "key 'sources.play.type' is missing"),
        ("type = 'simulatde'", "'simulatde' is not installed; did you mean 'simulated'?"),
        ("type = 'zzz'", "'zzz' is not installed; types here: asterisk, files, simulated"),
        ("type = 'simulated'\nsede = 1", "unknown key 'sources.play.sede'; did you mean 'seed'?"),
        ("type = 'simulated'\nseed = 'x'", "key 'sources.play.seed': expected a whole number, got text"),
    ],
)
def test_what_is_wrong_is_named(source: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        make_provider(floor(f"[sources.play]\n{source}", tmp_path), "play")
    assert said in str(caught.value)
    assert str(tmp_path / "floor.toml") in str(caught.value)


def test_a_source_that_is_not_configured_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no \[sources.pxb\]; did you mean 'pbx'"):
        make_provider(floor("[sources.pbx]\ntype = 'simulated'", tmp_path), "pxb")


def secret(raw: dict[str, str], folder: Path, **environment: str) -> str | None:
    return _Secrets("pbx", raw, folder, environment)("secret")


def private(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_no_secret_is_none(tmp_path: Path) -> None:
    assert secret({}, tmp_path) is None


def test_a_credential_goes_before_a_file_and_a_file_before_a_variable(tmp_path: Path) -> None:
    raw = {"secret_file": "pbx.secret", "secret_env": "PBX"}
    private(tmp_path / "pbx.secret", b"of the file\n")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    environment = {"PBX": "of the variable", "CREDENTIALS_DIRECTORY": str(credentials)}
    assert secret({"secret_env": "PBX"}, tmp_path, **environment) == "of the variable"
    assert secret(raw, tmp_path, **environment) == "of the file"
    private(credentials / "pbx.secret", b"of the manager\n", 0o440)
    assert secret(raw, tmp_path, **environment) == "of the manager"
    assert secret({}, tmp_path, **environment) == "of the manager"
    assert {"of the variable", "of the file", "of the manager"} <= SECRETS_READ


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_may_read_is_refused(mode: int, tmp_path: Path) -> None:
    path = private(tmp_path / "pbx.secret", b"hunter2", mode)
    with pytest.raises(ConfigError) as caught:
        secret({"secret_file": "pbx.secret"}, tmp_path)
    assert str(caught.value) == f"key 'sources.pbx.secret_file': others may read {path}; type: chmod 600 {path}"


@pytest.mark.parametrize("content", [b"", b"\n", b"a\nb", b"a\r\nAction: Originate", b"a\0b", b"\xff\xfe"])
def test_a_secret_that_could_be_more_than_a_secret_is_refused(content: bytes, tmp_path: Path) -> None:
    private(tmp_path / "pbx.secret", content)
    with pytest.raises(ConfigError) as caught:
        secret({"secret_file": "pbx.secret"}, tmp_path)
    assert "Originate" not in str(caught.value)


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"key 'sources.pbx.secret_env': the environment variable PBX is not set"):
        secret({"secret_env": "PBX"}, tmp_path)
    with pytest.raises(ConfigError, match=r"none\.secret cannot be read: No such file"):
        secret({"secret_file": os.fspath(tmp_path / "none.secret")}, tmp_path)
