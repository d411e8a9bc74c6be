"""Keeps every Python process off the network that has this folder in PYTHONPATH: the workers of a command, too.

Python runs it at its start. Whoever asks for the network gets an error, and the test finds the file `asked` in the
folder NO_NETWORK: an error may be caught. There each process leaves a file of its own, so that a test can tell that
none was without a guard. LOOPBACK=1 lets a server listen on 127.0.0.1; it can call nobody.
"""

from __future__ import annotations

import _socket
import os
import sys
from pathlib import Path

FOLDER = Path(os.environ["NO_NETWORK"])
LISTENS = os.environ.get("LOOPBACK") == "1"
LOCAL = ("127.0.0.1",)


def is_harmless(event: str, args: tuple[object, ...]) -> bool:
    """Say whether what a process does with sockets is no network.

    Sockets between processes of this machine are none: workers are fed by them.
    """
    if event == "socket.__new__":
        return args[1] == _socket.AF_UNIX or (LISTENS and args[1] == _socket.AF_INET)
    if getattr(args[0] if args else None, "family", None) == _socket.AF_UNIX:
        return True
    return LISTENS and event == "socket.bind" and isinstance(args[1], tuple) and args[1][:1] == LOCAL


def watch(event: str, args: tuple[object, ...]) -> None:
    """Refuse the network."""
    if event.startswith("socket.") and not is_harmless(event, args):
        with (FOLDER / "asked").open("a", encoding="utf-8") as file:
            print(event, args[1:], file=file)
        raise PermissionError(f"the network was asked for: {event}")


(FOLDER / f"guarded-{os.getpid()}").write_text("\0".join(sys.orig_argv), encoding="utf-8")
sys.addaudithook(watch)
