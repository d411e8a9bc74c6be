"""Let Python look for garbage less often, in processes that are Cleaner's own."""

from __future__ import annotations

import gc

SELDOM = 200_000  # new objects that may hold others; loading rules and cleaning a page make fewer


def collect_seldom() -> None:
    """Let objects that hold each other in a circle wait longer until they are found; Cleaner makes few of them.

    Looking for them goes through all that rules and layers are made of. A library must not set this for the program
    that uses it: the command line and the workers of a dump do.
    """
    gc.set_threshold(SELDOM)
