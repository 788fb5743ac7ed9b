"""`supervisor store ...` as a person types it, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from store.engine import Store, open_store
from store.migrations import HEAD
from store.tables import metadata
from supervisor.__main__ import run
from tests.store.customers_made import customer


@pytest.fixture(autouse=True)
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty configuration: every key at its default."""
    (tmp_path / "supervisor.toml").touch()
    monkeypatch.setenv("SUPERVISOR_CONFIG", str(tmp_path / "supervisor.toml"))
    monkeypatch.setenv("SUPERVISOR_STORE", "")  # set by --store; restored after the test


def test_upgrade_makes_a_store_and_then_finds_nothing_to_do(empty_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["store", "upgrade", "--store", empty_url]) == 0
    assert f"none -> {HEAD}" in capsys.readouterr().out
    assert run(["store", "upgrade", "--store", empty_url]) == 0
    assert "nothing to do" in capsys.readouterr().out
    open_store(empty_url).close()


def test_check_says_ok_line_by_line(store_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["store", "check", "--store", store_url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.split()[0] in ("ok", "warn") for line in lines)
    assert {"schema", "contents", "tallies"} <= {line.split()[1] for line in lines}
    assert run(["store", "check", "--fast", "--store", store_url]) == 0
    assert "contents" not in capsys.readouterr().out


def test_check_ends_with_1_where_something_must_be_done(
    store_url: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert run(["store", "check", "--store", store_url]) == 1
    assert "run `supervisor store upgrade`" in capsys.readouterr().out


def test_backup_says_what_it_copied(store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "copy")
    assert run(["store", "backup", target, "--store", store_url]) == 0
    assert f"rows in {len(metadata.tables) + 1} tables" in capsys.readouterr().out
    assert run(["store", "backup", target, "--store", store_url]) == 2
    assert (
        capsys.readouterr().err
        == f"supervisor: {target} exists and is not overwritten; name another file for the backup\n"
    )


def test_recount_puts_right_what_differs_and_says_so(
    store_url: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["store", "recount", "--store", store_url]) == 0
    every = (
        "every call and every tally is as it should be\n",
        "every contact and every contact number is as it should be\n",
    )
    assert capsys.readouterr().out == "".join(every)
    with store.write() as connection:
        pbx = "INSERT INTO source (id, name, type, up, detail, capabilities) VALUES (1, 'pbx', '', :up, '', '')"
        connection.execute(text(pbx), {"up": True})
        connection.execute(text("INSERT INTO phone_identity (id, source_id, agent) VALUES (1, 1, '1001')"))
        connection.execute(
            text(
                "INSERT INTO tally (identity_id, day, dials, connected, effective, talk_ms, calls) "
                "VALUES (1, 20260102, 3, 0, 0, 0, 3)"
            )
        )
    assert run(["store", "check", "--store", store_url]) == 1
    assert "run `supervisor store recount`" in capsys.readouterr().out
    assert run(["store", "recount", "--store", store_url]) == 0
    assert capsys.readouterr().out == "0 calls and 1 tallies differed and are put right\n" + every[1]
    assert run(["store", "check", "--store", store_url]) == 0
    with store.write() as connection:
        customer(connection)
        connection.execute(text("UPDATE customer SET contacts = 7"))
        connection.execute(text("UPDATE contact_histogram SET live = 3"))
    assert run(["store", "recount", "--store", store_url]) == 0
    assert "0 contacts, 0 contact numbers, 1 customers and " in capsys.readouterr().out
    assert run(["store", "recount", "--store", store_url]) == 0
    assert capsys.readouterr().out == "".join(every)


def test_a_missing_store_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["store", "check", "--store", str(tmp_path / "none.db")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "there is no store at" in told
