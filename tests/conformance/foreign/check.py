"""Runs our checks against SCIM servers that others wrote: `check.py path/to/scim-setup`.

What the checks find wrong there is written down in `expected/`, each finding checked by hand against the RFC. Another finding fails, and
so does one that is no longer there.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Name, the file of what is expected, and how it is started.
SERVERS = [
    ("scim2-server", "scim2-server.json", [sys.executable, "-B", HERE / "serve_scim2_server.py"]),
    ("scimmy-routers", "scimmy-routers.json", ["node", HERE / "serve_scimmy_routers.mjs"]),
]
SUITES = "okta,entra,rfc"
# Fewer would mean that checks are skipped that should not be.
FEWEST_CHECKS = 177


def main():
    (program,) = sys.argv[1:]
    problems = []
    for name, file, command in SERVERS:
        expected = json.loads((HERE / "expected" / file).read_text(encoding="utf-8"))
        with running(command) as (base_url, token):
            report = check(program, base_url, token)
        problems += [f"{name}: {problem}" for problem in compare(name, report, expected)]
    for problem in problems:
        print(f"    {problem}", file=sys.stderr)
    return 1 if problems else 0


@contextlib.contextmanager
def running(command):
    """Starts a server, yields its base URL and token, and ends it whatever happens."""
    token = secrets.token_urlsafe(24)
    environment = {**os.environ, "SCIM_TOKEN": token}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{command[-1]} ended before it was ready, with code {process.wait()}")
        yield json.loads(line)["baseUrl"], token
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def check(program, base_url, token):
    command = [program, "check", "--suite", SUITES, "--target", base_url, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, env={**os.environ, "SCIM_TOKEN": token}, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{program} check ended with code {done.returncode}")
    return json.loads(done.stdout)


def compare(name, report, expected):
    """Prints the counts and returns what differs from what is expected."""
    outcomes = report["outcomes"]
    tried = [outcome for outcome in outcomes if outcome["verdict"] != "skipped"]
    found = {outcome["check"]["id"]: outcome for outcome in outcomes if outcome["verdict"] in ("failed", "warning")}
    problems = []
    if len(tried) < FEWEST_CHECKS:
        problems.append(f"only {len(tried)} checks ran, {FEWEST_CHECKS} are expected")
    for finding in expected:
        for key in ("check", "verdict", "says", "section", "reason"):
            if not finding.get(key):
                problems.append(f"{finding.get('check')} has no {key}")
        outcome = found.pop(finding["check"], None)
        if outcome is None:
            problems.append(f"{finding['check']} finds nothing any more; remove it")
        elif outcome["verdict"] != finding["verdict"] or finding["says"] not in said(outcome):
            problems.append(f"{finding['check']}: {outcome['verdict']}, {said(outcome)}")
    for id, outcome in found.items():
        problems.append(f"{id} was not expected: {outcome['verdict']}, {said(outcome)}")
    left = report["usersLeft"] + report["groupsLeft"]
    if left:
        problems.append(f"left behind: {left}")
    print(f"    {name}: {len(tried)} checks, {len(expected)} findings expected", file=sys.stderr)
    return problems


def said(outcome):
    """What was found, as one text: `expected {…}, came {…}`."""
    texts = (f"expected {json.dumps(one['expected'])}, came {json.dumps(one['actual'])}" for one in outcome["findings"])
    return "; ".join(texts)


if __name__ == "__main__":
    sys.exit(main())
