# SPDX-License-Identifier: Apache-2.0
"""One seat's media by GStreamer's webrtcbin (libnice, its own DTLS, SRTP and RTP): sends a tone and a moving ball, hands on
what it decodes. Pictures and samples come on GStreamer's threads and are handed on in the event loop."""
import asyncio

import gi
import numpy

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)

OPUS = "application/x-rtp,media=audio,encoding-name=OPUS,clock-rate=48000,encoding-params=(string)2,payload=96"
VP8 = "application/x-rtp,media=video,encoding-name=VP8,clock-rate=90000,payload=97"
SEND = """
  webrtcbin name=w bundle-policy=max-bundle latency=100
  audiotestsrc is-live=true wave=sine freq={hz} volume=0.5 ! audio/x-raw,rate=48000,channels=1 ! opusenc ! rtpopuspay pt=96 ! {opus} ! w.sink_0
  videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate={fps}/1 !
    vp8enc deadline=1 target-bitrate=300000 error-resilient=default ! rtpvp8pay pt=97 picture-id-mode=15-bit ! {vp8} ! w.sink_1
"""
DECODE = {
    "audio": "rtpopusdepay ! opusdec ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! appsink name=end emit-signals=true sync=false",
    "video": "rtpvp8depay ! vp8dec ! videoconvert ! video/x-raw,format=GRAY8 ! appsink name=end emit-signals=true sync=false",
}


class GStreamer:
    name = "GStreamer"

    def __init__(self, hz, fps, person):
        self.person, self.loop = person, asyncio.get_running_loop()
        self.pipeline = Gst.parse_launch(SEND.format(hz=hz, fps=fps, opus=OPUS, vp8=VP8))
        self.w = self.pipeline.get_by_name("w")
        self.w.connect("pad-added", self.receive)
        self.ready = asyncio.Event()  # before, the offer would not name its SSRCs: camera and screen have the same payload type
        self.w.connect("on-negotiation-needed", lambda _: self.loop.call_soon_threadsafe(self.ready.set))
        for n in (0, 1):
            self.w.get_static_pad(f"sink_{n}").get_property("transceiver").set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        self.line("SENDONLY", VP8)  # the screen, of which nothing is sent
        for caps in (OPUS, OPUS, VP8, VP8, VP8):
            self.line("RECVONLY", caps)

    def line(self, direction, caps):
        self.w.emit("add-transceiver", getattr(GstWebRTC.WebRTCRTPTransceiverDirection, direction), Gst.Caps.from_string(caps))

    def ask(self, signal, *args):
        """A signal that answers by a promise, in milliseconds. What the reply has in it, it owns."""
        promise = Gst.Promise.new()
        self.w.emit(signal, *args, promise)
        promise.wait()
        reply = promise.get_reply()
        assert reply is None or not reply.has_field("error"), f"{signal}: {reply.to_string()}"
        return reply

    async def offer(self):
        self.pipeline.set_state(Gst.State.PLAYING)
        await self.ready.wait()
        reply = self.ask("create-offer", None)
        offer = reply.get_value("offer")
        self.ask("set-local-description", offer)
        sdp = offer.sdp.as_text()
        assert sdp.count(" cname:") == 2, f"voice and picture are not named:\n{sdp}"
        return sdp

    async def answer(self, sdp):
        _, message = GstSdp.SDPMessage.new_from_text(sdp)
        self.ask("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message))

    def receive(self, _, pad):
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        kind = pad.get_current_caps().get_structure(0).get_string("media")
        decode = Gst.parse_bin_from_description(DECODE[kind], True)
        decode.get_by_name("end").connect("new-sample", self.take, kind)
        self.pipeline.add(decode)
        decode.sync_state_with_parent()
        pad.link(decode.get_static_pad("sink"))

    def take(self, sink, kind):
        sample = sink.emit("pull-sample")
        buffer = sample.get_buffer()
        data = buffer.extract_dup(0, buffer.get_size())
        if kind == "audio":
            hand, what = self.person.sound, numpy.frombuffer(data, numpy.int16).astype(float) / 32768
        else:
            size = sample.get_caps().get_structure(0)
            height = size.get_int("height")[1]
            hand, what = self.person.picture, numpy.frombuffer(data, numpy.uint8).reshape(height, -1)[:, : size.get_int("width")[1]]
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(hand, what)
        return Gst.FlowReturn.OK

    async def close(self):
        await self.loop.run_in_executor(None, self.pipeline.set_state, Gst.State.NULL)
