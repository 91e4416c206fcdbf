# SPDX-License-Identifier: Apache-2.0
"""kill -9 in mid-lesson, again and again on the same data (RELIABILITY F1): the server serves again within
2 s, both people come back by their resume tokens, what was acknowledged is in the records, at most 5 s of
presence are uncertain, and the chains are whole. ROUNDS says how often (5); SEED repeats a run."""
import asyncio
import os
import random

from people import Crowd
from world import World, unix_ms

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SERVING_MS = 2000
UNCERTAIN_MS = 5000
SEEN_MS = 5000  # how often "last seen" is written


def serving(world):
    """Starts the server on the same data; how long until it answers /healthz."""
    start = unix_ms()
    world.start()
    status = world.get("/healthz").status
    return unix_ms() - start, status


class Lesson:
    """Two people who sit in a lesson whatever happens to the server, and what they were told."""

    def __init__(self, world, lesson, people):
        self.world, self.lesson, self.people = world, lesson, people
        self.resume = {p: None for p in people}
        self.lines = {}
        self.acknowledged = []  # (user, when the server said it joined them)
        self.written = set()  # lines of chat that were told half a second before a crash

    async def come(self, person):
        line = await person.connect()
        more = {"resume": self.resume[person]} if self.resume[person] else {}
        m = await line.join(self.lesson, **more)
        if m["type"] != "joined":
            return m
        self.resume[person], self.lines[person] = m["resume"], line
        self.acknowledged.append((person.user, m["now"]))
        return m

    async def everybody(self):
        return await asyncio.gather(*(self.come(p) for p in self.people))


def judge_records(check, lesson, kills):
    """The records after all rounds, from a backup."""
    db = lesson.world.records()
    rows = db.execute("SELECT * FROM session WHERE lesson = ? ORDER BY id", (lesson.lesson,)).fetchall()
    lost = [(u, at) for u, at in lesson.acknowledged
            if not any(r["user_id"] == u and abs(r["join_ms"] - at) <= 1000 for r in rows)]
    check("no acknowledged presence row is lost", not lost and len(rows) == len(lesson.acknowledged),
          f"{len(lesson.acknowledged)} acknowledged, {len(rows)} rows {lost}")
    crashed = [r for r in rows if r["end_reason"] == "server_restart"]
    check("each crash ended the rows of both", len(crashed) == 2 * len(kills), f"{len(crashed)} rows, {len(kills)} crashes")
    worst = max((r["uncertain_ms"] for r in crashed), default=-1)
    check("at most 5 s are uncertain in any row", 0 <= worst <= UNCERTAIN_MS, f"worst {worst} ms")
    gone = [killed - r["leave_ms"] for n, killed in enumerate(kills) for r in crashed[2 * n:2 * n + 2]]
    check("no row says more than there was, or loses more than it marks", all(-50 <= g <= SEEN_MS + 500 for g in gone),
          f"lost {min(gone)} to {max(gone)} ms")
    open_rows = db.execute("SELECT user_id, count(*) AS n FROM session WHERE leave_ms IS NULL GROUP BY 1").fetchall()
    check.equal("two open seats, none doubled", sorted(r["n"] for r in open_rows), [1, 1])
    outages = db.execute("SELECT from_ms, to_ms FROM outage WHERE kind = 'crash'").fetchall()
    missing = [k for k in kills if not any(o["from_ms"] <= k <= o["to_ms"] for o in outages)]
    check("an outage row for each crash", not missing and len(outages) >= len(kills), f"{len(outages)} rows")
    texts = {r["text"] for r in db.execute("SELECT text FROM chat_line WHERE lesson = ?", (lesson.lesson,))}
    check("what was written half a second before is there", lesson.written <= texts, f"{len(lesson.written)} lines")
    check.equal("integrity_check of the backup", db.execute("PRAGMA integrity_check").fetchone()[0], "ok")


async def rounds(world, check):
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    dice = random.Random(seed)
    print(f"     {ROUNDS} rounds, SEED={seed}", flush=True)
    kills, starts, backs = [], [], []
    async with Crowd(world, "mentor1", "child1") as people:
        lesson = Lesson(world, await people[1].next_lesson(), people)
        await lesson.everybody()
        for n in range(ROUNDS):
            # The first at once behind the acknowledgement, the others somewhere in the lesson.
            wait = 0 if n == 0 else dice.uniform(0, 1.5)
            if n:
                await lesson.lines[people[0]].say(type="chat", text=f"line of round {n}")
                await lesson.lines[people[1]].expect("chat")
            await asyncio.sleep(wait)
            if wait > 0.5:
                lesson.written.add(f"line of round {n}")
            kills.append(unix_ms())
            world.kill()
            await asyncio.gather(*(asyncio.wait_for(line.ended.wait(), 5) for line in lesson.lines.values()))
            took, status = await asyncio.to_thread(serving, world)
            starts.append(took)
            begun = unix_ms()
            told = await lesson.everybody()
            backs.append(unix_ms() - begun)
            ok = status == 200 and all(m["type"] == "joined" and len(m["members"]) <= 2 for m in told)
            check(f"round {n + 1}: serves again, both are back by their tokens", ok and took <= SERVING_MS,
                  f"serving after {took} ms, back {backs[-1]} ms later")
            check.equal(f"round {n + 1}: verify", await asyncio.to_thread(world.verify), ("clean", 0))
        judge_records(check, lesson, kills)
    check("worst figures", True, f"serving {max(starts)} ms, rejoin {max(backs)} ms")


def run(parta, check):
    with World(parta) as world:
        asyncio.run(rounds(world, check))
        check.equal("ends with 0", world.stop(), 0)
