"""Mode 1: the live floor."""
