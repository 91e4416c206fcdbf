#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A lesson held with a WebRTC stack that is neither a browser nor ours (aiortc): a mentor and a child
sign in by their demo links, join by the documented protocol, send a tone and a moving picture, and
decode what the other sends. Fails unless both see moving pictures and hear energy.

  foreign_lesson.py PATH_TO_PARTA
"""
import asyncio
import fractions
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import aiohttp
import numpy
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

ROOT = pathlib.Path(__file__).resolve().parents[2]
FPS = 15
SECONDS = 6
TONE_HZ = {"mentor": 440, "child": 660}


class Tone(MediaStreamTrack):
    """20 ms frames of a sine at half loudness."""

    kind = "audio"

    def __init__(self, hz):
        super().__init__()
        self.hz, self.at, self.start = hz, 0, None

    async def recv(self):
        rate, n = 48000, 960
        self.start = self.start or time.time()
        await asyncio.sleep(max(0, self.start + self.at / rate - time.time()))
        t = (numpy.arange(n) + self.at) / rate
        samples = (numpy.sin(2 * numpy.pi * self.hz * t) * 16000).astype(numpy.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, self.at, fractions.Fraction(1, rate)
        self.at += n
        return frame


class Bars(MediaStreamTrack):
    """A picture whose bright bar moves a little with every frame."""

    kind = "video"

    def __init__(self):
        super().__init__()
        self.n, self.start = 0, None

    async def recv(self):
        self.start = self.start or time.time()
        await asyncio.sleep(max(0, self.start + self.n / FPS - time.time()))
        picture = numpy.full((240, 320, 3), 40, numpy.uint8)
        x = (self.n * 4) % 300
        picture[:, x : x + 20] = 220
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self.n * 90000 // FPS, fractions.Fraction(1, 90000)
        self.n += 1
        return frame


class Person:
    def __init__(self, role, origin, link):
        self.role, self.origin, self.link = role, origin, link
        self.frames = self.moved = 0
        self.energy = 0.0
        self.spectrum = None
        self.joined = asyncio.Event()
        self.live = asyncio.Event()
        self.sees = asyncio.Event()  # the first picture of the other
        self.tasks = []

    async def sign_in(self, http):
        token = self.link.rsplit("/", 1)[1]
        async with http.post(f"{self.origin}/api/v1/session", json={"link": token}, headers={"Origin": self.origin}) as r:
            assert r.status == 200, f"{self.role} sign-in: {r.status} {await r.text()}"
        async with http.get(f"{self.origin}/api/v1/me/day") as r:
            day = await r.json()
            assert r.status == 200 and day["next"], f"{self.role} has no lesson now: {day}"
            return day["next"]

    async def watch(self, track):
        before = None
        try:
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    picture = frame.to_ndarray(format="gray")
                    self.frames += 1
                    self.sees.set()
                    if before is not None and before.shape == picture.shape:
                        self.moved += bool(numpy.abs(picture.astype(int) - before).max() > 60)
                    before = picture
                else:
                    samples = frame.to_ndarray().reshape(-1)[:: len(frame.layout.channels)].astype(float) / 32768
                    self.energy += float(numpy.square(samples).sum())
                    power = numpy.abs(numpy.fft.rfft(samples, 4800))
                    self.spectrum = power if self.spectrum is None else self.spectrum + power
        except MediaStreamError:
            return

    def loudest_hz(self):
        return 0 if self.spectrum is None else int(numpy.argmax(self.spectrum)) * 10

    async def hold(self, http, lesson):
        """Joins and stays until cancelled."""
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        pc.on("track", lambda t: self.tasks.append(asyncio.ensure_future(self.watch(t))))
        pc.addTransceiver(Tone(TONE_HZ[self.role]), direction="sendonly")
        pc.addTransceiver(Bars(), direction="sendonly")
        pc.addTransceiver("video", direction="sendonly")
        for kind in ("audio", "audio", "video", "video", "video"):
            pc.addTransceiver(kind, direction="recvonly")
        await pc.setLocalDescription(await pc.createOffer())
        try:
            url = self.origin.replace("https", "wss") + "/ws"
            async with http.ws_connect(url, protocols=["parta.1"], headers={"Origin": self.origin}) as ws:
                await self.converse(ws, pc, lesson)
        finally:
            for t in self.tasks:
                t.cancel()
            await pc.close()

    async def converse(self, ws, pc, lesson):
        async for msg in ws:
            if msg.type != aiohttp.WSMsgType.TEXT:
                break
            m = json.loads(msg.data)
            if m["type"] == "welcome":
                await ws.send_json({"type": "join", "lesson": lesson, "take_over": True})
                await ws.send_json({"type": "offer", "sdp": pc.localDescription.sdp})
                self.tasks.append(asyncio.ensure_future(self.ping(ws, m["ping_s"])))
            elif m["type"] == "joined":
                await ws.send_json({"type": "state", "mic": True, "camera": True, "screen": False})
                self.joined.set()
            elif m["type"] == "answer":
                await pc.setRemoteDescription(RTCSessionDescription(m["sdp"], "answer"))
                self.live.set()
            elif m["type"] in ("refused", "error", "closed"):
                raise AssertionError(f"{self.role}: {m}")

    @staticmethod
    async def ping(ws, seconds):
        n = 0
        while True:
            await asyncio.sleep(seconds)
            n += 1
            await ws.send_json({"type": "ping", "id": n})


async def lesson(origin, links):
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    people = [Person("mentor", origin, links["mentor1"]), Person("child", origin, links["child1"])]
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
            assert done, f"no {what} within 20 s"
        done, _ = await asyncio.wait(holds, timeout=SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for d in done:
            d.result()
    finally:
        for h in holds:
            h.cancel()
        await asyncio.gather(*holds, return_exceptions=True)
        for s in sessions:
            await s.close()
    return people


def judge(people):
    """One line per check; the number of those that failed."""
    failed = passed = 0
    for me, other in (people, people[::-1]):
        checks = {
            f"decodes the other's picture ({me.frames} frames)": me.frames >= FPS * SECONDS * 0.8,
            f"sees it move ({me.moved} frames)": me.moved >= FPS * SECONDS * 0.5,
            f"hears energy ({me.energy:.0f})": me.energy > 1000,
            f"hears the other's tone ({me.loudest_hz()} Hz)": abs(me.loudest_hz() - TONE_HZ[other.role]) <= 20,
        }
        for text, ok in checks.items():
            print(f"{'ok  ' if ok else 'FAIL'} {me.role} {text}")
            passed, failed = passed + ok, failed + (not ok)
    print(f"{passed} passed, {failed} failed")
    return failed


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    port, data = free_port(), tempfile.mkdtemp(prefix="parta-foreign-")
    server = subprocess.Popen(
        [sys.argv[1], "demo", "--port", str(port), "--data", data, "--static", str(ROOT / "client-web/dist"), "--certs", str(ROOT / "certs")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            sys.stdout.write(line)
            if "serving " in line:
                break
        else:
            print("the server did not start")
            return 1
        # The pipe must not fill up while the lesson runs.
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL)
        links = json.loads((pathlib.Path(data) / "links.json").read_text())
        people = asyncio.run(lesson(f"https://localhost:{port}", links))
        drain.kill()
        return 1 if judge(people) else 0
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
