"""A `scim-setup serve` of its own for one run: a temporary data folder, free ports, one directory."""

import contextlib
import json
import subprocess
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass

# Longer than any answer takes; a request that waits this long has failed.
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class RunningServer:
    """What the program printed, and the directory that it made."""

    base_url: str
    token: str
    control_url: str
    control_key: str
    integration_url: str
    api_key: str

    def set_mode(self, mode):
        """Makes the only directory `tolerant` or `strict`."""
        changed = self._change_directory({"policy": {"mode": mode}})
        if changed["policy"] != {"mode": mode}:
            raise RuntimeError(f"the directory's policy is {changed['policy']}, not {mode}")

    def set_external_id(self, external_id):
        """Gives the only organization the id that the software under test knows it by."""
        (organization,) = self.control("GET", "/api/tree")["organizations"]
        self.control("PATCH", f"/api/organizations/{organization['id']}", {"externalId": external_id})

    def environment_id(self):
        """The id of the only environment."""
        (environment,) = self.control("GET", "/api/tree")["environments"]
        return environment["id"]

    def declare_extension(self, schema):
        """Gives users one more extension."""
        self._change_directory({"schemas": [{"resourceKind": "user", "schema": schema}]})

    def scim(self, method, target, body=None):
        """A SCIM request to the directory; returns the status and the JSON of the answer."""
        return _send(method, self.base_url + target, self.token, body, "application/scim+json")

    def _change_directory(self, changes):
        (directory,) = self.control("GET", "/api/tree")["directories"]
        return self.control("PATCH", f"/api/directories/{directory['id']}", changes)

    def control(self, method, target, body=None, expected=200):
        """A request to the control API; returns the JSON of the answer."""
        status, answer = _send(method, self.control_url + target, self.control_key, body, "application/json")
        if status != expected:
            raise RuntimeError(f"{method} {target} answered {status} {answer}")
        return answer


@contextlib.contextmanager
def running_server(program):
    """Starts the program, yields a RunningServer, and ends the program whatever happens."""
    with tempfile.TemporaryDirectory(prefix="scim-setup-conformance-") as data:
        ports = ["--port", "0", "--control-port", "0", "--integration-port", "0"]
        new = ["--new-directory", "Conformance", "--new-api-key", "Conformance"]
        process = subprocess.Popen([program, "serve", "--data", data, *ports, *new, "--json"], stdout=subprocess.PIPE)
        try:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{program} ended before it was ready, with code {process.wait()}")
            said = json.loads(line)
            names = ["scimBaseUrl", "bearerToken", "controlUrl", "controlKey", "integrationUrl", "apiKey"]
            yield RunningServer(*(said[name] for name in names))
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def _send(method, url, secret, body, media_type):
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"Bearer {secret}"})
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", media_type)
    # A proxy of the surroundings has no business between two programs on one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
