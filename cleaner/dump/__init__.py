"""Dumps: records by the million, in several processes, resumable, every record accounted for (docs/dumps.md)."""
