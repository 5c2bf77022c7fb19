"""A Countersign server of one's own: the built program, in a fresh directory, on a free port.

Only what an operator has is used: the command line, with COUNTERSIGN_URL and COUNTERSIGN_TOKEN, and HTTP.
"""

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ADMIN = "ana@example.com"
START_SECONDS = 20


class CommandFailed(Exception):
    """A command of the program ended with another code than 0."""

    def __init__(self, words, done):
        super().__init__(f"countersign {' '.join(words)}: exit {done.returncode}: {done.stderr.strip()}")
        self.code = done.returncode


class Server:
    """A running server. `url`, `admin_token` and `application_key` are what a user would copy."""

    def __init__(self):
        self._program = os.path.abspath(os.environ["COUNTERSIGN_BIN"])
        self._home = tempfile.TemporaryDirectory(prefix="countersign-stories-")
        self._data = os.path.join(self._home.name, "data")
        made = self._run(["init", "--data-dir", self._data, "--admin-email", ADMIN, "--json"], {})
        self.admin_token = made["admin"]["token"]
        self.application_key = made["application_key"]
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log = open(os.path.join(self._home.name, "log"), "w+", encoding="utf-8")
        serve = [self._program, "serve", "--data-dir", self._data, "--listen", f"127.0.0.1:{port}"]
        self._process = subprocess.Popen(serve, env=bare(), stdout=self._log, stderr=self._log)
        self._until_alive()

    def cli(self, *words, token=None):
        """Runs a command against the server; gives the JSON that it prints."""
        env = {"COUNTERSIGN_URL": self.url, "COUNTERSIGN_TOKEN": token or self.admin_token}
        return self._run([*words, "--json"], env)

    def http(self, method, path, body=None, token=None):
        """Calls the API; gives the status and the JSON body, also of an error."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def stop(self):
        """Stops it as a service manager would; it has to end by itself, and well."""
        self._process.terminate()
        try:
            code = self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            code = "none; it had to be killed"
        log = self._read_log()
        self._log.close()
        self._home.cleanup()
        if code != 0:
            raise RuntimeError(f"the server ended with {code}:\n{log}")

    def _run(self, words, env):
        done = subprocess.run(
            [self._program, *words], env=bare() | env, capture_output=True, text=True, timeout=30
        )
        if done.returncode != 0:
            raise CommandFailed(words, done)
        return json.loads(done.stdout)

    def _until_alive(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self.http("GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        self._process.kill()
        raise RuntimeError(f"the server did not start:\n{self._read_log()}")

    def _read_log(self):
        self._log.seek(0)
        return self._log.read()


def bare():
    """The environment without anything that would lead a program elsewhere."""
    ours = ("COUNTERSIGN_", "HUMANLAYER_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def free_port():
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
