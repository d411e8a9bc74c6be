"""A server that holds a bounded number of connections, and keeps nobody waiting for those that say nothing."""

from __future__ import annotations

import socket
from contextlib import suppress
from http.server import ThreadingHTTPServer
from threading import BoundedSemaphore, Lock
from typing import Any

MOST = 64  # connections at a time: anyone on this machine can open some
WAIT = 10  # seconds, at most, until a connection that was told to give way has gone


class BoundedServer(ThreadingHTTPServer):
    """Answers each connection in a thread. Handlers call `trust` for one that has shown whose it is."""

    daemon_threads = True

    def __init__(self, *args: Any) -> None:
        self.places = BoundedSemaphore(MOST)
        self.strangers: dict[Any, None] = {}  # connections that are not trusted, the oldest first
        self.lock = Lock()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread. Where no more may be open, the oldest stranger gives way.

        So connections that say nothing, or nothing that they may, keep nobody waiting until they time out.
        """
        if not self.places.acquire(blocking=False) and not (self._end_oldest() and self.places.acquire(timeout=WAIT)):
            self.shutdown_request(request)
            return
        with self.lock:
            self.strangers[request] = None
        try:
            super().process_request(request, client_address)
        except BaseException:  # no thread was begun
            self.trust(request)
            self.places.release()
            raise

    def _end_oldest(self) -> bool:
        """End the connection that has waited longest, whose thread then closes it; False where none may be ended."""
        with self.lock:  # while it is among the strangers it is open: its number is no other's
            oldest = next(iter(self.strangers), None)
            if oldest is None:
                return False
            del self.strangers[oldest]
            with suppress(OSError):  # the other side has ended it
                oldest.shutdown(socket.SHUT_RDWR)
        return True

    def trust(self, request: Any) -> None:
        """Let a connection be that has shown whose it is, or is at its end."""
        with self.lock:
            self.strangers.pop(request, None)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        self.trust(request)
        super().shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and make room for another connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()
