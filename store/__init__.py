"""What is kept: tables, queries, migrations and the change watch. No rule lives here."""


class StoreError(Exception):
    """The store cannot be used. The message is one sentence for a person: which store, what happened, what to do."""
