"""An app that reads its users from SCIM Setup, then is told of what happens to them.

    pip install -r requirements.txt
    export SCIM_SETUP_URL=http://127.0.0.1:7248   # the address in the tab "Your app"
    export SCIM_SETUP_API_KEY=scim-setup-key-…    # from "Create API key…"
    export ORGANIZATION=acme                      # the organization's external id
    export WEBHOOK_SECRET=whsec_…                 # shown once, for http://localhost:3000/webhooks
    python app.py
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ssoready.client import SSOReady
from standardwebhooks import Webhook, WebhookVerificationError

MOST_BYTES = 5 << 20


def list_users(client: SSOReady, organization: str):
    """Yields all users of the organization's Primary directory, deactivated and deleted ones included."""
    token = None
    while token != "":
        page = client.scim.list_scim_users(organization_external_id=organization, page_token=token)
        yield from page.scim_users
        token = page.next_page_token


class Receiver(BaseHTTPRequestHandler):
    """Takes webhooks. An event may arrive twice, with the same id; what is answered with 2xx is not sent again."""

    webhook = Webhook(os.environ["WEBHOOK_SECRET"])

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > MOST_BYTES:
            return self.answer(413)
        body = self.rfile.read(length)
        try:
            self.webhook.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            return self.answer(401)
        event = json.loads(body)
        resource = event["data"].get("user") or event["data"].get("group") or {}
        print(event.get("type"), resource.get("email") or resource.get("displayName") or "", flush=True)
        self.answer(204)

    def answer(self, status: int):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        """What arrives is printed above."""


def main():
    client = SSOReady(base_url=os.environ["SCIM_SETUP_URL"], api_key=os.environ["SCIM_SETUP_API_KEY"])
    for user in list_users(client, os.environ["ORGANIZATION"]):
        is_active = user.attributes.get("active", True) and not user.deleted
        print(user.email, "active" if is_active else "inactive", flush=True)
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", 3000))), Receiver)
    print(f"Listening on http://localhost:{server.server_port}/webhooks", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
