# SPDX-License-Identifier: Apache-2.0
"""One seat's media by aiortc: sends a tone and a moving bar, hands on what it decodes."""
import asyncio
import fractions
import time

import numpy
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame


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

    def __init__(self, fps):
        super().__init__()
        self.fps, self.n, self.start = fps, 0, None

    async def recv(self):
        self.start = self.start or time.time()
        await asyncio.sleep(max(0, self.start + self.n / self.fps - time.time()))
        picture = numpy.full((240, 320, 3), 40, numpy.uint8)
        x = (self.n * 4) % 300
        picture[:, x : x + 20] = 220
        frame = VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = self.n * 90000 // self.fps, fractions.Fraction(1, 90000)
        self.n += 1
        return frame


class Aiortc:
    name = "aiortc"

    def __init__(self, hz, fps, person):
        self.person, self.tasks = person, []
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.on("track", lambda t: self.tasks.append(asyncio.ensure_future(self.watch(t))))
        self.pc.addTransceiver(Tone(hz), direction="sendonly")
        self.pc.addTransceiver(Bars(fps), direction="sendonly")
        self.pc.addTransceiver("video", direction="sendonly")
        for kind in ("audio", "audio", "video", "video", "video"):
            self.pc.addTransceiver(kind, direction="recvonly")

    async def offer(self):
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def answer(self, sdp):
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def watch(self, track):
        try:
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    self.person.picture(frame.to_ndarray(format="gray"))
                else:
                    self.person.sound(frame.to_ndarray().reshape(-1)[:: len(frame.layout.channels)].astype(float) / 32768)
        except MediaStreamError:
            return

    async def close(self):
        for t in self.tasks:
            t.cancel()
        await self.pc.close()
