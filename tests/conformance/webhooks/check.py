"""Checks the signatures of webhooks with the packages standardwebhooks, the Python one and the npm one.

    check.py PROGRAM        PROGRAM is the built scim-setup

Fails if one of them refuses what was sent, or takes what was changed on the way.
"""

import http.server
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from running_server import TIMEOUT_SECONDS, running_server  # noqa: E402
from standardwebhooks import Webhook, WebhookVerificationError  # noqa: E402

# A character of two bytes, one of four, and what JSON escapes.
NAMES = ["ada", "søren", "😀", 'a "quoted" \\ name']
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def main():
    (program,) = sys.argv[1:]
    with receiver() as (url, arrived), running_server(program) as server:
        path = f"/api/environments/{server.environment_id()}/webhooks"
        secret = server.control("POST", path, {"url": url}, 201)["secret"]
        for number, name in enumerate(NAMES):
            user = {"schemas": [USER], "userName": f"person-{number}@example.com", "displayName": name}
            status, _ = server.scim("POST", "/Users", user)
            check("POST /Users", status, 201)
        sent = [arrived.get(timeout=TIMEOUT_SECONDS) for _ in NAMES]
        other = server.control("POST", path, {"url": url}, 201)["secret"]
    names = [json.loads(body)["data"]["user"]["attributes"]["displayName"] for body, _ in sent]
    check("what was sent", names, NAMES)
    cases = []
    for body, headers in sent:
        cases.append((True, secret, body, headers))
        cases.append((False, other, body, headers))
        cases.append((False, secret, body.replace("person-", "nobody-"), headers))
        cases.append((False, secret, body, {**headers, "webhook-id": "1"}))
        cases.append((False, secret, body, {**headers, "webhook-timestamp": "1780833791"}))
    expected = [is_right for is_right, *_ in cases]
    check("PyPI's standardwebhooks", [verifies(*case) for _, *case in cases], expected)
    check("npm's standardwebhooks", node(cases), expected)
    print(f"    standardwebhooks: {len(cases)} signatures were checked twice", file=sys.stderr)


def verifies(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def node(cases):
    lines = [json.dumps({"secret": secret, "body": body, "headers": headers}) for _, secret, body, headers in cases]
    asked = "\n".join(lines) + "\n"
    command = ["node", HERE / "verify.mjs"]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


class receiver:
    """An app on a port of its own; yields its URL and a queue of what arrives, body and headers."""

    def __enter__(self):
        arrived = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                arrived.put((body, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/webhooks", arrived

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"    {what}: {found}\n    expected: {expected}")


if __name__ == "__main__":
    main()
