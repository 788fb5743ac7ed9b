"""Mode 2: follow-ups."""
