# SPDX-License-Identifier: Apache-2.0
"""A seminar of fourteen adults on the real server: put on the timetable through the API, entered by whoever
is invited and by nobody else. Nobody is heard without the word, whatever its client sends; three voices at
most come through; hands are called in order; who loses the invitation is put out."""
import asyncio
import datetime
import zoneinfo

from people import Crowd
from wsmedia import Encoder, VOICE, frames, take_part_ws
from world import World

GUESTS = [f"guest{i}" for i in range(1, 14)]
SPEAKERS = 2
LOUD = 20


class Hall:
    """Adds adults of the demo centre to the records: a host who teaches nobody now, guests, one more."""

    def edit(self, db):
        org, = db.execute("SELECT org FROM role_grant WHERE role = 'coordinator'").fetchone()
        self.tz, = db.execute("SELECT tz FROM org WHERE id = ?", (org,)).fetchone()
        self.users = {}
        for login in ["host", *GUESTS, "outsider"]:
            user = db.execute('INSERT INTO "user" (login, name, short_name, animal, tz, created_ms) VALUES (?, ?, ?, ?, ?, 1)',
                              (login, f"Name of {login}", login, "owl", self.tz)).lastrowid
            db.execute("INSERT INTO role_grant (user_id, role, org, from_ms, created_ms) VALUES (?, 'mentor', ?, 1, 1)", (user, org))
            db.execute("INSERT INTO mentor (user_id, centre, created_ms) VALUES (?, ?, 1)", (user, org))
            self.users[login] = user
        self.child, = db.execute('SELECT user_id FROM child LIMIT 1').fetchone()

    def body(self, **more):
        # The window opens ten minutes before the start.
        at = datetime.datetime.now(zoneinfo.ZoneInfo(self.tz)) + datetime.timedelta(minutes=2)
        guests = [self.users[g] for g in GUESTS]
        return {"kind": "seminar", "title": "Reading aloud", "subject": "reading", "host": self.users["host"],
                "speakers": guests[:SPEAKERS], "listeners": guests[SPEAKERS:], "date": at.strftime("%Y-%m-%d"),
                "time": at.strftime("%H:%M"), "minutes": 60, **more}


def voices(line, since):
    """Slots through which something came."""
    return {slot for _, _, slot, _, _ in frames(line, VOICE, since)}


class Talker(Encoder):
    """A voice whose loudness can be changed."""

    level = LOUD

    async def voice(self):
        await self.frame(VOICE, b"\x78" + bytes(60), level=self.level)


async def at_the_door(check, world, hall, coordinator, child, outsider):
    status, answer, _ = await coordinator.api("POST", "/gatherings", hall.body(listeners=[hall.child]))
    check("no child can be invited", status == 400 and answer["error"]["field"] == "listeners", answer)
    status, made, _ = await coordinator.api("POST", "/gatherings", hall.body())
    check("a seminar is put on the timetable", status == 201 and len(made["guests"]) == len(GUESTS), status)
    for who, person in (("a child", child), ("an adult who is not invited", outsider)):
        line = await person.connect()
        m = await line.join(made["id"])
        check(f"{who} is refused by name", m["type"] == "refused" and m["code"] == "not_yours", m)
        await line.close()
    return made["id"]


async def listener_is_silent(check, host, listener):
    talker = Talker(listener)
    await listener.say(type="state", mic=True, camera=True, screen=False)
    refused = await listener.expect("error", re="state")
    check("a listener who says it sends is refused by name", refused["code"] == "no_word", refused)
    since = len(host.frames)
    talker.begin(camera=False)
    await asyncio.sleep(1)
    check("and what it sends all the same reaches nobody", not voices(host, since) and talker.sent[VOICE] > 30, talker.sent)
    await host.say(type="word", member=listener.joined["you"], give=True)
    while True:
        floor = await listener.expect("floor")
        if listener.joined["you"] in floor["word"]:
            break
    await asyncio.sleep(0.3)
    check("the word alone switches nothing on", not voices(host, since))
    await listener.say(type="state", mic=True, camera=False, screen=False)
    await asyncio.sleep(1)
    check("with the word and its own switch it is heard", len(voices(host, since)) == 1)
    await host.say(type="word", member=listener.joined["you"], give=False)
    await listener.expect("quieted")
    await asyncio.sleep(0.3)
    since = len(host.frames)
    await asyncio.sleep(0.7)
    check("and no more once the word is taken", not voices(host, since))
    await listener.say(type="word", member=listener.joined["you"], give=True)
    refused = await listener.expect("error", re="word")
    check("nobody but the host gives the word", refused["code"] == "not_allowed", refused)
    await talker.end()


