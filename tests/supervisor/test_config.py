"""The configuration: strict, overridden by the environment, written from its own descriptions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supervisor import template
from supervisor.config import Config, ConfigError, load, parse, where


def complaint(text: str, **environment: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text, "floor.toml", environment)
    return str(caught.value)


def test_an_empty_file_is_the_defaults() -> None:
    assert parse("", "floor.toml") == Config(origin="floor.toml")


def test_the_written_file_is_the_defaults() -> None:
    assert parse(template.configuration(), "floor.toml") == Config(origin="floor.toml")


def test_every_default_shown_in_the_written_file_is_the_default() -> None:
    shown = re.sub(r"^#(?=[a-z_]+ = )", "", template.configuration(), flags=re.MULTILINE)
    assert shown.count("\n") == template.configuration().count("\n")
    assert parse(shown, "floor.toml") == Config(origin="floor.toml")
    for _, table in template.tables():
        for key in template.keys(table):
            assert f"\n{key.name} = " in shown
            assert key.help, f"{key.name} has no help text"


def test_the_example_sources_in_the_written_file_are_toml() -> None:
    example = re.sub(r"^# (?=\[|[a-z_]+ = )", "", template.SOURCE, flags=re.MULTILINE)
    config = parse(example, "floor.toml")
    assert set(config.sources) == {"pbx", "records"}
    assert config.mappings["roster"]["team"] == "Department"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[flor]", "unknown key 'flor'; did you mean 'floor'?"),
        ("[console]\ntheem = 'dark'", "unknown key 'console.theem'; did you mean 'theme'?"),
        ("[calls]\nzzz = 1", "unknown key 'calls.zzz'; known here: effective_seconds, wrap_up_seconds"),
        ("[calls]\neffective_seconds = 'x'", "key 'calls.effective_seconds': expected a whole number, got text"),
        ("[calls]\neffective_seconds = 0", "key 'calls.effective_seconds'"),
        (
            "[floor]\ntime_zone = 'Europe/Berln'",
            "key 'floor.time_zone': 'Europe/Berln' is not a time zone; did you",
        ),
        ("[floor]\ntime_zone = '../etc/passwd'", "key 'floor.time_zone'"),
        ("[floor]\ncountry = 'UK'", "key 'floor.country': 'UK' is not a country of ISO 3166; the United Kingdom is GB"),
        ("[floor]\ncountry = 'de'", "key 'floor.country': expected two capital letters, like 'DE'"),
        ("[floor]\nworking_hours = []", "key 'floor.working_hours'"),
        ("[floor]\nworking_hours = ['9-17']", "key 'floor.working_hours[0]': expected hours like '09:00-12:00'"),
        ("[floor]\nworking_hours = ['18:00-13:00']", "'18:00-13:00' ends before it begins"),
        ("[floor]\nworking_hours = ['09:00-09:00']", "'09:00-09:00' ends before it begins"),
        ("[floor]\nworking_hours = ['09:00-24:30']", "'09:00-24:30' ends after 24:00"),
        ("[floor]\nworking_hours = ['09:00-13:00', '12:00-18:00']", "'12:00-18:00' begins before"),
        ("[floor]\nworking_hours = ['13:00-18:00', '09:00-12:00']", "'09:00-12:00' begins before"),
        ("[floor]\nworking_hours = ['22:00-06:00', '07:00-08:00']", "'07:00-08:00' begins before"),
        (
            "[floor]\nworking_hours = ['05:00-07:00', '22:00-06:00']",
            "'22:00-06:00' runs into the next day",
        ),
        (
            "[floor]\nworking_days = ['monday']",
            "key 'floor.working_days[0]': expected one of mon, tue, wed",
        ),
        ("[floor]\ndays_off = ['2026-02-30']", "key 'floor.days_off': '2026-02-30' is not a day"),
        ("[floor]\ndays_off = ['20260228']", "key 'floor.days_off': '20260228' is not a day"),
        ("[quota]\nact_below = 1.5", "key 'quota.act_below': 1.5 is above quota.watch_below"),
        ("[console]\nidle_watch_minutes = 30", "key 'console.idle_watch_minutes': is above"),
        ("[sources.'a:b']\ntype = 'files'", "key 'sources.a:b'"),
        ("floor = 3", "key 'floor'"),
        ("[floor\n", "not TOML"),
        ("origin = 'x'", "unknown key 'origin'"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    message = complaint(text)
    assert message.startswith("floor.toml: ")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize("hours", [["22:00-06:00"], ["00:00-24:00"], ["06:00-08:00", "20:00-02:00"]])
def test_hours_that_are_right_are_taken(hours: list[str]) -> None:
    assert parse(f"[floor]\nworking_hours = {hours}", "f").floor.working_hours == tuple(hours)


def test_the_environment_overrides_single_keys() -> None:
    environment = {
        "SUPERVISOR_CONSOLE_THEME": "light",
        "SUPERVISOR_QUOTA_DIALS": "120",
        "SUPERVISOR_FLOOR_WORKING_HOURS": '["08:00-16:00"]',
        "SUPERVISOR_FLOOR_NAME": "1234",  # a text stays one
        "SUPERVISOR_ENABLED": "1",  # process managers set such
        "SUPERVISOR_PROCESS_NAME": "console",
    }
    config = parse("[console]\ntheme = 'dark'\nwho = 'me'", "f", environment)
    assert (config.console.theme, config.console.who, config.quota.dials) == ("light", "me", 120)
    assert config.floor.working_hours == ("08:00-16:00",)
    assert config.floor.name == "1234"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SUPERVISOR_CONSOLE_THEEM", "light", "unknown key 'console.theem'; did you mean 'theme'?"),
        ("SUPERVISOR_QUOTA_DIALS", "many", "key 'quota.dials'"),
        ("SUPERVISOR_CONSOLE_THEME", "purple", "key 'console.theme'"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, value: str, said: str) -> None:
    message = complaint("", **{variable: value})
    assert f"environment variable {variable}: " in message
    assert said in message


def test_an_override_does_not_hide_a_wrong_file() -> None:
    assert "calls.zzz" in complaint("[calls]\nzzz = 1", SUPERVISOR_CALLS_EFFECTIVE_SECONDS="20")


def write(path: Path, text: str) -> dict[str, str]:
    path.write_text(text, encoding="utf-8")
    return {"SUPERVISOR_CONFIG": str(path)}


def test_relative_paths_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = write(tmp_path / "floor.toml", "[store]\nurl = 'data/floor.db'\n[log]\nfile = 'x.log'")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    config = load(environment)
    assert config.store.url == str(tmp_path / "data/floor.db")
    assert config.log.file == str(tmp_path / "x.log")
    assert config.base == tmp_path
    assert load({**environment, "SUPERVISOR_STORE": "here.db"}).store.url == str(tmp_path / "elsewhere/here.db")
    assert load({**environment, "SUPERVISOR_STORE_URL": "there.db"}).store.url == str(tmp_path / "there.db")


@pytest.mark.parametrize("url", ["postgresql://supervisor@/floor?host=/run", "sqlite:////srv/floor.db"])
def test_urls_stay_what_they_are(url: str, tmp_path: Path) -> None:
    assert load({**write(tmp_path / "f.toml", ""), "SUPERVISOR_STORE": url}).store.url == url


def test_without_a_key_everything_is_in_the_users_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "machine"))
    users = tmp_path / "CONFIG/sales-floor-supervisor/supervisor.toml"
    assert where({}) == users
    with pytest.raises(ConfigError, match="supervisor init writes"):
        load({})
    machines = tmp_path / "machine/sales-floor-supervisor/supervisor.toml"
    machines.parent.mkdir(parents=True)
    machines.write_text("[floor]\nname = 'machine'")
    assert load({}).floor.name == "machine"
    users.parent.mkdir(parents=True)
    users.write_text("[floor]\nname = 'user'")
    config = load({})
    assert config.floor.name == "user"
    assert config.store.url == str(tmp_path / "DATA/sales-floor-supervisor/floor.db")
    assert config.log.file == str(tmp_path / "STATE/sales-floor-supervisor/collector.log")


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    with pytest.raises(ConfigError, match="there is no such file"):
        load({"SUPERVISOR_CONFIG": str(path)})
    path.write_bytes("[floor]\nname = 'Köln'".encode("latin-1"))
    with pytest.raises(ConfigError, match="not UTF-8"):
        load({"SUPERVISOR_CONFIG": str(path)})
    path.write_bytes("[floor]\nname = 'Köln'".encode("utf-8-sig"))
    assert load({"SUPERVISOR_CONFIG": str(path)}).floor.name == "Köln"
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load({"SUPERVISOR_CONFIG": str(tmp_path)})
