# SPDX-License-Identifier: Apache-2.0
"""Ten years of a centre: 2000 children, 400 mentors, two million lessons with their presence rows, served by the real
server. What a page waits for (a child's log, the day's timetable, the board, a free time), the month's reports of the
whole centre, and whether joins go on meanwhile.

    python3 tests/bench/store/ten_years.py build/release/parta [--years 10] [--children 2000]

Prints the floor of this machine (GET /healthz over the same line) beside each figure. Not a test: no verdict."""
import argparse
import asyncio
import http.client
import json
import random
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "server"))
from people import Person as Peer  # noqa: E402
from world import World, forget, unix_ms  # noqa: E402

HOUR = 3_600_000
DAY = 24 * HOUR
SLOTS = 3  # lessons of a mentor in a day
LESSON = 40 * 60_000
INDEXES = ("lesson", "lesson_child", "session", "attendance", "attendance_child", "confirmation")


def aside(db, kind, tables):
    """Takes the indexes or triggers of the tables away; answers with what puts them back."""
    rows = db.execute(f"SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL AND tbl_name IN "
                      f"({','.join('?' * len(tables))})", (kind, *tables)).fetchall()
    for name, _ in rows:
        db.execute(f"DROP {kind} {name}")
    return [sql for _, sql in rows]


def people(db, children, mentors, schools):
    """Numbers of the demo's own rows are left alone: these begin at 100 000."""
    centre = db.execute("SELECT id FROM org WHERE type = 'centre'").fetchone()[0]
    for i in range(schools):
        db.execute("INSERT INTO org (id, code, name, type, parent, tz, created_ms) VALUES (?, ?, ?, 'school', ?, 'Europe/Moscow', 1)",
                   (100_000 + i, f"bench{i}", f"School {i}", centre))
    for first, n, role in ((100_000, children, "child"), (200_000, mentors, "mentor")):
        db.executemany("INSERT INTO \"user\" (id, login, name, short_name, tz, created_ms) VALUES (?, ?, ?, ?, 'Europe/Moscow', 1)",
                       [(first + i, f"bench{role}{i}", f"Person {i}", f"P{i}") for i in range(n)])
        db.executemany("INSERT INTO role_grant (user_id, role, org, from_ms, created_ms) VALUES (?, ?, ?, 1, 1)",
                       [(first + i, role, centre) for i in range(n)])
    db.executemany("INSERT INTO child (id, user_id, centre, org_school, register_no, grade, created_ms) VALUES (?, ?, ?, ?, ?, 5, 1)",
                   [(100_000 + i, 100_000 + i, centre, 100_000 + i % schools, f"B{i}") for i in range(children)])
    db.executemany("INSERT INTO mentor (id, user_id, centre, created_ms) VALUES (?, ?, ?, 1)",
                   [(200_000 + i, 200_000 + i, centre) for i in range(mentors)])
    # A child has five mentors, one for each subject; a mentor sees 25 children.
    subjects = [r[0] for r in db.execute("SELECT id FROM subject ORDER BY id LIMIT 5")]
    db.executemany("INSERT INTO assignment (child, mentor, subject, role, from_ms, created_ms) VALUES (?, ?, ?, ?, 1, 1)",
                   [(100_000 + i, 200_000 + (i + k * 7) % mentors, s, "lead" if k == 0 else "subject")
                    for i in range(children) for k, s in enumerate(subjects)])
    return centre, len(subjects)


def school_days(today_ms, years):
    """How many days ago each school day of these years was: Monday to Friday from September to May, oldest first."""
    ago = range(int(years * 365.25), 0, -1)
    day = {d: date.fromtimestamp(today_ms / 1000) - timedelta(days=d) for d in ago}
    return [d for d in ago if day[d].weekday() < 5 and day[d].month not in (6, 7, 8)]


