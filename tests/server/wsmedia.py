# SPDX-License-Identifier: Apache-2.0
"""Media over WebSocket on the real server: frames as PROTOCOL.md section 10 describes them, between two on
WebSocket, and between one on WebSocket and one on UDP; what is no frame is refused by name; a receiver that
stops reading costs the others nothing, and is closed after ten seconds."""
import asyncio
import statistics
import struct
import time

from people import Crowd, hears, take_part
from world import World

HEAD = struct.Struct(">BBBBBBHQ")
VOICE, PICTURE, SCREEN = 1, 2, 3
KEY = 1
KEY_HEAD = bytes((0x50, 1, 0, 0x9D, 1, 0x2A, 0x80, 2, 0x68, 1))  # RFC 6386 9.1: 640x360
DELTA_HEAD = bytes((0x51, 1, 0))


class Encoder:
    """Sends voice every 20 ms and a picture every 40 ms; each frame ends with the time it was made at."""

    def __init__(self, line, picture_bytes=3000):
        self.line, self.bytes = line, picture_bytes
        self.seq = {VOICE: 0, PICTURE: 0, SCREEN: 0}
        self.sent = {VOICE: 0, PICTURE: 0, SCREEN: 0}
        self.keys_asked = 0
        self.slowest = 0
        self.task = None

    async def frame(self, kind, payload, key=False, slot=0, level=0):
        head = HEAD.pack(1, kind, KEY if key else 0, slot, level, 0, self.seq[kind] & 0xFFFF,
                         int(time.monotonic() * 1e6))
        self.seq[kind] += 1
        self.sent[kind] += 1
        await self.line.ws.send_bytes(head + payload)

    async def voice(self):
        await self.frame(VOICE, b"\x78" + bytes(60) + struct.pack(">d", time.monotonic()), level=20)

    async def picture(self):
        asked = sum(m["type"] == "key_frame" and m["source"] == "camera" for m in self.line.seen)
        key = self.seq[PICTURE] == 0 or asked != self.keys_asked
        self.keys_asked = asked
        head = KEY_HEAD if key else DELTA_HEAD
        await self.frame(PICTURE, head + bytes(self.bytes - len(head)) + struct.pack(">d", time.monotonic()), key=key)

    def begin(self, camera=True):
        async def run():
            due, n = time.monotonic(), 0
            while not self.line.ended.is_set():
                await self.voice()
                if camera and n % 2 == 0:
                    await self.picture()
                n, due = n + 1, due + 0.02
                self.slowest = max(self.slowest, time.monotonic() - due)
                await asyncio.sleep(max(0, due - time.monotonic()))

        self.task = asyncio.ensure_future(run())

    async def end(self):
        self.task.cancel()
        try:
            await self.task
        except (asyncio.CancelledError, ConnectionError):
            pass


def frames(line, kind, since=0):
    """(when, flags, slot, seq, payload) of those that came."""
    out = []
    for at, m in line.frames[since:]:
        version, k, flags, slot, _, zero, seq, _ = HEAD.unpack_from(m)
        assert version == 1 and zero == 0
        if k == kind:
            out.append((at, flags, slot, seq, m[HEAD.size:]))
    return out


def delays_ms(got):
    return sorted((at - struct.unpack(">d", payload[-8:])[0]) * 1000 for at, _, _, _, payload in got)


async def take_part_ws(person, lesson, camera=True):
    line = await person.connect()
    m = await line.join(lesson)
    assert m["type"] == "joined", m
    line.joined = m
    begun = time.monotonic()
    await line.say(type="frames")
    await line.expect("frames")
    line.opened_ms = (time.monotonic() - begun) * 1000
    await line.say(type="state", mic=True, camera=camera, screen=False)
    return line


async def both_on_websocket(check, mentor, child, lesson):
    m = await take_part_ws(mentor, lesson)
    c = await take_part_ws(child, lesson)
    check("a leg over WebSocket opens in one round trip", m.opened_ms < 500, f"{m.opened_ms:.1f} ms")
    senders = [Encoder(m, 2500), Encoder(c, 9000)]
    for s in senders:
        s.begin()
    await asyncio.sleep(4)
    for name, line, other in (("the mentor", m, senders[1]), ("the child", c, senders[0])):
        voice, picture = frames(line, VOICE), frames(line, PICTURE)
        check(f"{name} hears all", len(voice) >= other.sent[VOICE] - 10, f"{len(voice)} of {other.sent[VOICE]}")
        check(f"{name} sees all", len(picture) >= other.sent[PICTURE] - 10, f"{len(picture)} of {other.sent[PICTURE]}")
        check(f"{name}'s picture begins with a key frame and is whole", picture[0][1] & KEY and
              all(len(p[4]) == other.bytes + 8 for p in picture))
        for what, got in (("voice", voice), ("picture", picture)):
            d = delays_ms(got)
            check(f"{what} to {name} is quick", statistics.median(d) < 40,
                  f"p50 {statistics.median(d):.1f} p95 {d[len(d) * 95 // 100]:.1f} max {d[-1]:.1f} ms, "
                  f"sender late by up to {1000 * other.slowest:.0f} ms")
    speaking = [x for x in c.seen if x["type"] == "speaking"]
    check("who speaks is known by the level of the frames", speaking and len(speaking[-1]["members"]) == 2)
    await bad_frames(check, c, m, senders[1])
    await stops_reading(check, c, m, senders)
    for s in senders:
        await s.end()
    for line in (m, c):
        await line.close()


