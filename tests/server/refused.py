# SPDX-License-Identifier: Apache-2.0
"""Who is kept out of a lesson, on the real server with real sockets: each refusal has its code and its
join_attempt row, and not one datagram ever reaches the refused person's UDP socket, although it sent an
offer and goes on knocking at the media port. Who loses the right while inside is cut within a second.

One lesson runs all the time, with its mentor and its child in it, so that there would be something to hear.
Rights end by the clock here (an employment and a consent that run out while both sit in the lesson): the
running desk has to notice it by itself."""
import asyncio
import datetime

import aiohttp

from people import Crowd, Media, Person, hears, take_part
from world import World, unix_ms

CONSENT_MS = 12_000  # after the start: the child's consent for lessons runs out
EMPLOYED_MS = 13_500  # the mentor's employment at the child's school ends
CUT_MS = 1_000  # what may pass until somebody without a right is out (issue: "cut within 1 s")


class Clockwork:
    """Two rights that run out, at moments fixed when the world is made."""

    def edit(self, db):
        self.consent_ms, self.employed_ms = unix_ms() + CONSENT_MS, unix_ms() + EMPLOYED_MS
        db.execute("UPDATE consent SET expires_ms = ? WHERE kind = 'lessons' AND child = (SELECT c.id FROM child c "
                   "JOIN user u ON u.id = c.user_id WHERE u.login = 'misha')", (self.consent_ms,))
        db.execute("UPDATE employment SET to_ms = ? WHERE mentor = (SELECT m.id FROM mentor m JOIN user u "
                   "ON u.id = m.user_id WHERE u.login = 'anna')", (self.employed_ms,))


class Door:
    """Refused people: what each was told, and the sockets that have to stay silent."""

    def __init__(self, world, check):
        self.world, self.check = world, check
        self.told, self.sockets = [], []

    async def knock(self, text, line, lesson, code, stolen="abcd", **more):
        """Joins and offers; expects this refusal; goes on sending from the socket of the offer."""
        media = await Media(self.world).open()
        m = await line.join(lesson, media.offer(), **more)
        self.check(f"{text} is refused: {code}", m["type"] == "refused" and m.get("code") == code,
                   f"{m['type']} {m.get('code', '')}")
        fault = await line.expect("error")
        self.check(f"{text} cannot offer", fault["code"] == "not_now" and fault["re"] == "offer", fault["code"])
        for _ in range(5):
            media.try_everything(stolen)
        media.keep_trying()
        self.told.append((line.person.user, lesson, code))
        self.sockets.append((text, media))
        return m

    def silence(self):
        for text, media in self.sockets:
            self.check(f"not one datagram to {text}", len(media.got) == 0, f"{len(media.got)} datagrams")
            media.close()

    def rows(self, db):
        rows = [(r["user_id"], r["asked"], r["result"]) for r in db.execute("SELECT * FROM join_attempt ORDER BY id")]
        for user, lesson, code in self.told:
            there = (user, lesson, code) in rows
            self.check(f"join_attempt row: user {user}, lesson {lesson}, {code}", there)
            if there:
                rows.remove((user, lesson, code))


async def plan_lesson(coordinator, mentor, child, check):
    """A lesson on one of the next days, through the API; tries until the timetable has room."""
    day = datetime.date.today()
    for _ in range(12):
        day += datetime.timedelta(days=1)
        for hour in (10, 11, 12, 13, 14):
            status, answer, headers = await coordinator.api("POST", "/lessons", {
                "subject": "reading", "mentor": mentor, "children": [child], "date": day.isoformat(),
                "time": f"{hour}:00", "minutes": 40})
            if status == 201:
                return answer, headers["ETag"], day, hour
    check("a lesson can be planned", False, f"{status} {answer}")
    raise AssertionError("no lesson")


async def move_lesson(coordinator, lesson, etag, day, hour):
    """To another hour of that day or of the days behind it, the first for which the timetable has room."""
    for days in range(12):
        for other in (hour + 4, 10, 11, 12, 13, 14, 15, 16):
            status, answer, _ = await coordinator.api("POST", f"/lessons/{lesson['id']}/move", {
                "date": (day + datetime.timedelta(days=days)).isoformat(), "time": f"{other}:00", "minutes": 40, "reason": "t"},
                If_Match=etag)
            if status != 409:
                return status, answer
    return status, answer


