#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Media over WebSocket across a bad line, without browsers: what a person behind it gets of a mentor's voice and
picture, and how old it is when it comes. Sender and receiver are plain clients on one clock, so an age is a fact.
Server and mentor are in one network namespace, the child in another, impair-tun between them. Needs root.

    tests/bench/network/frames.py                   every row, about 4 minutes
    tests/bench/network/frames.py rate loss         rows whose names begin so"""
import asyncio
import ctypes
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "server"))
import aiohttp  # noqa: E402
from aiohttp.abc import AbstractResolver  # noqa: E402

import world  # noqa: E402
from people import Person  # noqa: E402
from wsmedia import HEAD, KEY, PICTURE, VOICE, DELTA_HEAD, KEY_HEAD, take_part_ws  # noqa: E402

CLIENT, SERVER = f"partafc{os.getpid()}", f"partafs{os.getpid()}"
ADDRESS = "10.99.0.2"
NEWNET = 0x40000000
SETTLE_S, MEASURE_S = 5, 20
VOICE_BYTES = 80  # 32 kbit/s, as Chromium does, and less when the server says so
LAYER_BYTES = {0: 3200, 1: 1300, 2: 950}  # 25 a second in the order 0 2 1 2: 320 kbit/s, half of it in layer 0
KEY_BYTES = 9000
WHOLE_BPS, WHOLE_FPS = 320_000, 25
HALF_BPS, HALF_KEY_BYTES = 75_000, 3000  # below, a camera makes pictures of half the size
ROWS = ([("clean", "at 0s both delay=20ms jitter=5ms")] +
        [(f"loss {n} %", f"at 0s both delay=20ms jitter=5ms loss={n}%") for n in (1, 5, 10, 20)] +
        [(f"loss {n} % in bursts of packets", f"at 0s both delay=20ms jitter=5ms burst={n}%/4") for n in (5, 10)] +
        [(f"loss {n} % in bursts of time", f"at 0s both delay=20ms jitter=5ms burst={n}%/80ms") for n in (5, 10, 20)] +
        [("jitter 200 ms", "at 0s both delay=200ms jitter=200ms")] +
        [("round trip 300 ms", "at 0s both delay=150ms jitter=5ms")] +
        [(f"rate {k} kbit/s", f"at 0s both delay=20ms rate={k}k") for k in (1500, 300, 128, 64)])


def go_to(namespace):
    """Sockets made from now on, and programs started, are in this namespace."""
    with open(f"/run/netns/{namespace}") as f:
        if ctypes.CDLL(None, use_errno=True).setns(f.fileno(), NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


class Across(AbstractResolver):
    """localhost is the server beyond the line."""

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [{"hostname": host, "host": ADDRESS, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self):
        pass


class Mentor:
    """Voice every 20 ms; a picture every 40 ms of three temporal layers, a key frame when asked."""

    def __init__(self, line):
        self.line, self.voices, self.pictures = line, 0, 0
        self.seq, self.asked, self.at, self.turns = {VOICE: 0, PICTURE: 0}, 0, 0, 0

    async def frame(self, kind, payload, flags=0):
        head = HEAD.pack(1, kind, flags, 0, 20 if kind == VOICE else 0, 0, self.seq[kind] & 0xFFFF, int(time.monotonic() * 1e6))
        self.seq[kind] += 1
        await self.line.ws.send_bytes(head + payload + struct.pack(">d", time.monotonic()))

    def rates(self):
        """What the server lets it make: bit/s of its voice and of its camera, 0 for all it likes."""
        told = [m for m in self.line.seen if m["type"] == "rates"]
        return (told[-1]["voice"], told[-1]["camera"]) if told else (0, 0)

    async def picture(self, most):
        """Called 25 times a second; fewer pictures before worse ones, as the pages do."""
        self.turns += 1
        bps = min(most or WHOLE_BPS, WHOLE_BPS)
        fps = 25 if bps >= 220_000 else 15 if bps >= 110_000 else 8 if bps >= 60_000 else 4
        if self.turns * fps // WHOLE_FPS == (self.turns - 1) * fps // WHOLE_FPS:
            return
        asked = sum(m["type"] == "key_frame" for m in self.line.seen)
        key = self.pictures == 0 or asked != self.asked
        self.asked, self.at = asked, 0 if key else self.at + 1
        layer = (0, 2, 1, 2)[self.at % 4]
        flags = KEY if key else (layer << 3) | (2 if layer == 2 else 0) | (4 if self.at % 4 in (1, 2) else 0)
        share = bps / WHOLE_BPS * WHOLE_FPS / fps  # of its whole bytes
        head, size = (KEY_HEAD, KEY_BYTES if bps >= HALF_BPS else HALF_KEY_BYTES) if key else (DELTA_HEAD, int(LAYER_BYTES[layer] * share))
        self.pictures += 1
        await self.frame(PICTURE, head + bytes(size - len(head)), flags)

    async def run(self):
        due = time.monotonic()
        while True:
            voice, camera = self.rates()
            await self.frame(VOICE, b"\x78" + bytes((voice // 400 if voice else VOICE_BYTES) - 1))
            self.voices += 1
            if self.voices % 2 == 0:
                await self.picture(camera)
            due += 0.02
            await asyncio.sleep(max(0, due - time.monotonic()))


async def voice_only(line):
    """What the child sends: a voice of 16 kbit/s."""
    n, due = 0, time.monotonic()
    while True:
        head = HEAD.pack(1, VOICE, 0, 0, 30, 0, n & 0xFFFF, int(time.monotonic() * 1e6))
        await line.ws.send_bytes(head + b"\x78" + bytes(40))
        n, due = n + 1, due + 0.02
        await asyncio.sleep(max(0, due - time.monotonic()))


def ages(line, kind, since, until):
    """Ages in ms of what was made in this time, and when each was made."""
    out = []
    for at, m in list(line.frames):
        made = struct.unpack(">d", m[-8:])[0]
        if m[1] == kind and since <= made < until:
            out.append((made, (at - made) * 1000))
    return out


def played(got, since, until):
    """Share of the voices that came while a jitter buffer that follows the line, and never holds back more than
    400 ms above the quickest, would have had a use for them; and the least such buffer for 97 %, ms."""
    least = min((a for _, a in got), default=0)
    total = (until - since) * 50
    late = sorted(a - least for _, a in got)
    need = late[int(total * 0.97)] if len(late) > int(total * 0.97) else float("nan")
    return 100 * sum(x <= 400 for x in late) / total, need


def p(values, share):
    values = sorted(values)
    return f"{values[min(len(values) - 1, int(len(values) * share))]:.0f}" if values else "-"


async def lesson(made, name, script):
    with tempfile.NamedTemporaryFile("w", suffix=".script") as f:
        f.write(script + "\n")
        f.flush()
        tun = subprocess.Popen([ROOT / "build/release/tests/net/impair-tun", "--make", "--client", CLIENT, "--server", SERVER,
                                "--script", f.name, "--seconds", str(SETTLE_S + MEASURE_S + 60)],
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        while "ready" not in (said := tun.stderr.readline()):
            assert said, "impair-tun ended"
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        go_to(SERVER)
        with made() as w:
            mentor, child = Person(w, "mentor1"), Person(w, "child1")
            await child.http.close()
            child.http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=child._tls(), force_close=True, limit=0, resolver=Across()),
                cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": w.origin})
            await mentor.sign_in()
            go_to(CLIENT)
            await child.sign_in()
            at = await child.next_lesson()
            go_to(SERVER)
            m = await take_part_ws(mentor, at)
            go_to(CLIENT)
            c = await take_part_ws(child, at, camera=False)
            go_to(SERVER)
            sender = Mentor(m)
            tasks = [asyncio.ensure_future(sender.run()), asyncio.ensure_future(voice_only(c))]
            await asyncio.sleep(SETTLE_S)
            since = time.monotonic()
            await asyncio.sleep(MEASURE_S)
            until = time.monotonic()
            await asyncio.sleep(2)
            voice, picture = ages(c, VOICE, since, until), ages(c, PICTURE, since, until)
            share, need = played(voice, since, until)
            steps = [s["step"] for x in c.seen if x["type"] == "slots" for s in x["slots"] if s.get("step")]
            print(f"| {name} | {len(voice) / (until - since) / 50 * 100:.1f} % | {share:.1f} % | {need:.0f} | "
                  f"{p([a for _, a in voice], .5)} / {p([a for _, a in voice], .95)} | {len(picture) / (until - since):.1f} | "
                  f"{p([a for _, a in picture], .5)} / {p([a for _, a in picture], .95)} | {steps[-1] if steps else '-'} | "
                  f"{os.getloadavg()[0]:.1f} |", flush=True)
            for t in tasks:
                t.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for person in (mentor, child):
                await person.close()
    finally:
        ctypes.CDLL(None).setns(home, NEWNET)
        os.close(home)
        tun.send_signal(signal.SIGTERM)
        tun.wait(10)


def serve_to_all(w):
    text = w.settings.read_text()
    w.settings.write_text(text.replace("listen = 127.0.0.1", "listen = 0.0.0.0"))
    return w


def main():
    parta = str(ROOT / "build/release/parta")
    wanted = sys.argv[1:]
    world.template(parta)
    print("| line | voices that came | in time for a buffer of 400 ms | buffer for 97 %, ms | age of voice p50 / p95, ms | "
          "pictures a second | age p50 / p95, ms | step | load |\n|" + " --- |" * 9)
    for name, script in ROWS:
        if not wanted or any(name.startswith(x) for x in wanted):
            try:
                asyncio.run(lesson(lambda: serve_to_all(world.World(parta)), name, script))
            except Exception as e:  # the next line may be better
                print(f"| {name} | failed: {type(e).__name__} {e} |")
    world.forget()


main()
