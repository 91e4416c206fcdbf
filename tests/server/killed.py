# SPDX-License-Identifier: Apache-2.0
"""kill -9 in the middle of what runs behind an answer, on a real server: while a report is accepted and delivered, while the
archive of a month is put together, while retention empties. After the restart there is all of it or nothing, and what is
not done goes on by itself or can be asked for again, with the same result; a school has a report once, with the bytes of
its digest. Nothing here depends on where the kill falls; it falls at several parts of the time that the whole takes."""
import hashlib
import io
import json
import sqlite3
import time
import zipfile

import rights
from publishing import call
from uploads import Person
from world import World, unix_ms

PARTS = (None, 0.0, 0.5, 0.9)
WRITTEN = "written"  # as soon as the row stands in the database: whoever asked has read no answer
YEAR_MS = 365 * 24 * 3600 * 1000
OLD_LESSONS = 200


def until(what, seconds=60):
    """The first true answer of what(), or the last one."""
    end = time.monotonic() + seconds
    answer = what()
    while not answer and time.monotonic() < end:
        time.sleep(0.05)
        answer = what()
    return answer


def told(answer):
    return json.loads(answer.body)


# ---- a delivery --------------------------------------------------------------------------------------------------

def delivered_report(db, ids):
    row = db.execute("SELECT m.user_id, c.user_id, r.school, r.month FROM delivery d JOIN month_report r ON r.id = d.doc_id "
                     "JOIN mentor m ON m.id = r.mentor JOIN child c ON c.id = r.child JOIN \"user\" u ON u.id = m.user_id "
                     "WHERE d.doc = 'report' AND u.login = 'anna' AND d.to_org = 2").fetchone()
    ids["report"] = "-".join(str(v) for v in row)


def submitted_again(coordinator, mentor, report):
    """The next version of it, up to the centre's desk. Returns the ETag to accept it with."""
    path = f"/reports/{report}"
    call(coordinator, "POST", f"{path}/correct", {"note": "a test"}, If_Match=coordinator.get(path).header("etag"))
    call(mentor, "POST", f"{path}/submit", If_Match=mentor.get(path).header("etag"))
    return coordinator.get(path).header("etag")


def deliveries(world, report):
    """(state of the newest version, deliveries of it that were sent, does the digest fit the frozen bytes)."""
    mentor, child, _, month = report.split("-", 3)
    db = world.records()
    row = db.execute("SELECT r.id, r.state, r.version FROM month_report r JOIN mentor m ON m.id = r.mentor JOIN child c ON "
                     "c.id = r.child WHERE m.user_id = ? AND c.user_id = ? AND r.month = ? ORDER BY r.version DESC",
                     (mentor, child, month)).fetchone()
    sent = db.execute("SELECT sha256, sent_ms FROM delivery WHERE doc = 'report' AND doc_id = ?", (row["id"],)).fetchall()
    body = db.execute("SELECT sha256, bytes FROM frozen_body WHERE doc = 'report' AND doc_id = ? AND format = 'pdf'",
                      (row["id"],)).fetchone()
    fits = body and all(bytes(s["sha256"]) == hashlib.sha256(body["bytes"]).digest() for s in sent)
    return row["state"], row["version"], sum(s["sent_ms"] is not None for s in sent), len(sent), bool(fits)


def accepted(db):
    return db.execute("SELECT count(*) FROM month_report WHERE state = 'accepted'").fetchone()[0]


def one_delivery(parta, part, whole, check):
    ids = {}
    with World(parta, edit=lambda db: delivered_report(db, ids)) as world:
        coordinator, mentor = (Person(world, world.tokens[w]) for w in ("coordinator", "mentor1"))
        report = ids["report"]
        when = "once answered" if part is None else "once written" if part == WRITTEN else f"at {part}"
        tag = submitted_again(coordinator, mentor, report)
        head = coordinator.head("POST", f"/reports/{report}/accept", 0, kind="application/json")[:-2]
        live = sqlite3.connect(f"file:{world.folder / 'parta.db'}?mode=ro", uri=True)
        before, start = accepted(live), time.monotonic()
        with world.connect(60) as s:
            s.sendall(head + f"If-Match: {tag}\r\n\r\n".encode())
            if part is None:
                s.recv(4096)
            elif part == WRITTEN:
                while time.monotonic() - start < 10 and accepted(live) == before:
                    pass
            else:
                time.sleep(part * whole)
            took = time.monotonic() - start
            world.kill()
        live.close()
        world.start()
        state, version, _, queued, fits = deliveries(world, report)
        check(f"accepted with its bytes and its copy, or neither, killed {when}", version == 2 and
              (state, queued, fits) in (("accepted", 1, True), ("submitted", 0, False)), (state, version, queued, fits))
        if part in (None, WRITTEN):
            check.equal(f"what stands there stays, killed {when}", state, "accepted")
        if part == WRITTEN:
            a = call(coordinator, "POST", f"/reports/{report}/accept", If_Match=tag)
            check(f"asked again, it is not done twice, killed {when}", a.status in (409, 412), a.status)
        if state == "submitted":
            a = call(coordinator, "POST", f"/reports/{report}/accept", If_Match=coordinator.get(f"/reports/{report}").header("etag"))
            check.equal(f"it can be accepted again, killed {when}", a.status, 200)
        until(lambda: deliveries(world, report)[2], 90)
        check.equal(f"delivered exactly once, with its digest, killed {when}", deliveries(world, report),
                    ("accepted", 2, 1, 1, True))
        officer = Person(world, world.tokens["school_officer"])
        items = told(officer.get(f"/reports?month={report[-7:]}&limit=100"))["items"]
        check.equal(f"once in the school's list, killed {when}", [i["id"] for i in items].count(report), 1)
        call(officer, "POST", f"/reports/{report}/open")
        frozen = world.records().execute("SELECT b.sha256 FROM frozen_body b JOIN delivery d ON d.doc_id = b.doc_id AND d.doc = "
                                         "'report' WHERE b.doc = 'report' AND b.format = 'pdf' ORDER BY d.id DESC LIMIT 1").fetchone()[0]
        check.equal(f"and the school reads these bytes, killed {when}",
                    hashlib.sha256(officer.get(f"/reports/{report}.pdf").body).hexdigest(), bytes(frozen).hex())
        check.equal(f"the registers hold together, killed {when}", world.verify()[1], 0)
        return took


