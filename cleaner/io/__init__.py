"""Reading inputs, writing outputs and the edit log: what touches files."""
