"""The rule engine: rule files in, changes of text out."""