async def timetable_refusals(door, check, child, coordinator):
    """The right child, at the wrong time: too early, cancelled, moved, over. A child and a mentor whose rights
    do not end today."""
    mentor = door.world.records().execute("SELECT id FROM user WHERE login = 'elena'").fetchone()["id"]
    early, etag, day, hour = await plan_lesson(coordinator, mentor, child.user, check)
    line = await child.connect()
    m = await door.knock("the right child too early", line, early["id"], "too_early")
    check.equal("too_early says when the door opens", m.get("at"), early["opens"])

    off, off_tag, _, _ = await plan_lesson(coordinator, mentor, child.user, check)
    status, _, _ = await coordinator.api("POST", f"/lessons/{off['id']}/cancel", {"side": "child", "reason": "t"},
                                         If_Match=off_tag)
    check.equal("cancelled by the coordinator", status, 200)
    await door.knock("the child of a cancelled lesson", line, off["id"], "cancelled")

    status, new = await move_lesson(coordinator, early, etag, day, hour)
    check.equal("moved by the coordinator", status, 200)
    m = await door.knock("the child of a moved lesson", line, early["id"], "moved")
    check.equal("moved says the new start", m.get("at"), new.get("start"))

    db = door.world.records()
    past = db.execute("SELECT l.id FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id JOIN child c ON c.id = lc.child "
                      "WHERE c.user_id = ? AND l.state IN ('computed', 'confirmed', 'locked') "
                      "ORDER BY l.end_ms DESC LIMIT 1", (child.user,)).fetchone()["id"]
    await door.knock("the child after the end", line, past, "ended")
    return early


async def strangers(door, check, world, lesson, stolen, child2, mentor2, officer, guardian2):
    """Nobody of these belongs to the running lesson; each learns nothing about it."""
    nobody = Person(world, None)
    try:
        await nobody.connect()
        check("a stranger without a sign-in gets no WebSocket", False, "101")
    except aiohttp.WSServerHandshakeError as e:
        check.equal("a stranger without a sign-in gets no WebSocket", e.status, 401)
    media = await Media(world).open()
    media.keep_trying()
    door.sockets.append(("a stranger without a sign-in", media))
    status, _, _ = await nobody.api("GET", f"/lessons/{lesson}")
    check.equal("a stranger reads nothing of it", status, 401)
    await nobody.close()

    lines = {p.who: await p.connect() for p in (child2, mentor2, officer, guardian2)}
    for text, p in (("another mentor", mentor2), ("somebody without a seat anywhere", officer),
                    ("a guardian of another child", guardian2), ("another child", child2)):
        await door.knock(text, lines[p.who], lesson, "not_yours", stolen)
        if p is not officer:  # whose school the child's is: the lesson is on the officer's list, the seat is not
            status, _, _ = await p.api("GET", f"/lessons/{lesson}")
            check.equal(f"{text} gets 404 for it", status, 404)
    real = lines["child2"].seen[-2]["_raw"]
    m = await door.knock("a child who asks for a lesson that is not there", lines["child2"], 999999, "not_yours")
    check.equal("told alike, whether there is such a lesson or not", m["_raw"].replace("999999", str(lesson)), real)
    return lines


async def back_off(door, check, lines, lesson):
    """J8. Two refusals of this child were before."""
    line = lines["child2"]
    for _ in range(3):
        await door.knock("another child again", line, lesson, "not_yours")
    before = unix_ms()
    m = await door.knock("a sixth try within the minute", line, lesson, "back_off")
    check("back_off says when to try again", before < m.get("at", 0) <= before + 60_000, f"in {m.get('at', 0) - before} ms")


async def two_devices(check, ear, world, mentor, lesson, first, media):
    """A second device is asked first; with take_over the first is closed and hears nothing more."""
    asked = await mentor.connect()
    m = await asked.join(lesson)
    check("a second device is asked first: seat_taken", m.get("code") == "seat_taken", m.get("code", m["type"]))
    check("the first has noticed nothing", not first.ended.is_set() and not any(x["type"] == "closed" for x in first.seen))
    await asked.close()
    second, other = await take_part(mentor, lesson, take_over=True)
    check("with take_over it is in", True)
    closed = await first.expect("closed")
    check.equal("the first is told", closed["code"], "taken_over")
    await asyncio.wait_for(first.ended.wait(), 2)
    check("the second hears the lesson", await hears(other))
    ear.after(media, closed["_at"], "the first device, whose credentials were good")
    return second, other


async def no_path_test(check, person, seated):
    """Who sits in a lesson moves no filler, on this connection or another of the same person."""
    other = await person.connect()
    for where, line in (("in the lesson", seated), ("beside it", other)):
        await line.say(type="measure", id=1, bytes=32768)
        m = await line.expect("error", re="measure")
        check.equal(f"no path test {where}", m["code"], "not_now")
    await other.close()