# ---- the archive of a month ---------------------------------------------------------------------------------------

def reported_month(db, ids):
    ids["month"] = db.execute("SELECT month FROM month_report WHERE state = 'accepted' LIMIT 1").fetchone()[0]


def archive(coordinator, month):
    return told(call(coordinator, "POST", "/report-archives", {"month": month}))["id"]


def ended(coordinator, number):
    a = told(coordinator.get(f"/report-archives/{number}"))
    return a if a["state"] in ("done", "failed", "stopped") else None


def frozen_within(coordinator, number):
    """Names and digests of the accepted reports in the zip; drafts and the summary bear the hour at which they are drawn."""
    zipped = zipfile.ZipFile(io.BytesIO(coordinator.get(f"/report-archives/{number}/file").body))
    return {n: hashlib.sha256(zipped.read(n)).hexdigest() for n in zipped.namelist() if n.startswith("accepted/")}


def one_archive(parta, part, whole, check):
    ids = {}
    with World(parta, edit=lambda db: reported_month(db, ids)) as world:
        coordinator = Person(world, world.tokens["coordinator"])
        when = f"at {part}" if part is not None else "once done"
        start = time.monotonic()
        first = archive(coordinator, ids["month"])
        if part is None:
            until(lambda: ended(coordinator, first))
        else:
            time.sleep(part * whole)
        took = time.monotonic() - start
        world.kill()
        world.start()
        a = until(lambda: ended(coordinator, first))
        check(f"the archive is whole, or has failed by the restart, killed {when}", a and (a["state"], a["cause"]) in
              (("done", "none"), ("failed", "restart")), a and (a["state"], a["cause"]))
        second = archive(coordinator, ids["month"])
        b = until(lambda: ended(coordinator, second))
        if not check.equal(f"it can be asked for again, killed {when}", b and b["state"], "done"):
            return took, {}
        content = frozen_within(coordinator, second)
        if a and a["state"] == "done":
            check(f"the first one is the same, killed {when}", frozen_within(coordinator, first) == content, len(content))
        return took, content


# ---- retention -----------------------------------------------------------------------------------------------------

def old_lessons(db):
    """The second mentor is an administrator instead, as in rights.py; and lessons of three years ago with their presence."""
    rights.edit(db)
    version = db.execute("SELECT id FROM schedule_version WHERE state = 'published'").fetchone()[0]
    start = unix_ms() - 3 * YEAR_MS
    for i in range(OLD_LESSONS):
        at = start + i * 3600000
        lesson = db.execute("INSERT INTO lesson (version, org, subject, mentor, planned_mentor, start_ms, end_ms, tz, state, "
                            "state_ms, created_ms) VALUES (?, 1, 1, 1, 1, ?, ?, 'Europe/Moscow', 'locked', ?, ?) RETURNING id",
                            (version, at, at + 1800000, at, at)).fetchone()[0]
        db.execute("INSERT INTO room_event (lesson, at_ms, event) VALUES (?, ?, 'opened')", (lesson, at))


def left_of(world):
    """(run's state, items by state, old presence rows that are left)."""
    db = world.records()
    items = dict(db.execute("SELECT state, count(*) FROM retention_item WHERE kind = 'presence' GROUP BY state").fetchall())
    rows = db.execute("SELECT count(*) FROM room_event WHERE at_ms < ?", (unix_ms() - 2 * YEAR_MS,)).fetchone()[0]
    return db.execute("SELECT state FROM retention_run ORDER BY id DESC").fetchone()[0], items, rows


def one_retention(parta, part, whole, check):
    with World(parta, edit=old_lessons) as world:
        coordinator, admin = (Person(world, world.tokens[w]) for w in ("coordinator", "mentor2"))
        when = f"at {part}" if part is not None else "once done"
        run = told(call(admin, "POST", "/retention/runs"))["id"]
        path = f"/retention/runs/{run}"
        until(lambda: told(coordinator.get(path))["state"] == "listed")
        call(coordinator, "POST", f"{path}/confirm", If_Match=coordinator.get(path).header("etag"))
        start = time.monotonic()
        if part is None:
            until(lambda: told(coordinator.get(path))["state"] == "done")
        else:
            time.sleep(part * whole)
        took = time.monotonic() - start
        world.kill()
        world.start()
        until(lambda: told(coordinator.get(path))["state"] == "done")
        state, items, rows = left_of(world)
        check.equal(f"it has gone on to its end by itself, killed {when}", (state, items, rows),
                    ("done", {"done": OLD_LESSONS}, 0))
        check.equal(f"the registers hold together, killed {when}", world.verify()[1], 0)
        return took


def run(parta, check):
    for one in (one_delivery, one_retention):
        whole = 0
        for part in PARTS + ((WRITTEN,) if one is one_delivery else ()):
            took = one(parta, part, whole, check)
            whole = whole or took
    whole, contents = 0, []
    for part in PARTS:
        took, content = one_archive(parta, part, whole, check)
        whole = whole or took
        contents.append(sorted(content.values()))
    check("the archives hold the same accepted reports whenever it died", contents[0] and
          all(c == contents[0] for c in contents), [len(c) for c in contents])
