"""Compare cleaned pages with known ones."""
