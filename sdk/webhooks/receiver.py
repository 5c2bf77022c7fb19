"""A receiver of webhooks on the loopback interface: it keeps every message as it came, byte for byte."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = 20


class Message:
    """One message: its headers and its raw body."""

    def __init__(self, headers, body):
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body

    @property
    def id(self):
        return self.headers["webhook-id"]


class Receiver:
    """Takes messages until it is stopped."""

    def __init__(self):
        self._came = queue.Queue()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}/hook"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def next(self):
        """The next message; it has to come."""
        return self._came.get(timeout=SECONDS)

    def stop(self):
        self._http.shutdown()
        self._http.server_close()

    def _handler(self):
        came = self._came

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                came.put(Message(self.headers, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler
