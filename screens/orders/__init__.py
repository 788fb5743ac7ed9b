"""Mode 3: open orders, their review one at a time, written solutions, and the sheet of a specialist."""
