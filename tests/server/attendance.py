# SPDX-License-Identifier: Apache-2.0
"""A lesson by a script: who comes when, whose cable is pulled, whose line goes dead without a word, who says
"I am tired". Afterwards the register,
read through the API, has to say what the script did, within a second; and a restart of the server in
mid-lesson is a gap with its own cause, from which everybody comes back into the same seat."""
import asyncio

from people import Crowd
from world import World, unix_ms

NEAR_MS = 1000  # how exact the register has to be


class Script:
    """What happened, in the clock of this machine."""

    def __init__(self):
        self.at = {}

    def now(self, what):
        self.at[what] = unix_ms()


async def until(start_ms, seconds):
    await asyncio.sleep(max(0, (start_ms + seconds * 1000 - unix_ms()) / 1000))


async def play(check, script, mentor, child, lesson):
    """Mentor from the start; the child 3 s later, its line is cut hard after 3 s and back 4 s later. Then it goes
    dead for 3 s: back before the server could know, it had lost up to 5 s that it was there."""
    m = await mentor.connect()
    await m.join(lesson)
    script.now("mentor in")
    start = script.at["mentor in"]
    await until(start, 3)
    c = await child.connect()
    first = await c.join(lesson)
    script.now("child in")
    told = (await m.expect("member"))["member"]
    check.equal("the mentor is told of the child's seat", (told["id"], told["present"]), (first["you"], True))
    await until(start, 6)
    script.now("cable pulled")
    c.drop()
    told = (await m.expect("member", timeout=3))["member"]
    check("the mentor is told that the child is lost", told["id"] == first["you"] and not told["present"],
          f"after {unix_ms() - script.at['cable pulled']} ms")
    await until(start, 10)
    c = await child.connect()
    again = await c.join(lesson, resume=first["resume"])
    script.now("child back")
    check("the child comes back without being asked", again["type"] == "joined", again.get("code", ""))
    check.equal("into the same seat", again["you"], first["you"])
    check.equal("the seat is there once", [x["id"] for x in again["members"]].count(first["you"]), 1)
    check.equal("two people are in", len(again["members"]), 2)
    told = (await m.expect("member"))["member"]
    check.equal("the mentor sees it present again", (told["id"], told["present"]), (first["you"], True))
    await until(start, 13)
    await c.say(type="ping", id=99)  # the last sign of life
    await c.expect("pong", id=99)
    script.now("line dead")
    c.fall_silent()
    await until(start, 16)
    c = await child.connect()
    again = await c.join(lesson, resume=again["resume"])
    script.now("child back again")
    check("it comes back once more", again["type"] == "joined" and len(again["members"]) == 2, again.get("code", ""))
    await until(start, 19)
    await c.say(type="leave", reason="tired")
    check.equal("tired is the word", (await c.expect("closed"))["code"], "tired")
    script.now("child tired")
    check.equal("the mentor is told why", (await m.expect("gone"))["cause"], "tired")
    await m.say(type="leave", reason="left")
    check.equal("the mentor leaves", (await m.expect("closed"))["code"], "left")
    script.now("mentor left")


def near(got, wanted):
    return got is not None and abs(got - wanted) <= NEAR_MS


def judge(check, script, register, lesson):
    """The register against the script."""
    at = script.at
    kid = register["children"][0]
    check("the register is not final while the lesson runs", register["final"] is False and kid["outcome"] is None)
    check("mentor: first", near(register["mentor"]["first"], at["mentor in"]), register["mentor"]["first"] - at["mentor in"])
    check("mentor: last", near(register["mentor"]["last"], at["mentor left"]), register["mentor"]["last"] - at["mentor left"])
    check("child: first", near(kid["at"]["first"], at["child in"]), kid["at"]["first"] - at["child in"])
    check("child: last", near(kid["at"]["last"], at["child tired"]), kid["at"]["last"] - at["child tired"])
    inside = at["cable pulled"] - at["child in"] + at["line dead"] - at["child back"] + at["child tired"] - at["child back again"]
    check("child: presence", near(kid["at"]["presence_ms"], inside), f"{kid['at']['presence_ms']} ms, script {inside} ms")
    check("contact: both were there", near(kid["contact_ms"], inside), f"{kid['contact_ms']} ms")
    check.equal("child: two gaps", kid["at"]["gaps"], 2)
    gap = at["child back"] - at["cable pulled"] + at["child back again"] - at["line dead"]
    check("child: its length", near(kid["at"]["gaps_ms"], gap), f"{kid['at']['gaps_ms']} ms, script {gap} ms")
    lane = kid["strip"]["child"]
    check.equal("the strip has three pieces", len(lane), 3)
    check("the first ends where the cable was pulled", near(lane[0]["to"], at["cable pulled"]), lane[0])
    check("the gap has its cause", lane[0]["cause"] == "socket_closed", lane[0]["cause"])
    check("the second ends at its last sign of life, with its cause",
          near(lane[1]["to"], at["line dead"]) and lane[1]["cause"] == "socket_closed", lane[1])
    check("the third ends tired", lane[-1]["cause"] == "tired" and near(lane[-1]["to"], at["child tired"]), lane[-1])
    check.equal("nothing is uncertain", kid["uncertain_ms"], 0)
    check.equal("of this lesson", register["lesson"]["id"], lesson)


