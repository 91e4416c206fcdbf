# SPDX-License-Identifier: Apache-2.0
"""Nothing personal in what the server writes. A whole visit at the most talkative level: people sign in, rightly
and wrongly, hold a lesson with real media (aiortc), chat, send what is no SDP and no JSON, are refused. Then all
that the process wrote after it began to serve is searched for every name in the records, every token, cookie,
ICE credential and written line of that visit. (Before that the demo prints its table of links, on purpose.)"""
import asyncio
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import time

from people import Crowd, Person, hears, take_part
from world import World

import json

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "peers"))
import foreign_lesson  # noqa: E402

MARKER = "marker-Qx7-кошка"
WRONG = {"login": "nobody.Zz9", "password": "wrong-horse-Zz9", "code": "918273", "link": "L1nkThatNeverWas-Zz9-abcdefgh"}


class Demo(World):
    """`parta demo` itself, at level debug."""

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.parta, "demo", "--port", str(self.port), "--data", self.folder, "--static", self.folder / "pages",
                 "--certs", self.folder / "certs", "--log", "debug"], stdout=log, stderr=log)
        end = time.monotonic() + 60
        while "\nserving " not in self.log_text():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the demo did not start:\n{self.log_text()}")
            time.sleep(0.05)
        self.links = json.loads((self.folder / "links.json").read_text())
        self.tokens = {who: link.rsplit("/", 1)[1] for who, link in self.links.items()}

    def written(self):
        """What came after the table."""
        text = self.log_text()
        return text[text.index("\n", text.index("\nserving ") + 1):]


class Secrets:
    """What may not be found; each with the kind of thing it is."""

    def __init__(self):
        self.of = {}

    def add(self, kind, *values):
        self.of.setdefault(kind, set()).update(v for v in values if v)

    def add_sdp(self, who, sdp):
        for line in sdp.splitlines():
            for key in ("a=ice-pwd:", "a=ice-ufrag:", "a=fingerprint:sha-256 "):
                if line.startswith(key):
                    self.add(f"{key[2:].split(':')[0]} of {who}", line[len(key):].strip())

    def add_people(self, db):
        for name, short, login, phone in db.execute('SELECT name, short_name, login, phone FROM "user"'):
            self.add("names", name, short, *(p for p in name.split() if len(p) > 2))
            self.add("logins", login)
            self.add("phones", phone)

    def search(self, text):
        """(kind, what) of everything that is there; whole words, so that "anna" is not found in "manna"."""
        found = []
        for kind, values in self.of.items():
            found += [(kind, v) for v in values if re.search(rf"(?<!\w){re.escape(v)}(?!\w)", text)]
        return found


async def wrong_ways(world, check):
    """Each with something in it that must not be repeated."""
    p = Person(world, None)
    statuses = []
    for body in ({"link": WRONG["link"]}, {"code": WRONG["code"]}, {"login": WRONG["login"], "password": WRONG["password"]},
                 {"login": "anna", "password": WRONG["password"]}, {"login": MARKER, "password": WRONG["password"]}):
        statuses.append((await p.api("POST", "/session", body))[0])
    check.equal("wrong sign-ins are refused", statuses, [401] * 5)
    for path in (f"/children/{WRONG['login']}/log", f"/me/day?date={WRONG['password']}", f"/lessons/1?x={WRONG['link']}"):
        await p.api("GET", path)
    async with p.http.get(f"{world.origin}/in/{WRONG['link']}") as r:
        check.equal("a link's page is the page", r.status, 200)
    await p.close()
    for garbage in (b"GET /" + WRONG["link"].encode() + b" HTTP/9.9\r\n\r\n", b"\r\n" + MARKER.encode() + b"\r\n\r\n"):
        world.ask(garbage)


async def strange_talk(world, line, lesson, secrets):
    """Messages that are refused, and one after another leave a trace if anything does."""
    await line.say(type="chat", text=MARKER)
    await line.expect("chat")
    for text in (f'{{"type":"chat","text":"{MARKER}","{WRONG["login"]}":1}}', f'{{"type":"{WRONG["login"]}"}}',
                 f'{{"type":"chat", {MARKER}', json.dumps({"type": "join", "lesson": lesson, "take_over": False, "resume": WRONG["link"]}),
                 json.dumps({"type": "offer", "sdp": f"v=0\r\no={MARKER}\r\na=ice-pwd:{WRONG['password']}\r\n"})):
        await line.ws.send_str(text)
        await line.expect("error")


