"""The marks on the floor's rows: flags that wait for a decision, and reminders of steps."""

from __future__ import annotations

from sqlalchemy import Connection

from store import driver, roster
from store.engine import Store
from supervisor.duties.calls.floor import read_floor
from supervisor.duties.onboarding import acts
from tests.supervisor.duties.discipline.flagging import CONFIG, flagged
from tests.supervisor.duties.onboarding import owing
from tests.supervisor.duties.selling import NOW, S, call, specialist


def marks(connection: Connection) -> dict[str, tuple[int, int]]:
    return {line.name: (line.flags, line.prods) for line in read_floor(connection, CONFIG, NOW).specialists}


def test_flags_that_wait_are_marked_on_whose_they_are(store: Store) -> None:
    with store.write() as connection:
        ann = specialist(connection, "Ann", "1001")
        specialist(connection, "Boris", "1002")
        call(connection, "x", "1099", "+49301", NOW - 600 * S)
        phone = roster.identity(connection, roster.source(connection, "pbx", "asterisk"), "1099")
        assert marks(connection) == {"Ann": (0, 0), "Boris": (0, 0), "pbx:1099": (0, 0)}
        made = [flagged(connection, ann) for _ in range(5)]
        flagged(connection, None, identity_id=phone)
        for flag_id, change in zip(
            made, ("state = 'explained'", "state = 'decided'", "state = 'withdrawn'", "kind = 'merit'"), strict=False
        ):
            driver.run(connection, f"UPDATE flag SET {change} WHERE id = ?", (flag_id,))
        assert marks(connection) == {"Ann": (2, 0), "Boris": (0, 0), "pbx:1099": (1, 0)}


def test_reminders_are_marked_until_their_step_is_done(store: Store) -> None:
    with store.write() as connection:
        owing.floor_that_owes(connection)
        owing.pay(connection)
        steps = owing.state(connection).standings
        assert marks(connection) == {"Anna Weber": (0, 0), "Bob Klein": (0, 0)}
        for code in ("material", "material"):
            acts.prod(connection, owing.doer(), steps[code].step.step_id, "")
        assert marks(connection) == {"Anna Weber": (0, 2), "Bob Klein": (0, 0)}
        owing.act(connection, "done", "material")
        assert marks(connection)["Anna Weber"] == (0, 0)
        acts.prod(connection, owing.doer(), steps["article_brief"].step.step_id, "")
        assert marks(connection)["Anna Weber"] == (0, 1)
        ((version,),) = driver.rows(connection, "SELECT version FROM onboarding")
        acts.stop(connection, owing.doer(), 1, version, "paid back")
        assert marks(connection)["Anna Weber"] == (0, 0)
