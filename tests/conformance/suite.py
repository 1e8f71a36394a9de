"""Runs the checks of the package scim2-tester against the real server, in tolerant and in strict mode.

    suite.py PROGRAM        PROGRAM is the built scim-setup

Fails if too few checks ran, if one failed that deviations.json does not name, or if a named deviation did not occur.
"""

import json
import random
import sys
from pathlib import Path

import httpx2
from running_server import TIMEOUT_SECONDS, running_server
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

# What the pinned version runs against the schemas that the server publishes. With more attributes there are more.
FEWEST_CHECKS = 135
# The values that the checks send are drawn at random.
SEED = 7643
DEVIATIONS = Path(__file__).with_name("deviations.json")

PASSED = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE}


def main():
    (program,) = sys.argv[1:]
    deviations = json.loads(DEVIATIONS.read_text(encoding="utf-8"))
    problems = [f"{DEVIATIONS.name}: {problem}" for problem in badly_named(deviations)]
    with running_server(program) as server:
        for mode in ("tolerant", "strict"):
            server.set_mode(mode)
            expected = [deviation for deviation in deviations if mode in deviation["modes"]]
            problems += [f"{mode}: {problem}" for problem in run(server, mode, expected)]
    for problem in problems:
        print(f"    {problem}", file=sys.stderr)
    return 1 if problems else 0


def run(server, mode, expected):
    """Runs all checks once, prints the counts and returns what is wrong."""
    executed = [result for result in check(server) if result.status != Status.SKIPPED]
    failed = [result for result in executed if result.status not in PASSED]
    problems = []
    if len(executed) < FEWEST_CHECKS:
        problems.append(f"only {len(executed)} checks ran, {FEWEST_CHECKS} are expected")
    for result in failed:
        if not any(is_named(result, deviation) for deviation in expected):
            problems.append(f"{result.status.name} {result.title} {result.resource_type or ''}: {result.reason}")
    for deviation in expected:
        if not any(is_named(result, deviation) for result in failed):
            problems.append(f"{DEVIATIONS.name}: {deviation['check']} on {deviation['about']} did not fail; remove it")
    named = sum(any(is_named(result, deviation) for deviation in expected) for result in failed)
    counts = f"{len(executed)} checks, {len(executed) - len(failed)} passed, {named} named deviations"
    print(f"    scim2-tester, {mode}: {counts}", file=sys.stderr)
    return problems


def check(server):
    random.seed(SEED)
    headers = {"Authorization": f"Bearer {server.token}"}
    # Neither proxies nor credentials of the surroundings (trust_env): both programs are on this machine.
    with httpx2.Client(base_url=server.base_url, headers=headers, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
        return check_server(SyncSCIMClient(client))


def is_named(result, deviation):
    about = result.data.get("urn") if isinstance(result.data, dict) else None
    found = (result.title, result.resource_type, about)
    named = (deviation["check"], deviation["resource"], deviation["about"])
    return found == named and deviation["says"] in (result.reason or "")


def badly_named(deviations):
    for number, deviation in enumerate(deviations, 1):
        for key in ("modes", "check", "resource", "about", "says", "section", "reason"):
            if not deviation.get(key):
                yield f"number {number} has no {key}"


if __name__ == "__main__":
    sys.exit(main())
