"""A SCIM server of the package scim2-server, as its own command makes one.

Prints one line of JSON once it serves: {"baseUrl": "http://127.0.0.1:…/v2"}. The token is that of SCIM_TOKEN.
"""

import json
import os
from wsgiref.simple_server import WSGIRequestHandler, make_server

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.testserver.cli import ThreadingWSGIServer
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)


class Quiet(WSGIRequestHandler):
    """Does not print a line for each request."""

    def log_message(self, format, *args):
        pass


def main():
    config = load_default_service_provider_config()
    config.authentication_schemes = [*(config.authentication_schemes or []), BEARER_TOKEN_SCHEME]
    schemas, types = load_default_schemas().values(), load_default_resource_types().values()
    provider = ScimProvider.from_discovery(schemas, types, config=config)
    service = ScimService(provider, secret="a secret of this run alone")
    tokens = [os.environ["SCIM_TOKEN"]]
    app = BearerTokenApplication(InMemoryStorage(), provider, service=service, bearer_tokens=tokens)
    with make_server("127.0.0.1", 0, app, server_class=ThreadingWSGIServer, handler_class=Quiet) as server:
        print(json.dumps({"baseUrl": f"http://127.0.0.1:{server.server_port}/v2"}), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
