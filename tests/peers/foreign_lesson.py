#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A lesson held with two WebRTC stacks that are neither a browser nor ours, aiortc and GStreamer's webrtcbin, each once the
mentor and once the child: they sign in by their demo links, join by the documented protocol, send a tone and a moving picture,
and decode what the other sends. Fails unless both see moving pictures and hear the other's tone, and the mentor ends it.

  foreign_lesson.py PATH_TO_PARTA
"""
import asyncio
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile

import aiohttp
import numpy

from stack_aiortc import Aiortc

ROOT = pathlib.Path(__file__).resolve().parents[2]
FPS = 15
SECONDS = 6  # worth of frames that each is to see
TONE_HZ = {"mentor": 440, "child": 660}


class Person:
    def __init__(self, role, stack, origin, link):
        self.role, self.stack, self.origin, self.link = role, stack, origin, link
        self.frames = self.moved = 0
        self.energy = 0.0
        self.spectrum = None
        self.before = None
        self.ws = None
        self.closed = None  # why the lesson closed
        self.live = asyncio.Event()
        self.sees = asyncio.Event()  # the first picture of the other
        self.pings = None

    async def sign_in(self, http):
        token = self.link.rsplit("/", 1)[1]
        async with http.post(f"{self.origin}/api/v1/session", json={"link": token}, headers={"Origin": self.origin}) as r:
            assert r.status == 200, f"{self.role} sign-in: {r.status} {await r.text()}"
        async with http.get(f"{self.origin}/api/v1/me/day") as r:
            day = await r.json()
            assert r.status == 200 and day["next"], f"{self.role} has no lesson now: {day}"
            return day["next"]

    def picture(self, gray):
        self.frames += 1
        self.sees.set()
        if self.before is not None and self.before.shape == gray.shape:
            self.moved += bool(numpy.abs(gray.astype(int) - self.before).max() > 60)
        self.before = gray

    def sound(self, samples):
        self.energy += float(numpy.square(samples).sum())
        power = numpy.abs(numpy.fft.rfft(samples, 4800))
        self.spectrum = power if self.spectrum is None else self.spectrum + power

    def loudest_hz(self):
        return 0 if self.spectrum is None else int(numpy.argmax(self.spectrum)) * 10

    async def hold(self, http, lesson):
        """Joins and stays until the lesson closes or this is cancelled."""
        media = self.stack(TONE_HZ[self.role], FPS, self)
        try:
            url = self.origin.replace("https", "wss") + "/ws"
            async with http.ws_connect(url, protocols=["parta.1"], headers={"Origin": self.origin}) as ws:
                self.ws = ws
                await self.converse(ws, media, lesson)
        finally:
            if self.pings:
                self.pings.cancel()
            await media.close()

    async def converse(self, ws, media, lesson):
        async for msg in ws:
            if msg.type != aiohttp.WSMsgType.TEXT:
                break
            m = json.loads(msg.data)
            if m["type"] == "welcome":
                await ws.send_json({"type": "join", "lesson": lesson, "take_over": True})
                await ws.send_json({"type": "offer", "sdp": await media.offer()})
                self.pings = asyncio.ensure_future(self.ping(ws, m["ping_s"]))
            elif m["type"] == "joined":
                await ws.send_json({"type": "state", "mic": True, "camera": True, "screen": False})
            elif m["type"] == "answer":
                await media.answer(m["sdp"])
                self.live.set()
            elif m["type"] == "closed":
                self.closed = m["code"]
                return
            elif m["type"] in ("refused", "error"):
                raise AssertionError(f"{self.role}: {m}")

    @staticmethod
    async def ping(ws, seconds):
        n = 0
        while True:
            await asyncio.sleep(seconds)
            n += 1
            await ws.send_json({"type": "ping", "id": n})


async def lesson(origin, links, mentor=Aiortc, child=Aiortc):
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    people = [Person("mentor", mentor, origin, links["mentor1"]), Person("child", child, origin, links["child1"])]
    holds, sessions = [], []
    try:
        for p in people:
            http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls), cookie_jar=aiohttp.CookieJar(unsafe=True))
            sessions.append(http)
            holds.append(asyncio.ensure_future(p.hold(http, await p.sign_in(http))))
        for what, events in (("answer", [p.live for p in people]), ("picture", [p.sees for p in people])):
            both = asyncio.gather(*(e.wait() for e in events))
            done, _ = await asyncio.wait(holds + [both], timeout=20, return_when=asyncio.FIRST_COMPLETED)
            both.cancel()
            for d in done:  # a person who is done before that has failed
                d.result()
            assert done, f"no {what} within 20 s: {[(p.role, p.frames) for p in people]}"
        end = asyncio.get_running_loop().time() + 5 * SECONDS  # a busy machine sends fewer frames a second
        while min(p.frames for p in people) < FPS * SECONDS and asyncio.get_running_loop().time() < end:
            done, _ = await asyncio.wait(holds, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
            for d in done:
                d.result()
            assert not done, "closed before its end"
        await people[0].ws.send_json({"type": "end"})
        await asyncio.wait(holds, timeout=5)
    finally:
        for h in holds:
            h.cancel()
        await asyncio.gather(*holds, return_exceptions=True)
        for s in sessions:
            await s.close()
    return people


def judge(people):
    """One line per check; how many passed and failed."""
    failed = passed = 0
    for me, other in (people, people[::-1]):
        checks = {
            f"decodes the other's picture ({me.frames} frames)": me.frames >= FPS * SECONDS,
            f"sees it move ({me.moved} frames)": me.moved >= FPS * SECONDS * 0.5,
            f"hears energy ({me.energy:.0f})": me.energy > 1000,
            f"hears the other's tone ({me.loudest_hz()} Hz)": abs(me.loudest_hz() - TONE_HZ[other.role]) <= 20,
            f"is told that the mentor ended it ({me.closed})": me.closed == "mentor_ended",
        }
        for text, ok in checks.items():
            print(f"{'ok  ' if ok else 'FAIL'} {me.role} ({me.stack.name}) {text}", flush=True)
            passed, failed = passed + ok, failed + (not ok)
    return passed, failed


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def hold(parta, mentor, child):
    """A server of its own, for a lesson that has ended stays so."""
    port, data = free_port(), tempfile.mkdtemp(prefix="parta-foreign-")
    server = subprocess.Popen(
        [parta, "demo", "--port", str(port), "--data", data, "--static", str(ROOT / "client-web/dist"), "--certs", str(ROOT / "certs")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            if "serving " in line:
                break
        else:
            raise AssertionError("the server did not start")
        # The pipe must not fill up while the lesson runs.
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL)
        links = json.loads((pathlib.Path(data) / "links.json").read_text())
        people = asyncio.run(lesson(f"https://localhost:{port}", links, mentor, child))
        drain.kill()
        return judge(people)
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(data, ignore_errors=True)


def main():
    from stack_gstreamer import GStreamer  # of this suite only: others hold a lesson with aiortc

    passed, failed = map(sum, zip(*(hold(sys.argv[1], *stacks) for stacks in ((Aiortc, GStreamer), (GStreamer, Aiortc)))))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
