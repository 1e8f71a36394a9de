"""Reads users and groups with the package ssoready, unchanged, from the integration API.

    sdk.py PROGRAM        PROGRAM is the built scim-setup

Fails with what it read and did not expect.
"""

import sys

from running_server import running_server
from ssoready.client import SSOReady
from ssoready.core.api_error import ApiError

# More than a page, which has ten.
NAMES = [f"person-{number}" for number in range(23)]
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def main():
    (program,) = sys.argv[1:]
    with running_server(program) as server:
        ids = [created(server, "/Users", user(name)) for name in NAMES]
        members = [{"value": id} for id in ids[:12]]
        team = created(server, "/Groups", {"schemas": [GROUP], "displayName": "Team", "members": members})
        status, _ = server.scim("PATCH", f"/Users/{ids[0]}", deactivation())
        check("deactivating", status, 200)
        server.set_external_id("acme")
        read(SSOReady(base_url=server.integration_url, api_key=server.api_key), ids, team)
        refused(SSOReady(base_url=server.integration_url, api_key="ssoready_sk_wrong"))
    print(f"    ssoready: {len(ids)} users and a group were listed and read", file=sys.stderr)


def read(app, ids, team):
    """What an app of SSOReady reads."""
    users = all_pages(app.scim.list_scim_users, "scim_users", organization_external_id="acme")
    check("users", [user.id for user in users], ids)
    check("emails", [user.email for user in users], [f"{name}@example.com" for name in NAMES])
    check("deleted", {user.deleted for user in users}, {False})
    check("active", [user.attributes["active"] for user in users], [False] + [True] * (len(ids) - 1))
    one = app.scim.get_scim_user(ids[3]).scim_user
    check("a user", (one.id, one.attributes["name"]["givenName"]), (ids[3], NAMES[3]))
    directory = one.scim_directory_id
    groups = all_pages(app.scim.list_scim_groups, "scim_groups", scim_directory_id=directory)
    check("groups", [(group.id, group.display_name) for group in groups], [(team, "Team")])
    check("a group", app.scim.get_scim_group(team).scim_group.display_name, "Team")
    members = all_pages(app.scim.list_scim_users, "scim_users", scim_directory_id=directory, scim_group_id=team)
    check("members", [user.id for user in members], ids[:12])


def refused(app):
    try:
        app.scim.list_scim_users(organization_external_id="acme")
    except ApiError as error:
        check("a wrong key", (error.status_code, error.body["code"]), (401, "unauthenticated"))
    else:
        raise SystemExit("    a wrong key was accepted")


def all_pages(ask, name, **parameters):
    """Whatever a list has, page by page."""
    found, token = [], None
    while token != "":
        page = ask(page_token=token, **parameters)
        found += getattr(page, name)
        token = page.next_page_token
    return found


def created(server, endpoint, resource):
    status, answer = server.scim("POST", endpoint, resource)
    check(f"POST {endpoint}", status, 201)
    return answer["id"]


def user(name):
    return {"schemas": [USER], "userName": f"{name}@example.com", "name": {"givenName": name}, "active": True}


def deactivation():
    operation = {"op": "replace", "path": "active", "value": False}
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"    {what}: {found}\n    expected: {expected}")


if __name__ == "__main__":
    main()
