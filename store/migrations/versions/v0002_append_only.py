"""Guards on what is append-only. On SQLite they hold against INSERT OR REPLACE by `PRAGMA recursive_triggers`."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

APPEND_ONLY = ("state_event", "revision")
_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """Refuse changes of what is append-only; in the journal only the mark "undone" may be set."""
    sqlite = op.get_context().dialect.name == "sqlite"
    if not sqlite:
        op.execute(_REFUSE)
    for table, change in (
        *((name, "UPDATE") for name in APPEND_ONLY),
        ("journal", "UPDATE OF id, at_us, who, what, detail"),
    ):
        for event in (change, "DELETE") if sqlite else (change, "DELETE", "TRUNCATE"):
            name = f"{table}_no_{event.split()[0].lower()}"
            if sqlite:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            else:
                each = "STATEMENT" if event == "TRUNCATE" else "ROW"
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                )
