# SPDX-License-Identifier: Apache-2.0
"""Files that people send (RELIABILITY T12): 10 MB come in and go out whole, more is refused, a stranger's bytes are not
waited for, a flood of files leaves room for everybody else, nothing half written stays on the disk, and nothing but the
folder of files is written to."""
import hashlib
import json
import os
import pathlib
import threading
import time
from urllib.parse import quote

import upload_traps as traps
from harness import Answer
from world import World

MB = 1024 * 1024
TYPE = "application/octet-stream"


def pdf(size, seed):
    head, tail = b"%PDF-1.7\n" + seed, b"\nstartxref\n9\n%%EOF\n"
    return head + b"x" * (size - len(head) - len(tail)) + tail


class Person:
    def __init__(self, world, token):
        self.world = world
        body = json.dumps({"link": token}).encode()
        a = world.ask(f"POST /api/v1/session HTTP/1.1\r\nHost: {world.host}\r\nContent-Type: application/json\r\n"
                      f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        self.cookie = next(v.split(";")[0].split("=", 1)[1] for k, v in a.headers if k == "set-cookie")
        self.id = json.loads(a.body)["user"]["id"] if "user" in json.loads(a.body) else json.loads(a.body)["id"]

    def head(self, method, path, length, kind=TYPE, cookie=None):
        return (f"{method} /api/v1{path} HTTP/1.1\r\nHost: {self.world.host}\r\nCookie: __Host-s={cookie or self.cookie}\r\n"
                f"Content-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n").encode()

    def send(self, path, body, **more):
        return self.world.ask(self.head("POST", path, len(body), **more) + body, timeout=60)

    def get(self, path):
        return self.world.get("/api/v1" + path, f"Cookie: __Host-s={self.cookie}")


def files(world):
    folder = pathlib.Path(str(world.folder / "parta.db") + ".files")
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def whole_files(world, mentor, coordinator, check):
    path = f"/mentors/{mentor.id}/documents?kind=award&issued=2026-01-15"
    body = pdf(10 * MB, b"the largest")
    before = world.rss_kb()
    a = mentor.send(path, body)
    check.equal("10 MB are taken", a.status, 201)
    doc = next(d for d in json.loads(a.body)["documents"] if d["kind"] == "award")
    check.equal("their size", doc["bytes"], 10 * MB)
    check.equal("one file lies on the disk", len(files(world)), 1)
    stored = pathlib.Path(str(world.folder / "parta.db") + ".files") / files(world)[0]
    check("with the bytes that were sent, for its owner only",
          stored.read_bytes() == body and stored.stat().st_mode & 0o777 == 0o600)
    a = coordinator.get(f"/documents/{doc['id']}/file")
    check("they come out again", a.status == 200 and hashlib.sha256(a.body).digest() == hashlib.sha256(body).digest())
    check.equal("as an attachment", a.header("content-disposition"), f'attachment; filename="award-{doc["id"]}.pdf"')
    check("that no browser guesses at or runs", a.header("x-content-type-options") == "nosniff" and
          any(k == "content-security-policy" and v.startswith("sandbox") for k, v in a.headers))
    check.equal("of the type that it is", a.header("content-type"), "application/pdf")
    time.sleep(0.5)
    check("the memory is given back", world.rss_kb() - before < 6 * 1024, f"{world.rss_kb() - before} kB more")


def refusals(world, mentor, check):
    path = f"/mentors/{mentor.id}/documents?kind=award&issued=2026-01-15"
    n = len(files(world))
    with world.connect() as s:
        s.sendall(mentor.head("POST", path, 10 * MB + 1))
        check.equal("one byte more is refused before it comes", Answer.read(s).status, 413)
    with world.connect() as s:
        s.sendall(mentor.head("POST", path, 5 * MB, cookie="x" * 43))
        start = time.monotonic()
        check.equal("a stranger is refused", Answer.read(s).status, 401)
        check("before a byte of the file has come", time.monotonic() - start < 1)
    check.equal("a page of another origin cannot send a form", mentor.send(path, b"x", kind="text/plain").status, 415)
    got = {name: refused(mentor.send(path, body)) for name, body in traps.DOCUMENTS.items()}
    wrong = {n: g for n, g in got.items() if g != (400, "malformed" if n == "nothing" else "bad_file")}
    check.equal(f"{len(got)} files that are no documents", wrong, {})
    got = {}
    for name in traps.NAMES:
        got[name] = refused(mentor.send(f"/mentors/{mentor.id}/documents?kind={quote(name, safe='')}&issued=2026-01-15", pdf(100, b"n")))
        got[f"{name} as a number"] = refused(mentor.get(f"/documents/{quote(name, safe='')}/file"))
    check.equal(f"{len(traps.NAMES)} names that lead elsewhere", {n: g for n, g in got.items() if g[0] not in (400, 404)}, {})
    check.equal("of none of them anything stays", len(files(world)), n)


def refused(answer):
    """(status, the name of its refusal)."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return answer.status, None
    return answer.status, told.get("error", {}).get("code")


def disguised(world, mentor, coordinator, check):
    """A document that is something else as well is handed out as the document, whole, where no browser runs it."""
    path = f"/mentors/{mentor.id}/documents?kind=award&issued=2026-01-15"
    for name, (body, kind) in traps.DISGUISED.items():
        a = mentor.send(path, body)
        if not check.equal(f"taken: {name}", a.status, 201):
            continue
        newest = max(d["id"] for d in json.loads(a.body)["documents"])
        a = coordinator.get(f"/documents/{newest}/file")
        check(f"handed out as what it is and run by nobody: {name}", a.body == body and a.header("content-type") == kind and
              a.header("content-disposition").startswith("attachment") and a.header("x-content-type-options") == "nosniff" and
              any(k == "content-security-policy" and v.startswith("sandbox") for k, v in a.headers))


def tables(world, coordinator, check):
    """Lists are read, never unpacked to a folder, and nothing is fetched for them."""
    got, before = {}, world.rss_kb()
    for name, body in traps.tables().items():
        for kind in ("children", "oneroster"):
            got[f"{name} as {kind}"] = coordinator.send(f"/imports?kind={kind}&apply=true", body)
    harmed = {n: (a.status, a.body[:200]) for n, a in got.items()
              if a.status != 400 and not (a.status == 200 and not json.loads(a.body)["applied"] and json.loads(a.body)["faults"])}
    check.equal(f"{len(got)} lists that are none", harmed, {})
    check("of no file outside a word comes back", not any(b"root:" in a.body for a in got.values()))
    time.sleep(0.5)
    check("nothing of 500 MB is kept", world.rss_kb() - before < 64 * 1024, f"{(world.rss_kb() - before) // 1024} MB more")


def cut_short(world, mentor, check):
    n = len(files(world))
    path = f"/mentors/{mentor.id}/documents?kind=award&issued=2026-01-15"
    for _ in range(6):  # more than there is room for at once: each gives its place back
        with world.connect() as s:
            s.sendall(mentor.head("POST", path, 4 * MB) + b"%PDF-1.7" + b"x" * MB)
            time.sleep(0.1)
    time.sleep(0.3)
    a = mentor.send(path, pdf(1000, b"after the cut ones"))
    check.equal("after six that were cut short one comes through", a.status, 201)
    check.equal("and only that one lies on the disk", len(files(world)), n + 1)


def flood(world, mentor, coordinator, check):
    """Two slow files of one address are all that it has; the API goes on beside them."""
    path = f"/mentors/{mentor.id}/documents?kind=award&issued=2026-01-15"
    slow = []
    for _ in range(2):
        s = world.connect()
        s.sendall(mentor.head("POST", path, 9 * MB) + b"%PDF-1.7")
        slow.append(s)
    time.sleep(0.5)
    check.equal("a third one is asked to wait", mentor.send(path, pdf(100, b"third")).status, 429)
    took = []
    stop = threading.Event()

    def pour():
        while not stop.is_set():
            try:
                slow[0].sendall(b"x" * 65536)
            except OSError:
                return

    pouring = threading.Thread(target=pour)
    pouring.start()
    for _ in range(30):
        start = time.monotonic()
        coordinator.get("/session")
        took.append(time.monotonic() - start)
    stop.set()
    pouring.join()
    check("others are answered meanwhile", sorted(took)[27] < 0.5, f"p90 {sorted(took)[27] * 1000:.0f} ms")
    for s in slow:
        s.close()
    time.sleep(0.3)
    check.equal("then there is room again", mentor.send(path, pdf(100, b"third")).status, 201)


def kill_in_the_middle(world, mentor, check):
    """kill -9 while files come: each is there whole or not at all, and every row has its file."""
    path = f"/mentors/{mentor.id}/documents?kind=award&issued=2026-01-15"

    def pour(i):
        for k in range(50):
            try:
                mentor.send(path, pdf(2 * MB, f"kill {i} {k}".encode()))
            except (OSError, AttributeError):
                return

    threads = [threading.Thread(target=pour, args=(i,)) for i in range(2)]
    for t in threads:
        t.start()
    time.sleep(1.0)
    world.kill()
    for t in threads:
        t.join()
    world.start()
    rows = {r["name"]: r["sha256"] for r in world.records().execute("SELECT name, sha256 FROM staff_document WHERE kind = 'award'")}
    folder = pathlib.Path(str(world.folder / "parta.db") + ".files")
    whole = all(hashlib.sha256((folder / n).read_bytes()).digest() == sha for n, sha in rows.items())
    check("after kill -9 every document that is known has its file, whole", rows and whole, f"{len(rows)} documents")


def run(parta, check):
    with World(parta, {"uploads": 4, "upload_seconds": 20}) as world:
        mentor, coordinator = Person(world, world.tokens["mentor1"]), Person(world, world.tokens.get("coordinator") or world.tokens["coordinator1"])
        before = set(os.listdir(world.folder))
        whole_files(world, mentor, coordinator, check)
        refusals(world, mentor, check)
        disguised(world, mentor, coordinator, check)
        tables(world, coordinator, check)
        cut_short(world, mentor, check)
        flood(world, mentor, coordinator, check)
        check.equal("nothing but the folder of files is new", set(os.listdir(world.folder)) - before, {"parta.db.files"})
        kill_in_the_middle(world, mentor, check)
        check.equal("the server ends well", world.stop(), 0)
