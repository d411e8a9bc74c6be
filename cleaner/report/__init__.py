"""Reports on what cleaning did, for people."""
