"""Review: what people decided about changes and flags, and how a page obeys it."""