class Ear:
    """Somebody who was in and is not any more: goes on with good checks and its voice, so that the server's
    silence means something."""

    def __init__(self):
        self.cuts = []

    def after(self, media, cut_ms, who, grace_ms=300):
        """From cut_ms on (and a little for what is under way) nothing may come."""
        self.cuts.append((media, cut_ms, who, grace_ms))

    def judge(self, check):
        for media, cut_ms, who, grace_ms in self.cuts:
            before = sum(1 for t in media.heard if t <= cut_ms)
            late = [t - cut_ms for t, _ in media.got if t > cut_ms + grace_ms]
            last = max((t for t in media.heard), default=0) - cut_ms
            check(f"no datagram any more to {who}", before and not late,
                  f"{before} packets of sound before, the last {last} ms after, {len(late)} later than {grace_ms} ms")
            media.close()


async def until(ms):
    await asyncio.sleep(max(0, (ms - unix_ms()) / 1000))


async def cut(check, ear, line, media, at_ms, code, who):
    closed = await line.expect("closed", timeout=max(0, (at_ms - unix_ms()) / 1000) + 5)
    late = closed["_at"] - at_ms
    check(f"{who} is cut within 1 s: {code}", closed["code"] == code and 0 <= late <= CUT_MS, f"{closed['code']} after {late} ms")
    ear.after(media, at_ms, who, CUT_MS)


async def logged_out(check, ear, world, lesson):
    """A visitor whose sign-in ends is out at once."""
    async with Crowd(world, "coordinator") as (k,):
        line, media = await take_part(k, lesson)
        check("a coordinator looks in and hears", await hears(media))
        start = unix_ms()
        status, _, _ = await k.api("DELETE", "/session")
        check.equal("signed out", status, 204)
        closed = await line.expect("closed")
        check("signed out while inside: out within 1 s", closed["code"] == "logged_out" and closed["_at"] - start < CUT_MS,
              f"{closed['code']} after {closed['_at'] - start} ms")
        ear.after(media, closed["_at"], "who has signed out")


async def lesson_day(world, check, clock):
    door, ear = Door(world, check), Ear()
    who = ("mentor1", "child1", "mentor2", "child2", "coordinator", "school_officer", "sonya.family", "timur")
    async with Crowd(world, *who) as (mentor, child, mentor2, child2, coordinator, officer, guardian2, child3):
        lesson = await child.next_lesson()
        mentor_line, mentor_media = await take_part(mentor, lesson)
        child_line, child_media = await take_part(child, lesson)
        check("mentor and child hear each other", await hears(mentor_media) and await hears(child_media))
        await no_path_test(check, child, child_line)
        second, second_media = await two_devices(check, ear, world, mentor, lesson, mentor_line, mentor_media)
        lines = await strangers(door, check, world, lesson, child_media.theirs[0], child2, mentor2, officer, guardian2)
        await logged_out(check, ear, world, lesson)
        await timetable_refusals(door, check, child3, coordinator)
        await back_off(door, check, lines, lesson)
        check("all that was before the consent ran out", unix_ms() < clock.consent_ms, f"{clock.consent_ms - unix_ms()} ms to spare")
        check("until then mentor and child hear each other", await hears(second_media) and await hears(child_media))
        await cut(check, ear, child_line, child_media, clock.consent_ms, "cut_consent", "a child whose consent ran out")
        again = await child.connect()
        await door.knock("a child without consent", again, lesson, "consent")
        late = [t for t in second_media.heard if t > clock.consent_ms + CUT_MS]
        await cut(check, ear, second, second_media, clock.employed_ms, "cut_right_ended", "a mentor whose right ended")
        check("the mentor hears the child no longer than that", not late, f"{len(late)} packets later")
        again = await mentor.connect()
        await door.knock("a mentor without the right", again, lesson, "right_ended")
        await until(clock.employed_ms + CUT_MS + 500)
        ear.judge(check)
        door.silence()
    db = world.records()
    door.rows(db)
    attempts = db.execute("SELECT count(*) AS n FROM join_attempt WHERE result = 'seat_taken' AND user_id = ?",
                          (mentor.user,)).fetchone()["n"]
    check.equal("join_attempt row of the second device", attempts, 1)
    ends = {r["user_id"]: r["end_reason"] for r in db.execute(
        "SELECT user_id, end_reason FROM session WHERE lesson = ? ORDER BY id", (lesson,))}
    check.equal("presence rows end with cut", (ends[child.user], ends[mentor.user]), ("cut", "cut"))
    check.equal("verify", world.verify(), ("clean", 0))


def run(parta, check):
    clock = Clockwork()
    with World(parta, edit=clock.edit, more_links=("sonya.family", "timur")) as world:
        asyncio.run(lesson_day(world, check, clock))
        check.equal("ends with 0", world.stop(), 0)
