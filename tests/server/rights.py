# SPDX-License-Identifier: Apache-2.0
"""Every operation of common/openapi.yaml over HTTP: nobody without a login gets an answer but where the description
says so; whoever signs in and asks for what does not exist, or is not theirs, gets a refusal by name, never an
answer, never a fault of the server; and no cookie of one person opens what is another's. What the roles may do
with what does exist is walked by tests/api."""
import json
import re

import yaml

from harness import ROOT
from uploads import Person
from world import World

NOT_THERE = "999999999"
WHO = ("mentor1", "child1", "guardian", "school_officer", "coordinator")


def operations():
    spec = yaml.safe_load((ROOT / "common" / "openapi.yaml").read_text())
    for path, item in spec["paths"].items():
        for method, op in item.items():
            yield method.upper(), path, op


def address(path):
    """The path with ids of nothing in it."""
    path = path.replace("{report}", f"{NOT_THERE}-{NOT_THERE}-{NOT_THERE}-2026-11").replace("{token}", "x" * 43)
    return re.sub(r"\{\w+\}", NOT_THERE, path)


def ask(world, method, path, cookie):
    body = b"{}" if method in ("POST", "PUT", "PATCH") else b""
    head = (f"{method} /api/v1{address(path)} HTTP/1.1\r\nHost: {world.host}\r\n"
            f"{f'Cookie: __Host-s={cookie}' if cookie else 'X-None: 1'}\r\nIf-Match: \"v1\"\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n").encode()
    return world.ask(head + body, timeout=30)


def code(answer):
    try:
        return json.loads(answer.body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""


def signed_out(world, check):
    wrong, n = [], 0
    for method, path, op in operations():
        if op.get("security") == []:
            continue
        for cookie in (None, "y" * 43):
            a = ask(world, method, path, cookie)
            n += 1
            if (a.status, code(a)) != (401, "no_login"):
                wrong.append((method, path, a.status))
    check(f"{n} requests without a login", not wrong and n > 300, wrong[:5])


def strangers(world, people, check):
    faults, given = [], []
    for who, person in people.items():
        for method, path, op in operations():
            if path == "/session" and method == "DELETE":
                continue
            a = ask(world, method, path, person.cookie)
            if a.status >= 500:
                faults.append((who, method, path, a.status))
            elif a.status < 400 and "{" in path:
                given.append((who, method, path, a.status))
    check("no fault of the server in any of them", not faults, faults[:5])
    check("nobody is given what does not exist", not given, given[:5])


def run(parta, check):
    with World(parta, {"requests_per_second": 10000}) as world:
        signed_out(world, check)
        people = {who: Person(world, world.tokens[who]) for who in WHO}
        strangers(world, people, check)
        check.equal("the server lives", world.get("/healthz").status, 200)
        check.equal("and its registers hold together", world.verify()[1], 0)