def fill(db, children, mentors, years, today_ms):
    """A school day: each mentor teaches SLOTS lessons; the child of a slot is fixed by day, mentor and slot."""
    schools = 60
    centre, subjects = people(db, children, mentors, schools)
    version = db.execute("SELECT id FROM schedule_version WHERE org = ? AND state = 'published'", (centre,)).fetchone()[0]
    days = school_days(today_ms, years)
    kept = aside(db, "trigger", INDEXES), aside(db, "index", INDEXES)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA cache_size = -400000")
    db.execute("BEGIN")
    db.execute("CREATE TEMP TABLE spec (id INTEGER PRIMARY KEY, mentor INT, child INT, subject INT, start_ms INT)")
    subject_ids = [r[0] for r in db.execute("SELECT id FROM subject ORDER BY id LIMIT 5")]
    first = 1_000_000

    def specs():
        n = first
        for i, d in enumerate(days):
            day = today_ms - d * DAY + 6 * HOUR
            for m in range(mentors):
                for s in range(SLOTS):
                    k = (i * SLOTS + s) % 25  # which of the mentor's 25 children
                    subject = k % subjects
                    child = (m - subject * 7 + (k // subjects) * mentors) % children
                    yield n, 200_000 + m, 100_000 + child, subject_ids[subject], day + s * HOUR
                    n += 1

    db.executemany("INSERT INTO spec VALUES (?, ?, ?, ?, ?)", specs())
    n = db.execute("SELECT count(*) FROM spec").fetchone()[0]
    done = "(start_ms < %d)" % (today_ms - 40 * DAY)
    for sql in (
        f"INSERT INTO lesson (id, version, org, subject, mentor, planned_mentor, start_ms, end_ms, tz, state, state_ms, created_ms) "
        f"SELECT id, {version}, {centre}, subject, mentor, mentor, start_ms, start_ms + {LESSON}, 'Europe/Moscow', "
        f"CASE WHEN {done} THEN 'locked' ELSE 'computed' END, start_ms + {LESSON}, 1 FROM spec",
        "INSERT INTO lesson_child (lesson, child, school, start_ms) SELECT s.id, s.child, c.org_school, s.start_ms FROM spec s JOIN child c ON c.id = s.child",
        f"INSERT INTO session (id, lesson, user_id, role, conn_id, resume_hash, join_ms, leave_ms, last_seen_ms, end_reason) "
        f"SELECT 2 * id, id, mentor, 'mentor', 'b' || (2 * id), zeroblob(32), start_ms - 60000, start_ms + {LESSON}, start_ms + {LESSON}, 'left' FROM spec",
        f"INSERT INTO session (id, lesson, user_id, role, conn_id, resume_hash, join_ms, leave_ms, last_seen_ms, end_reason) "
        f"SELECT 2 * id + 1, id, child, 'child', 'b' || (2 * id + 1), zeroblob(32), start_ms + 5000, start_ms + {LESSON}, start_ms + {LESSON}, 'left' FROM spec",
        f"INSERT INTO attendance SELECT id, id, 1, 1, start_ms + {LESSON} + 60000, 'held', {LESSON} - 5000, 998, 4, 0, {LESSON}, start_ms - 60000, "
        f"start_ms + {LESSON}, 0, 0, 0, 0, 0, 0 FROM spec",
        f"INSERT INTO attendance_child SELECT id, id, child, 'held', 'P', {LESSON} - 5000, start_ms + 5000, start_ms + {LESSON}, 998, {LESSON} - 5000, "
        f"start_ms + 5000, start_ms + {LESSON}, 5000, 0, 0, 0, 0, 0, 0, 0 FROM spec",
        f"INSERT INTO confirmation (lesson, child, guardian, result, at_ms) SELECT id, child, child, 'confirmed', start_ms + {LESSON} + {DAY} FROM spec WHERE {done}",
    ):
        db.execute(sql)
    db.execute("DROP TABLE spec")
    for sqls in reversed(kept):
        for sql in sqls:
            db.execute(sql)
    db.execute("COMMIT")
    db.execute("ANALYZE")
    return n


def one_ahead(db, today_ms):
    """A lesson of the demo's own people, on the next school day at noon, for which a second one is then asked."""
    start = today_ms + 9 * HOUR + next(d for d in range(1, 8) if (date.fromtimestamp(today_ms / 1000) + timedelta(days=d)).weekday() < 5) * DAY
    like = db.execute("SELECT l.id FROM lesson l JOIN lesson_child c ON c.lesson = l.id WHERE l.id < 1000000 AND l.state = 'scheduled' "
                      "GROUP BY l.id HAVING count(*) = 1 ORDER BY l.start_ms DESC LIMIT 1").fetchone()[0]
    db.execute("INSERT INTO lesson (id, version, org, subject, mentor, planned_mentor, start_ms, end_ms, tz, state, state_ms, created_ms) "
               "SELECT 900000, version, org, subject, mentor, planned_mentor, ?, ?, tz, 'scheduled', 1, 1 FROM lesson WHERE id = ?",
               (start, start + LESSON, like))
    db.execute("INSERT INTO lesson_child (lesson, child, school) SELECT 900000, child, school FROM lesson_child WHERE lesson = ?", (like,))


class Line:
    """One kept TLS connection, as a browser has it."""

    def __init__(self, world, cookie):
        self.http = http.client.HTTPSConnection("localhost", world.port, context=ssl.create_default_context(cafile=world.folder / "certs" / "ca.crt"))
        self.head = {"Cookie": f"__Host-s={cookie}", "Origin": world.origin, "Content-Type": "application/json"}

    def ask(self, method, path, body=None):
        begun = time.perf_counter()
        self.http.request(method, path, json.dumps(body) if body is not None else None, self.head)
        r = self.http.getresponse()
        text = r.read()
        return (time.perf_counter() - begun) * 1000, r.status, text


def share(values, p):
    return sorted(values)[min(len(values) - 1, int(len(values) * p))]


def tell(what, values, floor, wrong=0):
    print(f"{what:44} n {len(values):4}  p50 {share(values, .5):7.2f}  p95 {share(values, .95):7.2f}  p99 {share(values, .99):7.2f} ms"
          f"  = {share(values, .5) / floor:5.1f} x the floor{f'  {wrong} ANSWERED OTHERWISE' if wrong else ''}", flush=True)


def measure(line, what, asks, floor, want=200):
    values, wrong = [], 0
    for method, path, body in asks:
        ms, status, _ = line.ask(method, path, body)
        values.append(ms)
        wrong += status != want
    tell(what, values, floor, wrong)


async def join_for(world, seconds, values):
    """The demo's running lesson: its child comes and goes, ten times a second, which is more than the 800 people of a full hour
    who come within two minutes; each `joined` has its row in the register."""
    child = await Peer(world, "child1").sign_in()
    _, day, _ = await child.api("GET", "/me/day")
    lesson = next(l["id"] for l in day["lessons"] if l["state"] in ("open", "running", "interrupted", "scheduled"))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        line = await child.connect()
        begun = time.perf_counter()
        told = await line.join(lesson)
        assert told["type"] == "joined", told
        values.append((time.perf_counter() - begun) * 1000)
        await line.say(type="leave", reason="left")
        await line.expect("closed")
        await line.close()
        await asyncio.sleep(max(0, begun + 0.1 - time.perf_counter()))
    await child.http.close()


def joins(world, seconds, values):
    asyncio.run(join_for(world, seconds, values))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("parta")
    p.add_argument("--years", type=int, default=10)
    p.add_argument("--children", type=int, default=2000)
    p.add_argument("--mentors", type=int, default=400)
    a = p.parse_args()
    now = unix_ms()
    today = now // DAY * DAY
    rng = random.Random(7)
    told = {}

    def edit(db):
        begun = time.monotonic()
        told["lessons"] = fill(db, a.children, a.mentors, a.years, today)
        one_ahead(db, today)
        told["filled"] = time.monotonic() - begun

    with World(a.parta, {"requests_per_second": 10000}, edit=edit) as world:
        size = (world.folder / "parta.db").stat().st_size / 1e9
        print(f"{told['lessons']} lessons of {a.children} children, {size:.2f} GB, filled in {told['filled']:.0f} s")
        coordinator = asyncio.run(cookie_of(world))
        line = Line(world, coordinator)
        floor_values = [line.ask("GET", "/healthz")[0] for _ in range(300)]
        floor = share(floor_values, .5)
        tell("floor: GET /healthz", floor_values, floor)

        # Of the ten years those that a page can be asked for: records begin in 2023.
        days = [d for d in school_days(today, a.years) if (date.fromtimestamp(today / 1000) - timedelta(days=d)).year >= 2023]

        def random_day():
            return date.fromtimestamp(today / 1000) - timedelta(days=rng.choice(days))

        log = [("GET", f"/api/v1/children/{100_000 + rng.randrange(a.children)}/log?month={random_day():%Y-%m}", None) for _ in range(300)]
        measure(line, "a child's log of a month", log, floor)
        measure(line, "a day of the timetable", [("GET", f"/api/v1/timetable?date={random_day()}", None) for _ in range(100)], floor)
        measure(line, "the live board", [("GET", "/api/v1/board", None)] * 100, floor)
        busy = asyncio.run(taken(world))
        _, status, text = line.ask("POST", "/api/v1/lessons", busy)
        print(f"a lesson where there is one is refused: {status}, {len(json.loads(text).get('error', {}).get('free_slots', []))} free times")
        measure(line, "its refusal with free times", [("POST", "/api/v1/lessons", busy)] * 200, floor, 409)
        quiet, loaded = [], []
        joins(world, 10, quiet)
        tell("join, nothing else", quiet, floor)
        month = (date.fromtimestamp(now / 1000).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        beside = threading.Thread(target=joins, args=(world, 60, loaded))
        beside.start()
        begun = time.monotonic()
        (world.folder / "reports").mkdir()
        out = subprocess.run([a.parta, "report", world.settings, month, "--out", world.folder / "reports"], capture_output=True, text=True)
        took = time.monotonic() - begun
        files = len(list((world.folder / "reports").glob("*"))) if (world.folder / "reports").exists() else 0
        print(f"month reports of the whole centre, {month}: {files} PDF files in {took:.1f} s, exit {out.returncode} {out.stderr[:200]}")
        beside.join()
        tell("join, the month's reports beside it", loaded, floor)
    forget()


async def taken(world):
    """A lesson of the demo's coming days, asked for once more."""
    who = await Peer(world, "coordinator").sign_in()
    for ahead in range(1, 8):
        day = date.fromtimestamp(unix_ms() / 1000) + timedelta(days=ahead)
        _, table, _ = await who.api("GET", f"/timetable?date={day}")
        for row in table["rows"]:
            for x in row["lessons"]:
                await who.http.close()
                at = datetime.fromtimestamp(x["start"] / 1000, ZoneInfo(x["tz"]))
                return {"subject": x["subject"], "mentor": x["mentor"]["id"], "children": [c["id"] for c in x["children"]],
                        "date": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}", "minutes": 40}
    raise SystemExit("the demo has no lesson in the coming week")


async def cookie_of(world):
    who = await Peer(world, "coordinator").sign_in()
    cookie = next(c.value for c in who.http.cookie_jar if c.key == "__Host-s")
    await who.http.close()
    return cookie


if __name__ == "__main__":
    main()
