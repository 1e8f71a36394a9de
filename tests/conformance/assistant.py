"""Asks `scim-setup mcp` what went wrong, with the package mcp: a client that others wrote.

    assistant.py PROGRAM        PROGRAM is the built scim-setup

Fails with what it read and did not expect.
"""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters
from running_server import running_server

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada@example.com"}


def main():
    (program,) = sys.argv[1:]
    with running_server(program) as server:
        for expected in (201, 409):
            status, _ = server.scim("POST", "/Users", USER)
            check("POST /Users", status, expected)
        tools = asyncio.run(ask(program, server))
    print(f"    mcp: {tools} tools were listed, and a failed request was explained", file=sys.stderr)


async def ask(program, server):
    """What an assistant does to find out why somebody does not arrive."""
    environment = {"SCIM_SETUP_CONTROL_KEY": server.control_key}
    command = StdioServerParameters(
        command=program, args=["mcp", "--write", "--control-url", server.control_url], env=environment
    )
    async with Client(command, read_timeout_seconds=60) as client:
        tools = (await client.list_tools()).tools
        writing = {tool.name for tool in tools if not tool.annotations.read_only_hint}
        check("tools that write", writing, {"run_scenario", "run_checks", "stop_run"})
        (directory,) = (await read(client, "list_directories"))["directories"]
        failed = {"total": 0}
        while failed["total"] == 0:
            failed = await read(client, "list_requests", {"directory": directory["id"], "failed": True})
        (row,) = failed["items"]
        explained = await read(client, "explain_request", {"id": row["id"]})
        check("the status", explained["row"]["status"], 409)
        check("a cause", "ada@example.com" in json.dumps(explained["explanation"]["cause"]), True)
        checked = await read(client, "run_checks", {"directory": directory["id"], "suites": ["okta"]})
        check("the checks", checked["simulation"]["state"], "finished")
        check("a check that failed", checked["simulation"]["failed"], 0)
        refused = await client.call_tool("read_guide", {"directory": "Globex"})
        check("a refusal", (refused.is_error, "There is no directory" in refused.content[0].text), (True, True))
        return len(tools)


async def read(client, tool, arguments=None):
    """What a tool has read, without the lines that mark it as what came from outside."""
    result = await client.call_tool(tool, arguments or {})
    check(tool, result.is_error, False)
    _, begin, text, end = result.content[0].text.split("\n")
    check("the marks", begin, end)
    return json.loads(text)


def check(what, found, expected):
    if found != expected:
        raise SystemExit(f"    {what}: {found}\n    expected: {expected}")


if __name__ == "__main__":
    main()