async def hands_in_order(check, host, lines):
    for line in lines:
        await line.say(type="hand", up=True)
        await asyncio.sleep(0.05)
    wanted = [line.joined["you"] for line in lines[1:]] + [lines[0].joined["you"]]  # the first was heard before
    floor = {}
    for _ in range(10):
        floor = await host.expect("floor")
        if len(floor["hands"]) == len(lines):
            break
    check.equal("hands are called in order, who was heard comes last", [h["member"] for h in floor["hands"]], wanted)
    await host.say(type="lower", member=0)
    for _ in range(10):
        if not (await host.expect("floor"))["hands"]:
            break
    else:
        check("all hands are down", False)


async def three_voices(check, host, people):
    talkers = [Talker(line) for line in people]
    for line in people:
        await host.say(type="word", member=line.joined["you"], give=True)
        while line.joined["you"] not in (await line.expect("floor"))["word"]:
            pass
        await line.say(type="state", mic=True, camera=False, screen=False)
    for t in talkers[:3]:
        t.begin(camera=False)
    await asyncio.sleep(1.5)
    since = len(host.frames)
    talkers[3].begin(camera=False)
    await asyncio.sleep(1)
    check.equal("three voices come through", voices(host, since), {0, 1, 2})
    slots = (await host.expect("slots"))
    for m in host.seen:
        slots = m if m["type"] == "slots" else slots
    heard = {s["member"] for s in slots["slots"] if s["mid"] in ("0", "1", "2")}
    check("and a fourth cuts none of them off", people[3].joined["you"] not in heard, heard)
    talkers[0].level = 127
    await asyncio.sleep(1)
    for m in host.seen:
        slots = m if m["type"] == "slots" else slots
    heard = {s["member"] for s in slots["slots"] if s["mid"] in ("0", "1", "2")}
    check("when one falls silent it is heard", people[3].joined["you"] in heard, heard)
    for t in talkers:
        if t.task:
            await t.end()


async def seminar(world, check, hall):
    names = ["coordinator", "child1", "outsider", "host", *GUESTS]
    async with Crowd(world, *names) as (coordinator, child, outsider, host, *guests):
        lesson = await at_the_door(check, world, hall, coordinator, child, outsider)
        h = await host.connect()
        h.joined = await h.join(lesson)
        check("its slots are three voices, nine pictures and a screen",
              h.joined["slots"] == {"audio": 3, "video": 9, "screen": 1}, h.joined["slots"])
        await h.say(type="frames")
        await h.expect("frames")
        await h.say(type="state", mic=True, camera=False, screen=False)
        lines = [await take_part_ws(g, lesson, camera=False) for g in guests]
        await asyncio.sleep(0.5)
        check.equal("everybody is listed", len(lines[-1].joined["members"]), 1 + len(GUESTS))
        told = sum(m["type"] in ("member", "members", "gone") for m in h.seen)
        check("and told of in batches", all(m["type"] not in ("member", "gone") for m in h.seen) and told <= len(GUESTS) + 5, told)
        await listener_is_silent(check, h, lines[-1])
        await hands_in_order(check, h, [lines[-1], *lines[4:8]])
        await three_voices(check, h, lines[3:7])
        user = hall.users[GUESTS[5]]
        status, now, _ = await coordinator.api("POST", f"/gatherings/{lesson}/withdraw", {"user": user})
        closed = await lines[5].expect("closed")
        check("who loses the invitation is put out", status == 200 and closed["code"] == "cut_right_ended", closed)
        await h.say(type="end")
        closed = await lines[0].expect("closed")
        check.equal("the host ends it for all", closed["code"], "mentor_ended")
    await asyncio.sleep(1)
    db = world.records()
    rows = db.execute("SELECT part, count(DISTINCT user_id) FROM session WHERE lesson = ? GROUP BY part", (lesson,)).fetchall()
    check.equal("who was there stands in the records, by part", dict(rows), {None: 1, "speaker": SPEAKERS, "listener": len(GUESTS) - SPEAKERS})
    left = db.execute("SELECT count(*) FROM session WHERE lesson = ? AND leave_ms IS NULL", (lesson,)).fetchone()[0]
    check.equal("and nobody is left in it", left, 0)


def run(parta, check):
    hall = Hall()
    with World(parta, edit=hall.edit, more_links=["host", *GUESTS, "outsider"]) as world:
        asyncio.run(seminar(world, check, hall))
        check.equal("ends with 0", world.stop(), 0)
        log = world.log_text()
        check("no error in its log", " error " not in log, [l for l in log.splitlines() if " error " in l][:3])
