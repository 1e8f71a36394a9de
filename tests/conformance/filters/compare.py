"""Asks the real server and the npm package scim2-parse-filter the same filters about the same users, and compares who meets them.

    compare.py PROGRAM        PROGRAM is the built scim-setup

Both get the very same text. Where the package is wrong by the RFCs, oracle.mjs corrects its answer; each correction is named here and
has to be needed, else it fails.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from expressions import expressions  # noqa: E402
from running_server import running_server  # noqa: E402

SEED = 7644
MADE = 600
# Comparisons that took place, and those whose answer is neither nobody nor everybody.
FEWEST_COMPARED = 500
FEWEST_TELLING = 350

# Of a thousand problems the first few say it.
SHOWN = 20

# What the package does otherwise than the RFCs, each with the reason why they decide.
CORRECTIONS = {
    "letterCase": "texts compare without regard to case unless the schema says caseExact (RFC 7644 §3.4.2.2, RFC 7643 §2.2)",
    "escapes": "a text is a JSON string, so its escapes are decoded (RFC 7644 §3.4.2.2, `compValue`)",
    "oneElement": "one and the same element meets the filter of a value path; in a plain list any value does (RFC 7644 §3.4.2.2)",
    "noValueIsNotEqual": "no value is not identical to any value, so `ne` holds (RFC 7644 Table 3; RFC 7643 §2.5)",
    "null": "`eq null` holds for what is unassigned; null and absent are the same (RFC 7643 §2.5)",
    "emptyIsAbsent": "an empty text or list is not present (RFC 7644 Table 3; RFC 7643 §2.5)",
    "valueByDefault": "`emails co \"x\"` means `emails.value` (RFC 7644 §3.4.2.2, Figure 2)",
    "coreUrn": "the URN of the core schema may stand before its attributes (RFC 7644 §3.10)",
    "instants": "times compare as instants, not as texts (RFC 7644 Table 3, `gt`)",
}
# What the package cannot read although the grammar of RFC 7644 §3.4.2.2 has it.
UNREADABLE = {
    "a negative number before a blank or a parenthesis": re.compile(r" -\d[\d.]*[ )]"),
    "a text that ends in a backslash": re.compile(r'\\\\"'),
}


def main():
    (program,) = sys.argv[1:]
    users = json.loads((HERE / "users.json").read_text(encoding="utf-8"))
    filters = expressions(MADE, SEED)
    theirs = ask_oracle(users, filters, list(CORRECTIONS))
    problems = list(unreadable_problems(filters, theirs))
    readable = [index for index, answer in enumerate(theirs) if isinstance(answer, list)]
    filters, theirs = [filters[index] for index in readable], [theirs[index] for index in readable]

    telling = sum(0 < len(answer) < len(users) for answer in theirs)
    if len(filters) < FEWEST_COMPARED:
        problems.append(f"only {len(filters)} filters were compared, {FEWEST_COMPARED} are expected")
    if telling < FEWEST_TELLING:
        problems.append(f"only {telling} filters tell users apart, {FEWEST_TELLING} are expected")

    with running_server(program) as server:
        server.declare_extension(json.loads((HERE / "badge.json").read_text(encoding="utf-8")))
        create(server, users)
        for mode in ("tolerant", "strict"):
            server.set_mode(mode)
            for text, expected in zip(filters, theirs, strict=True):
                problems += [f"{mode}: {problem}" for problem in compare(server, users, text, expected)]

    needed = needed_corrections(users, filters, theirs)
    for name, count in needed.items():
        if not count:
            problems.append(f"the correction {name} changes no answer; remove it")
    print(
        f"    filters: {len(filters)} compared in both modes ({MADE - len(filters)} unreadable to the package), {telling} met by some"
        f" of the {len(users)} users, {len(problems)} problems; answers that the RFCs correct:"
        f" {', '.join(f'{name} {count}' for name, count in needed.items())}",
        file=sys.stderr,
    )
    for problem in problems[:SHOWN]:
        print(f"    {problem}", file=sys.stderr)
    return 1 if problems else 0


def ask_oracle(users, filters, corrections):
    asked = json.dumps({"users": users, "filters": filters, "corrections": corrections})
    done = subprocess.run(["node", HERE / "oracle.mjs"], input=asked, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return json.loads(done.stdout)


def unreadable_problems(filters, answers):
    met = Counter()
    for text, answer in zip(filters, answers, strict=True):
        if isinstance(answer, list):
            continue
        reasons = [reason for reason, pattern in UNREADABLE.items() if pattern.search(text)]
        met.update(reasons)
        if not reasons:
            yield f"{text}: the package cannot read this: {answer['error']}"
    for reason in UNREADABLE:
        if not met[reason]:
            yield f"no filter has {reason}; remove the exception"


def create(server, users):
    for user in users:
        status, answer = server.scim("POST", "/Users", user)
        if status != 201:
            raise RuntimeError(f"{user['userName']} was answered {status} {answer}")


def compare(server, users, text, expected):
    query = urlencode({"filter": text, "count": 2 * len(users), "attributes": "userName"})
    status, answer = server.scim("GET", f"/Users?{query}")
    if status != 200:
        yield f"{text}: {status} {answer}"
        return
    found = {user["userName"] for user in answer["Resources"]}
    wanted = {users[index]["userName"] for index in expected}
    if answer["totalResults"] != len(found):
        yield f"{text}: totalResults is {answer['totalResults']} for {len(found)} users"
    if found != wanted:
        yield f"{text}: the server alone finds {sorted(found - wanted)}, the package alone {sorted(wanted - found)}"


def needed_corrections(users, filters, answers):
    """How many answers are others without the correction."""
    needed = {}
    for name in CORRECTIONS:
        without = ask_oracle(users, filters, [other for other in CORRECTIONS if other != name])
        needed[name] = sum(with_all != answer for with_all, answer in zip(answers, without, strict=True))
    return needed


if __name__ == "__main__":
    sys.exit(main())
