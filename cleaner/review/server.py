"""Serve a review on this machine only.

The server listens on 127.0.0.1. Each request must name it as the host (so that no other name can be made to lead here)
and carry the token that the start of the server printed; what changes anything must come from the page itself
(Origin) as JSON, which no form of another site can send.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sys
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cleaner.errors import CleanerError
from cleaner.review.connections import BoundedServer
from cleaner.review.session import Session

HOST = "127.0.0.1"
LARGEST = 100_000  # bytes of a request
SAFE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class ReviewServer(BoundedServer):
    """Serves one session; `write_page` makes the HTML page from the token and the state."""

    def __init__(self, session: Session, write_page: Callable[[dict[str, Any]], str], port: int = 0) -> None:
        self.session, self.write_page = session, write_page
        self.token = secrets.token_urlsafe(24)
        super().__init__((HOST, port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, but not that a browser has gone away: no traceback is the user's for that."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def server_bind(self) -> None:
        """Take the address, without asking the network for its name as `http.server` does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    @property
    def origins(self) -> tuple[str, str]:
        """The names under which a browser on this machine may call the server."""
        return f"http://{HOST}:{self.server_port}", f"http://localhost:{self.server_port}"

    @property
    def address(self) -> str:
        """What to open in the browser."""
        return f"{self.origins[0]}/?token={self.token}"


class Handler(BaseHTTPRequestHandler):
    """Answers `GET /` with the page, `POST /decide` and `POST /undo` with the new state."""

    server: ReviewServer
    server_version = "cleaner"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Send the page."""
        try:
            parts = urlsplit(self.path)
        except ValueError:  # such as half an IPv6 address
            self._send(HTTPStatus.BAD_REQUEST, "not an address", "text/plain")
            return
        token = parse_qs(parts.query).get("token", [""])[0]
        if not self._is_called_rightly(token):
            return
        if parts.path != "/":
            self._send(HTTPStatus.NOT_FOUND, "no such page", "text/plain")
            return
        review = {"token": self.server.token, **self.server.session.state()}
        self._send(HTTPStatus.OK, self.server.write_page(review), "text/html")

    def do_POST(self) -> None:
        """Take a decision, or undo the last one."""
        if not self._is_called_rightly(self.headers.get("X-Cleaner-Token", "")):
            return
        if self.headers.get("Origin") not in self.server.origins:
            self._send(HTTPStatus.FORBIDDEN, "this request does not come from the review page", "text/plain")
            return
        try:
            state = self._do(urlsplit(self.path).path, self._read_json())
        except (CleanerError, ValueError) as error:
            self._send(HTTPStatus.BAD_REQUEST, str(error), "text/plain")
        except OSError as error:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, f"not saved: {error}", "text/plain")
        else:
            self._send(HTTPStatus.OK, json.dumps(state), "application/json")

    def _do(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        if path == "/undo":
            return self.server.session.undo()
        page, item, verdict, text = (value.get(name) for name in ("page", "item", "verdict", "text"))
        if path != "/decide" or not isinstance(page, int) or not all(isinstance(v, str) for v in (item, verdict, text)):
            raise CleanerError("not a decision: needs page, item, verdict and text")
        return self.server.session.decide(page, str(item), str(verdict), str(text))

    def _read_json(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not length.isascii() or not length.isdigit():
            raise CleanerError("not JSON")
        if len(length) > len(str(LARGEST)) or int(length) > LARGEST:
            raise CleanerError(f"more than {LARGEST} bytes")
        try:
            value = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise CleanerError(f"not JSON: {error}") from error
        if not isinstance(value, dict):
            raise CleanerError("not a JSON object")
        return value

    def _is_called_rightly(self, token: str) -> bool:
        """Check host and token; answer where one is wrong."""
        if f"http://{self.headers.get('Host', '')}" not in self.server.origins:
            self._send(HTTPStatus.FORBIDDEN, "unknown host", "text/plain")
            return False
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode("utf-8")):
            self._send(HTTPStatus.FORBIDDEN, "the token is missing: open the address that was printed", "text/plain")
            return False
        self.server.trust(self.connection)
        return True

    def _send(self, status: HTTPStatus, body: str, kind: str) -> None:
        data = body.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in SAFE.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the token is in the addresses."""
