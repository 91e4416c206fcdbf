# SPDX-License-Identifier: Apache-2.0
"""Publishing a draft of some hundred lessons on a real server: kill -9 at several moments of its time leaves the whole
draft published or nothing of it, one version of the schedule stands, and the same request, sent again with its
Idempotency-Key, has the same answer and the same schedule behind it."""
import hashlib
import json
import time

from uploads import Person
from world import World

WEEK_MS = 7 * 24 * 3600 * 1000
WEEKS = 8
KEY = "publish-1"
MINUTES_MS = 30 * 60 * 1000  # no longer than a first grade may sit
# What lessons of the last weeks were, some weeks on, thinned to what programmes and orders allow: planned, in a draft of
# the same centre. Only a child's own lessons.
PLAN = """INSERT INTO lesson (version, org, kind, subject, mentor, planned_mentor, start_ms, end_ms, tz, state, state_ms,
    created_ms)
    SELECT ?1, org, 'lesson', subject, mentor, mentor, start_ms + ?2, start_ms + ?2 + ?4, tz, 'planned', state_ms, id FROM
    (SELECT *, row_number() OVER (PARTITION BY mentor, week ORDER BY start_ms) AS of_mentor FROM
    (SELECT l.*, l.start_ms / 604800000 AS week,
    row_number() OVER (PARTITION BY c.child, l.subject, l.start_ms / 604800000 ORDER BY l.start_ms) AS of_child
    FROM lesson l JOIN lesson_child c ON c.lesson = l.id WHERE l.kind = 'lesson' AND l.state <> 'rescheduled'
    AND l.start_ms >= ?3 - ?2 AND l.start_ms < ?3) WHERE of_child <= 1) WHERE of_mentor <= 9"""
SEATS = """INSERT INTO lesson_child (lesson, child, school) SELECT l.id, c.child, k.org_school FROM lesson l
    JOIN lesson_child c ON c.lesson = l.created_ms JOIN child k ON k.id = c.child WHERE l.version = ?1"""


def draft(db):
    """created_ms of a planned lesson names the one it was made of until its children are there."""
    now = int(time.time() * 1000) // WEEK_MS * WEEK_MS
    org = db.execute("SELECT org FROM schedule_version WHERE state = 'published'").fetchone()[0]
    version = db.execute("INSERT INTO schedule_version (org, no, state, created_ms) SELECT ?, max(no) + 1, 'draft', ? "
                         "FROM schedule_version RETURNING id", (org, now)).fetchone()[0]
    db.execute("BEGIN")
    db.execute(PLAN, (version, WEEKS * WEEK_MS, now + WEEK_MS, MINUTES_MS))
    db.execute(SEATS, (version,))
    db.execute("UPDATE lesson SET created_ms = ? WHERE version = ?", (now, version))
    db.execute("COMMIT")


def call(person, method, path, body=None, **lines):
    data = b"" if body is None else json.dumps(body).encode()
    head = person.head(method, path, len(data), kind="application/json")[:-2].decode()
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return person.world.ask(f"{head}{more}\r\n".encode() + data, timeout=60)


def validated(coordinator, version, check):
    """What does not fit in these weeks (a holiday, a paper that ends) leaves the draft."""
    for _ in range(20):
        told = json.loads(call(coordinator, "POST", f"/schedule-versions/{version}/validate", {}).body)
        if told["hard"] == 0:
            return told["lessons"]
        for lesson in {c["this"]["id"] for c in told["conflicts"] if c["this"]}:
            call(coordinator, "DELETE", f"/planned-lessons/{lesson}", If_Match='"v1"')
    check("the draft can be published", False, told["hard"])
    return 0


def schedule(world):
    """Versions by state, lessons of the newest by state, and a digest of all that a lesson is."""
    db = world.records()
    versions = {r["state"]: r["n"]
                for r in db.execute("SELECT state, count(*) AS n FROM schedule_version GROUP BY state")}
    newest = db.execute("SELECT id, state FROM schedule_version ORDER BY id DESC LIMIT 1").fetchone()
    rows = [tuple(r) for r in db.execute(
        "SELECT l.start_ms, l.mentor, l.subject, c.child, l.state FROM lesson l JOIN lesson_child c ON c.lesson = l.id "
        "WHERE l.version = ? ORDER BY 1, 2, 3, 4", (newest["id"],))]
    seats = hashlib.sha256(repr([r[:4] for r in rows]).encode()).hexdigest()
    return newest["id"], newest["state"], versions, {r[4] for r in rows}, seats, len(rows)


def publish_head(coordinator, version):
    body = b'{"reason":"a test"}'
    head = coordinator.head("POST", f"/schedule-versions/{version}/publish", len(body), kind="application/json")
    return head[:-2] + f"Idempotency-Key: {KEY}\r\n\r\n".encode() + body


def die(world, request, part, whole):
    """Sends; kills at that part of the time it takes. Part None: reads the answer. Returns how long it took."""
    start = time.monotonic()
    with world.connect(60) as s:
        s.sendall(request)
        if part is None:
            s.recv(4096)
        else:
            time.sleep(part * whole)
        took = time.monotonic() - start
        world.kill()
    return took


def one(parta, part, whole, check):
    """(state it was left in, digest at the end, time)."""
    with World(parta, edit=draft) as world:
        coordinator = Person(world, world.tokens["coordinator"])
        version = schedule(world)[0]
        lessons = validated(coordinator, version, check)
        check(f"a draft of some hundred lessons, {part}", lessons >= 200, lessons)
        request = publish_head(coordinator, version)
        took = die(world, request, part, whole)
        world.start()
        _, state, versions, states, _, n = schedule(world)
        whole_one = (state, states) in (("published", {"scheduled"}), ("validated", {"planned"}))
        check(f"all of the draft or nothing of it, {part}", whole_one and n >= lessons, (state, states))
        check.equal(f"one version of the schedule stands, {part}", versions.get("published"), 1)
        check.equal(f"the registers behind it hold together, {part}", world.verify()[1], 0)
        again = world.ask(request, timeout=60)
        told = json.loads(again.body)
        check.equal(f"the same request again, {part}", (again.status, told["version"]["state"], told["lessons"]),
                    (200, "published", lessons))
        _, after, _, states, digest, _ = schedule(world)
        check.equal(f"and what it leaves, {part}", (after, states), ("published", {"scheduled"}))
        return state, digest, took


def run(parta, check):
    left, whole = [], 0
    for part in (None, 0.0, 0.3, 0.6, 0.8, 0.95):
        state, digest, took = one(parta, part, whole, check)
        whole = whole or took
        left.append((state, digest))
    states = [state for state, _ in left]
    check("what was answered is there, what was not begun is not", states[:2] == ["published", "validated"], states)
    check.equal("the same schedule whenever it died", len({d for _, d in left}), 1)