async def restart(world, check, mentor, child, lesson):
    """SIGTERM in mid-lesson: everybody is told, and everybody comes back by the token."""
    m, c = await mentor.connect(), await child.connect()
    joined, kid = await m.join(lesson), await c.join(lesson)
    check.equal("who has left may come again", (joined["type"], kid["type"]), ("joined", "joined"))
    stopped = unix_ms()
    status = await asyncio.to_thread(world.stop)
    check("SIGTERM: ended in good order", status == 0, f"{unix_ms() - stopped} ms")
    for who, line in (("mentor", m), ("child", c)):
        check.equal(f"the {who} is told: server_restart", (await line.expect("closed"))["code"], "server_restart")
    world.start()
    served = unix_ms()
    for who, person, before in (("mentor", mentor, joined), ("child", child, kid)):
        line = await person.connect()
        again = await line.join(lesson, resume=before["resume"])
        check(f"the {who} is back", again["type"] == "joined", again.get("code", f"{unix_ms() - served} ms after the start"))
    check.equal("both seats, once each", len(again["members"]), 2)
    return stopped, mentor.lines[-1], line


async def close(check, coordinator, lesson, m, c):
    """The mentor ends the lesson; the register becomes final by itself."""
    await m.say(type="end")
    for who, line in (("mentor", m), ("child", c)):
        check.equal(f"the {who} is told: mentor_ended", (await line.expect("closed"))["code"], "mentor_ended")
    end = unix_ms() + 5000
    register = {}
    while not register.get("final") and unix_ms() < end:
        _, register, _ = await coordinator.api("GET", f"/lessons/{lesson}/attendance")
        await asyncio.sleep(0.1)
    check("the register is final", register.get("final"), f"{unix_ms() - end + 5000} ms after")
    return register


async def lesson_day(world, check):
    script = Script()
    async with Crowd(world, "mentor1", "child1", "coordinator", "guardian") as (mentor, child, coordinator, guardian):
        lesson = await child.next_lesson()
        await play(check, script, mentor, child, lesson)
        status, register, _ = await coordinator.api("GET", f"/lessons/{lesson}/attendance")
        check.equal("the coordinator reads the register", status, 200)
        judge(check, script, register, lesson)
        status, same, _ = await mentor.api("GET", f"/lessons/{lesson}/attendance")
        check("the mentor reads the same", status == 200 and same["children"][0]["at"] == register["children"][0]["at"], status)
        stopped, m, c = await restart(world, check, mentor, child, lesson)
        register = await close(check, coordinator, lesson, m, c)
        kid = register["children"][0]
        lane = kid["strip"]["mentor"]
        check.equal("the mentor was in three times", [x["cause"] for x in lane], ["left", "server_restart", "left"])
        check("the server's gap begins when it stopped", near(lane[1]["to"], stopped), lane[1]["to"] - stopped)
        check("and the outage is shown", any(near(o["from"], stopped) for o in kid["strip"]["outages"]), kid["strip"]["outages"])
        check("at most 5 s are uncertain", kid["uncertain_ms"] <= 5000, kid["uncertain_ms"])
        check("a lesson of seconds was not held", kid["outcome"] not in (None, "held") and kid["code"], kid["outcome"])
        status, log, _ = await guardian.api("GET", f"/children/{child.user}/log")
        line = next((l for d in log["days"] for l in d["lessons"] if l["id"] == lesson), None) if status == 200 else None
        check("the family's log has it", line and line["contact_ms"] == kid["contact_ms"] and line["outcome"] == kid["outcome"],
              line and line["outcome"])
    db = world.records()
    rows = db.execute("SELECT user_id, join_ms, leave_ms FROM session WHERE lesson = ? ORDER BY user_id, join_ms", (lesson,)).fetchall()
    doubled = [(a["user_id"], a["leave_ms"] - b["join_ms"]) for a, b in zip(rows, rows[1:])
               if a["user_id"] == b["user_id"] and (a["leave_ms"] is None or a["leave_ms"] > b["join_ms"])]
    check("no seat is doubled in the records", len(rows) == 8 and not doubled, f"{len(rows)} rows {doubled}")
    outage = db.execute("SELECT kind FROM outage ORDER BY id DESC LIMIT 1").fetchone()
    check.equal("an outage row of a stop", outage["kind"] if outage else None, "stop")
    check.equal("verify", world.verify(), ("clean", 0))


def run(parta, check):
    with World(parta) as world:
        asyncio.run(lesson_day(world, check))
        check.equal("ends with 0", world.stop(), 0)
