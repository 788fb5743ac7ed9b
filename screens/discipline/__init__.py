"""Mode 5: discipline."""
