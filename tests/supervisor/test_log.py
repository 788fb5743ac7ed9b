"""The log: lines of JSON that hold no secret, no customer and nothing a terminal obeys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from supervisor.config import Config, ConfigError, Log
from supervisor.log import open_log
from supervisor.sources import SECRETS_READ


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def settings(path: Path, **keys: Any) -> Config:
    return Config(log=Log(file=str(path), **keys))


def test_a_line_is_one_object_with_its_moment(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "floor.log"
    log = open_log(settings(path)).bind(source="pbx")
    log.info("source up", rows=3, since_us=1732400000000000)
    log.debug("not kept")
    (line,) = lines(path)
    assert line.pop("at").endswith("Z")
    assert line == {"event": "source up", "level": "info", "source": "pbx", "rows": 3, "since_us": 1732400000000000}
    assert path.stat().st_mode & 0o777 == 0o600


def test_hostile_text_stays_in_its_line_and_obeys_nobody(tmp_path: Path) -> None:
    path = tmp_path / "floor.log"
    hostile = '\x1b[31m\r\n{"event": "forged"}\u2028\x9b\u202e'
    open_log(settings(path)).info(hostile, detail=hostile, deep={"x": [hostile]})
    raw = path.read_text(encoding="utf-8")
    assert raw.count("\n") == 1
    assert not [character for character in raw[:-1] if not character.isprintable()]
    (line,) = lines(path)
    assert "forged" in line["event"] == line["detail"] == line["deep"]["x"][0]


def test_customers_are_left_out_unless_the_configuration_allows_them(tmp_path: Path) -> None:
    said = {
        "number": "+49301234567",
        "with_whom": "Ruhr Pumpen",
        "detail": "no route to +49 30 1234567, call 1732400000.17, 12 rows",
    }
    path = tmp_path / "floor.log"
    open_log(settings(path)).info("call", **said)
    assert {key: lines(path)[0][key] for key in said} == {
        "number": "(hidden)",
        "with_whom": "(hidden)",
        "detail": "no route to (hidden), call 1732400000.17, 12 rows",
    }
    open_log(settings(path, customer_data=True)).info("call", **said)
    assert {key: lines(path)[1][key] for key in said} == said


def test_secrets_are_never_in_it(tmp_path: Path) -> None:
    path = tmp_path / "floor.log"
    SECRETS_READ.add("hunter-2-hunter")
    log = open_log(settings(path, customer_data=True))
    log.info("login hunter-2-hunter refused", password="p4ssw0rd", deep={"api_token": "t0ken"}, x=["hunter-2-hunter"])
    raw = path.read_text()
    assert not any(secret in raw for secret in ("hunter-2", "p4ssw0rd", "t0ken"))


def test_an_exception_is_told_by_kind_and_place_only(tmp_path: Path) -> None:
    path = tmp_path / "floor.log"
    log = open_log(settings(path))
    customer = "Ruhr Pumpen"
    try:
        raise ValueError(customer)
    except ValueError:
        log.exception("failed")
    (line,) = lines(path)
    assert line["error"] == "ValueError"
    assert line["passed"][0].startswith("test_log.py:")
    assert customer not in path.read_text()


def test_a_full_disk_loses_lines_and_stops_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    log = open_log(settings(Path("/dev/full")))
    log.error("kept nowhere")
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"key 'log.file'.*cannot be written"):
        open_log(settings(tmp_path / "file" / "floor.log"))
