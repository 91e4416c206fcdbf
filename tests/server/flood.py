# SPDX-License-Identifier: Apache-2.0
"""Floods that end after seconds (RELIABILITY F31-F35): silent connections, half requests, wrong sign-ins without
end, datagrams of noise. Meanwhile a lesson goes on, which must not notice, and people who belong here still sign
in within a second. The flood comes from another address (127.0.0.2), as it would."""
import asyncio
import os
import socket
import ssl
import statistics
import time

import aiohttp

from people import Crowd, stun_check, take_part
from world import World

FLOODER = "127.0.0.2"
REQUEST_S = 3  # the deadline of a request, as set for this server
SIGN_IN_S = 1.0
LESSON_S = 0.5  # how long a signalling answer may take while all this goes on
GROWTH_KB = 4096


class Watch:
    """A running lesson, asked all the time how it is."""

    def __init__(self, lines, media):
        self.lines, self.media = lines, media
        self.took, self.task = [], None

    async def _run(self):
        n = 1000
        while True:
            for line in self.lines:
                n += 1
                start = time.monotonic()
                await line.say(type="ping", id=n)
                await line.expect("pong", id=n, timeout=10)
                self.took.append(time.monotonic() - start)
            await asyncio.sleep(0.1)

    def start(self):
        self.task = asyncio.ensure_future(self._run())

    def judge(self, check, what):
        took, self.took = self.took, []
        heard = [len(m.heard) for m in self.media]
        for m in self.media:
            m.heard.clear()
        alive = not self.task.done() and not any(l.ended.is_set() for l in self.lines)
        check(f"{what}: the lesson goes on", alive and took and max(took) < LESSON_S and all(heard),
              f"answer p50 {statistics.median(took) * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms, {sum(heard)} packets of sound"
              if took else "no answers")


async def tls_connection(world, context):
    return await asyncio.open_connection("127.0.0.1", world.port, ssl=context, server_hostname="localhost",
                                         local_addr=(FLOODER, 0))


async def ended(reader, seconds):
    try:
        while await asyncio.wait_for(reader.read(4096), seconds):
            pass
        return True
    except asyncio.TimeoutError:
        return False
    except (ConnectionError, ssl.SSLError):
        return True


async def silent(world, check, watch):
    """200 that shake hands and say nothing, 40 that begin a request and stop."""
    context = ssl.create_default_context(cafile=world.folder / "certs" / "ca.crt")
    start = time.monotonic()
    quiet, half = [], []
    for some in (quiet,) * 10 + (half,) * 2:  # in portions: the handshakes are work for this process, too
        some += await asyncio.gather(*(tls_connection(world, context) for _ in range(20)))
        await asyncio.sleep(0)
    for i, (_, writer) in enumerate(half):
        writer.write(b"GET /api/v1/centre HTTP/1.1\r\nHost: " if i % 2 else
                     b"POST /api/v1/session HTTP/1.1\r\nHost: %s\r\nContent-Length: 100\r\n\r\n{" % world.host.encode())
    opened = time.monotonic() - start
    took = []
    for _ in range(10):
        begin = time.monotonic()
        status = (await asyncio.to_thread(world.get, "/healthz")).status
        took.append(time.monotonic() - begin)
    check("200 silent connections and 40 half requests: others are served", status == 200 and max(took) < 1,
          f"worst {max(took) * 1000:.0f} ms; opened in {opened:.1f} s")
    gone = await asyncio.gather(*(ended(r, opened + REQUEST_S + 3) for r, _ in quiet + half))
    check("all of them are gone when their time is over", all(gone), f"{gone.count(True)} of {len(gone)} after {time.monotonic() - start:.1f} s")
    for _, writer in quiet + half:
        writer.transport.abort()
    watch.judge(check, "silent connections")


