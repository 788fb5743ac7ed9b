"""The rules, a file a duty: pure functions over rows, with `now`, zone and rows as arguments."""
