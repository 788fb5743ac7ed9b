"""The floor as it was on a day, minute by minute. Nothing on it can act."""