async def by_card(world, context):
    """A child signs in with its card: (status, seconds), connection and handshake included."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as http:
        start = time.monotonic()
        async with http.post(f"{world.origin}/api/v1/session", json={"code": "583916"}, headers={"Origin": world.origin}) as r:
            return r.status, time.monotonic() - start


async def sign_in_flood(world, check, watch):
    """Wrong passwords for ever new names, wrong passwords for one name, wrong cards: as fast as they are answered."""
    context = ssl.create_default_context(cafile=world.folder / "certs" / "ca.crt")
    quiet = statistics.median([(await by_card(world, context))[1] for _ in range(3)])
    limit = max(SIGN_IN_S, 4 * quiet)  # the second is for a machine that does nothing else
    statuses, stop = {}, time.monotonic() + 4
    n = 0

    async def attack(http, body):
        nonlocal n
        while time.monotonic() < stop:
            n += 1
            try:
                async with http.post(f"{world.origin}/api/v1/session", json=body(n), headers={"Origin": world.origin}) as r:
                    statuses[r.status] = statuses.get(r.status, 0) + 1
            except (aiohttp.ClientError, ConnectionError):
                statuses["cut"] = statuses.get("cut", 0) + 1

    bodies = [lambda i: {"login": f"name{i}", "password": f"wrong {i}"}] * 24 + \
             [lambda i: {"login": "irina", "password": f"wrong {i}"}] * 8 + [lambda i: {"code": f"{i % 1000000:06}"}] * 8
    connector = aiohttp.TCPConnector(ssl=context, local_addr=(FLOODER, 0), limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as http:
        attackers = [asyncio.ensure_future(attack(http, b)) for b in bodies]
        await asyncio.sleep(0.5)
        took, told = [], []
        while time.monotonic() < stop - 0.3:
            status, seconds = await by_card(world, context)
            told.append(status)
            took.append(seconds)
            await asyncio.sleep(0.05)
        await asyncio.gather(*attackers)
    check("a flood of wrong sign-ins is told 429", statuses.get(429, 0) > 0 and statuses.get(200, 0) == 0, statuses)
    check("a child's card from another address opens the door in time meanwhile",
          set(told) == {200} and len(told) >= 3 and max(took) < limit,
          f"{len(told)} times, p50 {statistics.median(took) * 1000:.0f} ms, worst {max(took) * 1000:.0f} ms, {sorted(set(told))}; without a flood {quiet * 1000:.0f} ms")
    watch.judge(check, "wrong sign-ins")


async def noise(world, check, watch, media):
    """20 000 datagrams: random bytes, STUN with good names and bad tags, DTLS and RTP of nobody's."""
    user = f"{media.theirs[0]}:{media.ufrag}"
    bad = [stun_check(user, "wrong" * 5), stun_check("abcd:efgh", "x" * 22), stun_check(user, "")[:40],
           b"\x00\x01\xff\xff\x21\x12\xa4\x42" + b"t" * 40, b"\x16\xfe\xfd" + b"\0" * 60, b"\x80\x60" + b"\1" * 200]
    before = world.rss_kb()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u:
        u.bind((FLOODER, 0))
        u.connect(("127.0.0.1", world.port))
        u.setblocking(False)
        sent = 0
        for i in range(20_000):
            data = os.urandom(i % 1400 + 1) if i % 3 == 0 else bad[i % len(bad)]
            try:
                u.send(data)
                sent += 1
            except (BlockingIOError, ConnectionError):
                pass
            if i % 500 == 0:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        try:
            answer = u.recv(2000)
        except BlockingIOError:
            answer = b""
    grown = world.rss_kb() - before
    check("20 000 datagrams of noise: not one answer", answer == b"" and sent > 15_000, f"{sent} sent {answer[:20]!r}")
    check("memory stays flat", grown < GROWTH_KB, f"{before} kB, then {grown:+} kB")
    watch.judge(check, "noise")


async def lesson_day(world, check):
    async with Crowd(world, "mentor1", "child1") as people:
        lesson = await people[1].next_lesson()
        (m_line, m_media), (c_line, c_media) = [await take_part(p, lesson) for p in people]
        lines, media = [m_line, c_line], [m_media, c_media]
        watch = Watch(lines, media)
        watch.start()
        await silent(world, check, watch)
        await sign_in_flood(world, check, watch)
        await noise(world, check, watch, media[1])
        watch.task.cancel()
        for line in lines:
            check(f"{line.person.who} was told nothing bad", not any(m["type"] in ("closed", "gone", "error") for m in line.seen))
        for m in media:
            m.close()


def run(parta, check):
    with World(parta, limits={"request_seconds": REQUEST_S, "idle_seconds": REQUEST_S}) as world:
        asyncio.run(lesson_day(world, check))
        check.equal("verify", world.verify(), ("clean", 0))
        check.equal("ends with 0", world.stop(), 0)