async def bad_frames(check, c, m, encoder):
    n = len(m.frames)
    for code, message in (("truncated", b"\1\1\0"),
                          ("bad_slot", HEAD.pack(1, VOICE, 0, 3, 20, 0, 9, 9) + b"\x78abc"),
                          ("oversized", HEAD.pack(1, PICTURE, KEY, 0, 0, 0, 9, 9) + KEY_HEAD + bytes(98304)),
                          ("wrong_codec", HEAD.pack(1, PICTURE, KEY, 0, 0, 0, 9, 9) + bytes(200)),
                          ("out_of_order", HEAD.pack(1, VOICE, 0, 0, 20, 0, (encoder.seq[VOICE] - 500) & 0xFFFF, 9) +
                           b"\x78abc")):
        await c.ws.send_bytes(message)
        told = await c.expect("bad_frame")
        check(f"a frame is refused: {code}", told["code"] == code, told["code"])
        await asyncio.sleep(1.1)
    check("the lesson goes on", len(frames(m, VOICE, n)) > 150, len(frames(m, VOICE, n)))


async def stops_reading(check, c, m, senders):
    """The child stops reading: the mentor's lesson goes on; reading again, it finds the present."""
    senders[0].bytes = 40000  # 8 Mbit/s: buffers are full soon
    transport = c.ws._response.connection.transport
    n, at = len(m.frames), len(c.frames)
    transport.pause_reading()
    await asyncio.sleep(4)
    check("the mentor hears as before", len(frames(m, VOICE, n)) > 180, len(frames(m, VOICE, n)))
    senders[0].bytes = 2500
    transport.resume_reading()
    await asyncio.sleep(2)
    again = time.monotonic()
    late = delays_ms(frames(c, VOICE, at)[-20:])
    check("the voice is of now", late[len(late) // 2] < 300, f"{late[len(late) // 2]:.0f} ms")
    while frames(c, PICTURE, at)[-1][0] < again and time.monotonic() < again + 20:
        await asyncio.sleep(0.1)  # the ladder climbs when it trusts the link again
    picture = frames(c, PICTURE, at)
    made = [struct.unpack(">d", x[4][-8:])[0] for x in picture]
    gaps = [i for i in range(1, len(picture)) if (picture[i][3] - picture[i - 1][3]) & 0xFFFF != 1 or
            made[i] - made[i - 1] > 0.5]  # left out by the queue, or not even given to it
    check("pictures were left out, and then comes a key frame", gaps and all(picture[i][1] & KEY for i in gaps),
          f"{len(picture)} came, {len(gaps)} gaps")
    check("the mentor was asked for a key frame", any(x["type"] == "key_frame" for x in m.seen))


async def both_kinds(check, mentor, child, lesson):
    line, media = await take_part(mentor, lesson)
    c = await take_part_ws(child, lesson)
    encoder = Encoder(c)
    encoder.begin()
    check("who is on UDP hears who is on WebSocket", await hears(media))
    await asyncio.sleep(2)
    got = frames(c, VOICE)
    check("who is on WebSocket hears who is on UDP", len(got) > 30, len(got))
    slots = [x for x in c.seen if x["type"] == "slots"][-1]["slots"]
    check("its slots are numbers", [s["mid"] for s in slots] == [str(i) for i in range(len(slots))] and
          slots[got[-1][2]]["member"] == line.joined["you"], slots)
    await encoder.end()
    media.close()
    for x in (line, c):
        await x.close()


async def dead(check, mentor, child, lesson):
    """Who does not read for ten seconds is closed; a binary message before `frames` closes too."""
    m = await take_part_ws(mentor, lesson)
    c = await take_part_ws(child, lesson)
    sender = Encoder(m, 40000)
    sender.begin()
    await asyncio.sleep(1)
    begun = time.monotonic()
    c.ws._response.connection.transport.pause_reading()
    closed = None
    for _ in range(200):
        await asyncio.sleep(0.1)
        lost = [x for x in m.seen if x["type"] == "gone" or
                (x["type"] == "member" and not x["member"]["present"])]
        if lost:
            closed = time.monotonic() - begun
            break
    check("who takes nothing is closed after some ten seconds", closed and 9 < closed < 15, closed)
    await sender.end()
    await m.close()
    c.drop()
    line = await mentor.connect()
    await line.ws.send_bytes(HEAD.pack(1, VOICE, 0, 0, 20, 0, 0, 0) + b"\x78abc")
    await asyncio.wait_for(line.ended.wait(), 5)
    check("a frame that nobody asked for closes the line", line.ended.is_set())


async def lesson_of(world, check, scene):
    async with Crowd(world, "mentor1", "child1") as (mentor, child):
        await scene(check, mentor, child, await child.next_lesson())


def run(parta, check):
    for scene in (both_on_websocket, both_kinds, dead):
        with World(parta) as world:  # a personal link works once
            asyncio.run(lesson_of(world, check, scene))
            check.equal("ends with 0", world.stop(), 0)
