# SPDX-License-Identifier: Apache-2.0
"""Every operation of common/openapi.yaml over HTTP: nobody without a login gets an answer but where the description
says so; whoever signs in and asks for what does not exist, or is not theirs, gets a refusal by name, never an
answer, never a fault of the server. Who may ask at all is tried cell by cell against the table that the program
prints of itself (`parta rights`): each role, each operation, each right. What the roles may do with what does exist
is walked by tests/api; whose things may be reached, by objects.py."""
import json
import re
import subprocess

import yaml

from harness import ROOT
from uploads import Person
from world import World

NOT_THERE = "999999999"
WHO = {"mentor1": "mentor", "child1": "child", "guardian": "guardian", "school_officer": "school_officer",
       "coordinator": "coordinator", "mentor2": "admin"}


def edit(db):
    """The demo has no administrator: the second mentor is one instead."""
    db.execute("UPDATE role_grant SET role = 'admin' WHERE role = 'mentor' AND user_id = "
               "(SELECT user_id FROM mentor ORDER BY id LIMIT 1 OFFSET 1)")



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


def plain(path):
    """A pattern or a described path, the ids without their names."""
    return re.sub(r"\{\w*\}", "{}", path)


def table(parta):
    """(method, path) -> (right, {role: scope}), as the program decides it."""
    out = subprocess.run([parta, "rights"], capture_output=True, text=True, check=True).stdout
    rows = {}
    for method, path, right, *cells in (line.split() for line in out.splitlines()):
        rows[method, plain(path)] = (right, dict(c.split("=") for c in cells))
    return rows


def cells(world, people, rows, check):
    """What the table denies is 403 and nothing else. What it grants is not: there is no such object, or no such field."""
    wrong, tried = [], set()
    for who, person in people.items():
        for method, path, op in operations():
            right, scopes = rows[method, plain(path)]
            if not scopes:
                continue
            a = ask(world, method, path, person.cookie)
            denied = (a.status, code(a)) == (403, "not_allowed")
            if denied != (scopes[WHO[who]] == "none"):
                wrong.append((who, method, path, right, scopes[WHO[who]], a.status, code(a)))
            tried.add((WHO[who], right))
    check(f"{len(tried)} cells of role and right say what the table says", not wrong and len(tried) > 380, wrong[:12])
    missing = {right for right, scopes in rows.values() if scopes} - {right for _, right in tried}
    check("no right of an operation was left out", not missing, missing)


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
    rows = table(parta)
    described = {(method, plain(path)) for method, path, _ in operations()}
    check("the program serves what is described, and nothing else", set(rows) == described, set(rows) ^ described)
    open_to_all = {(m, plain(p)) for m, p, op in operations() if op.get("security") == []}
    check("what is open to all is described so", {k for k, (r, _) in rows.items() if r == "anybody"} == open_to_all)
    with World(parta, {"requests_per_second": 10000}, edit=edit) as world:
        signed_out(world, check)
        people = {who: Person(world, world.tokens[who]) for who in WHO}
        strangers(world, people, check)
        cells(world, people, rows, check)
        check.equal("the server lives", world.get("/healthz").status, 200)
        check.equal("and its registers hold together", world.verify()[1], 0)