async def visit(world, check, secrets):
    who = ("mentor1", "child1", "child2", "coordinator", "guardian", "school_officer")
    async with Crowd(world, *who) as people:
        mentor, child, stranger, coordinator = people[:4]
        secrets.add("cookies", *(p.cookie() for p in people))
        lesson = await child.next_lesson()
        lines, sockets = {}, []
        for p in (mentor, child):
            lines[p], media = await take_part(p, lesson)
            secrets.add("resume tokens", lines[p].joined["resume"])
            secrets.add_sdp(p.who, media.offer())
            secrets.add_sdp("the server", lines[p].answer)
            sockets.append(media)
        for media in sockets:
            check("there is sound", await hears(media))
            media.try_everything()
        await strange_talk(world, lines[mentor], lesson, secrets)
        refused = await (await stranger.connect()).join(lesson, resume=lines[child].joined["resume"])
        check.equal("somebody else is refused", refused["type"], "refused")
        for p, path in ((coordinator, "/board"), (coordinator, "/children"), (people[4], f"/children/{child.user}/log"),
                        (people[5], "/reports"), (mentor, f"/lessons/{lesson}")):
            status, _, _ = await p.api("GET", path)
            check.equal(f"{p.who} reads {path.split('/')[1]}", status, 200)
        status, answer, _ = await coordinator.api("POST", "/lessons", {
            "subject": MARKER, "mentor": mentor.user, "children": [child.user], "date": "2030-01-01", "time": "10:00", "minutes": 40})
        check("a lesson of no subject is refused", status in (400, 404, 409, 422), status)
        await wrong_ways(world, check)
        for line in lines.values():
            await line.say(type="leave", reason="left")
            await line.expect("closed")
        for media in sockets:
            media.close()


async def media_lesson(world, check):
    foreign_lesson.SECONDS = 1
    people = await foreign_lesson.lesson(world.origin, world.links)
    check("a lesson with media was held", all(p.frames > 0 for p in people), [p.frames for p in people])


def run(parta, check):
    secrets = Secrets()
    with Demo(parta) as world:
        secrets.add("links", *world.tokens.values(), *world.links.values())
        secrets.add("wrong secrets", *WRONG.values())
        secrets.add("cards", "417302", "583916")
        secrets.add("written lines", MARKER)
        asyncio.run(visit(world, check, secrets))
        asyncio.run(media_lesson(world, check))
        (world.folder / "certs" / "server.crt").write_text("broken")
        world.process.send_signal(signal.SIGHUP)
        check.equal("ends with 0", world.stop(), 0)
        db = sqlite3.connect(world.folder / "parta.db")
        secrets.add_people(db)
        cookies = db.execute("SELECT count(*) FROM login_session WHERE created_ms > ?", ((time.time() - 300) * 1000,)).fetchone()[0]
        db.close()
        text = world.written()
        n = sum(len(v) for v in secrets.of.values())
        for kind, values in sorted(secrets.of.items()):
            hits = [v for k, v in secrets.search(text) if k == kind]
            check(f"no {kind} in the log", not hits, f"{len(values)} searched" if not hits else hits[:3])
        for word in ("v=0", "a=ice-", "a=fingerprint", "candidate:", "__Host-s=", "/in/"):
            check(f"no {word} in the log", word not in text)
        table = world.log_text()[:-len(text)]
        check("the same search finds the table of links", {"links", "names", "cards"} <= {k for k, _ in secrets.search(table)})
        planted = [v for values in secrets.of.values() for v in values]
        check("and each planted one", all(secrets.search(f"x y={v} z") for v in planted), f"{n} secrets, {cookies} logins")
        check("the log is not silent", "tls.reload" in text and "serve.stop" in text, f"{len(text.splitlines())} lines")
