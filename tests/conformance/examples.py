"""Runs the apps in `examples/` as they are: they list users, and take signed webhooks while a simulated Okta plays the lifecycle.

    examples.py PROGRAM        PROGRAM is the built scim-setup

Fails with what an app printed and was not expected to.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from running_server import TIMEOUT_SECONDS, running_server

EXAMPLES = Path(__file__).parents[2] / "examples"
APPS = [
    ("python", [sys.executable, EXAMPLES / "python" / "app.py"]),
    ("node", ["node", EXAMPLES / "node" / "app.mjs"]),
]
# What a lifecycle does to whoever is in it, as far as an app has to know.
TYPES = {
    "user.created",
    "user.updated",
    "user.deactivated",
    "user.reactivated",
    "user.deleted",
    "group.created",
    "group.member_added",
    "group.member_removed",
    "group.deleted",
}
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def main():
    (program,) = sys.argv[1:]
    for name, command in APPS:
        with running_server(program) as server:
            server.set_external_id("acme")
            follow(program, server, command)
        print(f"    {name}: it listed users, took signed webhooks and followed Primary", file=sys.stderr)


def follow(program, server, command):
    (first,) = server.control("GET", "/api/tree")["directories"]
    for number in range(12):
        created, _ = server.scim("POST", "/Users", {"schemas": [USER], "userName": f"first-{number}@example.com"})
        check("POST /Users", created, 201)
    with running_app(server, command) as app:
        check("users", app.listed(), {f"first-{number}@example.com active" for number in range(12)})
        play(program, server)
        app.wait_for(lambda lines: TYPES <= {line.split(" ")[0] for line in lines})
        check("signatures", app.errors(), "")
    new = {"organizationId": first["organizationId"], "name": "Second"}
    second = server.control("POST", "/api/directories", new, 201)
    user = json.dumps({"schemas": [USER], "userName": "second@example.com"})
    body = {"method": "POST", "path": "/Users", "body": user}
    server.control("POST", f"/api/directories/{second['id']}/requests", body, 201)
    server.control("PATCH", f"/api/directories/{second['id']}", {"isPrimary": True})
    with running_app(server, command) as app:
        check("users of the new Primary directory", app.listed(), {"second@example.com active"})


def play(program, server):
    command = [program, "simulate", "okta-aiw", "--target", server.base_url]
    done = subprocess.run(command, env={**os.environ, "SCIM_TOKEN": server.token}, capture_output=True, text=True)
    check(f"simulate: {done.stdout}{done.stderr}", done.returncode, 0)


@contextlib.contextmanager
def running_app(server, command):
    """Starts an app with a webhook of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    webhooks = f"/api/environments/{server.environment_id()}/webhooks"
    secret = server.control("POST", webhooks, {"url": f"http://127.0.0.1:{port}/webhooks"}, 201)["secret"]
    environment = {
        **os.environ,
        "SCIM_SETUP_URL": server.integration_url,
        "SCIM_SETUP_API_KEY": server.api_key,
        "ORGANIZATION": "acme",
        "WEBHOOK_SECRET": secret,
        "PORT": str(port),
    }
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            yield App(process, errors)
        finally:
            process.terminate()
            process.wait(TIMEOUT_SECONDS)


class App:
    """What an app prints."""

    def __init__(self, process, errors):
        self._lines, self._errors, self._changed = [], errors, threading.Condition()
        threading.Thread(target=self._read, args=[process.stdout], daemon=True).start()

    def listed(self):
        """The users that it has read, once it listens."""
        lines = self.wait_for(lambda lines: any(line.startswith("Listening") for line in lines))
        return set(lines[: next(n for n, line in enumerate(lines) if line.startswith("Listening"))])

    def wait_for(self, condition):
        """All lines, as soon as they meet a condition."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self._lines), TIMEOUT_SECONDS):
                raise SystemExit(f"    the app printed only {self._lines}\n    {self.errors()}")
            return list(self._lines)

    def errors(self):
        self._errors.seek(0)
        return self._errors.read()

    def _read(self, stdout):
        for line in stdout:
            with self._changed:
                self._lines.append(line.rstrip("\n"))
                self._changed.notify_all()


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"    {what}: {found}\n    expected: {expected}")


if __name__ == "__main__":
    main()
