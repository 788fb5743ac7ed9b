"""What is kept: tables, queries, migrations and the change watch. No rule lives here."""
