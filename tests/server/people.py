# SPDX-License-Identifier: Apache-2.0
"""People of the demo world as clients written from PROTOCOL.md: they sign in, open a signalling line, join,
and have a UDP socket that can speak ICE, DTLS-SRTP and a voice, or just knock where it must not be let in."""
import asyncio
import hashlib
import hmac
import json
import os
import socket
import ssl
import struct
import time
import zlib

import aiohttp
import pylibsrtp
from aiortc.rtcdtlstransport import RTCCertificate, SRTP_KEY_LEN, SRTP_SALT_LEN, get_srtp_key_salt
from OpenSSL import SSL
from pylibsrtp import Policy, Session

from world import unix_ms

MAGIC = 0x2112A442


class Line:
    """One signalling connection. What arrives is kept with its time; expect() looks only forward."""

    def __init__(self, person, ws):
        self.person, self.ws = person, ws
        self.seen, self.at = [], 0
        self.frames = []  # (when, message) of media over this WebSocket
        self.came = asyncio.Condition()
        self.ended = asyncio.Event()
        self.tasks = [asyncio.ensure_future(self._read())]

    async def _read(self):
        try:
            async for msg in self.ws:
                if msg.type == aiohttp.WSMsgType.BINARY:
                    self.frames.append((time.monotonic(), msg.data))
                    continue
                if msg.type != aiohttp.WSMsgType.TEXT:
                    break
                m = json.loads(msg.data)
                m["_at"], m["_raw"] = unix_ms(), msg.data
                async with self.came:
                    self.seen.append(m)
                    self.came.notify_all()
                if m["type"] == "welcome":
                    self.tasks.append(asyncio.ensure_future(self._ping(m["ping_s"])))
        except (ConnectionError, aiohttp.ClientError):
            pass
        self.ended.set()
        async with self.came:
            self.came.notify_all()

    async def _ping(self, seconds):
        n = 0
        while not self.ended.is_set():
            await asyncio.sleep(seconds)
            n += 1
            try:
                await self.ws.send_json({"type": "ping", "id": n})
            except (ConnectionError, RuntimeError):
                return

    async def say(self, **message):
        await self.ws.send_json(message)

    async def expect(self, *types, timeout=5, **fields):
        """The next message of one of these types with these fields."""

        def look():
            for i in range(self.at, len(self.seen)):
                m = self.seen[i]
                if m["type"] in types and all(m.get(k) == v for k, v in fields.items()):
                    self.at = i + 1
                    return m
            return None

        async with self.came:
            deadline = time.monotonic() + timeout
            while True:
                m = look()
                if m:
                    return m
                left = deadline - time.monotonic()
                if left <= 0 or self.ended.is_set():
                    told = [x["type"] for x in self.seen[self.at:]]
                    raise AssertionError(f"{self.person.who}: no {types} {fields}; told since: {told}"
                                         f"{', the line has ended' if self.ended.is_set() else ''}")
                try:
                    await asyncio.wait_for(self.came.wait(), left)
                except asyncio.TimeoutError:
                    pass

    async def join(self, lesson, offer=None, **more):
        """`joined` or `refused`; the offer goes right behind the join."""
        await self.say(type="join", lesson=lesson, **{"take_over": False, **more})
        if offer:
            await self.say(type="offer", sdp=offer)
        return await self.expect("joined", "refused")

    def drop(self):
        """As if the cable were pulled: no close frame, nothing flushed."""
        connection = self.ws._response.connection
        if connection and connection.transport:
            connection.transport.abort()
        self._stop()

    def fall_silent(self):
        """As if every packet were lost from now on: nothing is said any more, and nobody is told."""
        self._stop()

    def _stop(self):
        for t in self.tasks:
            t.cancel()
        self.ended.set()

    async def close(self):
        self._stop()
        await self.ws.close()


class Person:
    """who: a key of World.tokens ("mentor1"), or None for somebody without any sign-in."""

    def __init__(self, world, who):
        self.world, self.who = world, who
        self.http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._tls(), force_close=True, limit=0),
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Origin": world.origin})
        self.lines, self.user = [], None

    def _tls(self):
        return ssl.create_default_context(cafile=self.world.folder / "certs" / "ca.crt")

    async def api(self, method, path, body=None, **headers):
        """(status, answer or None, headers)."""
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        async with self.http.request(method, f"{self.world.origin}/api/v1{path}", json=body, headers=headers) as r:
            text = await r.text()
            return r.status, json.loads(text) if text else None, r.headers

    async def sign_in(self, token=None):
        status, me, _ = await self.api("POST", "/session", {"link": token or self.world.tokens[self.who]})
        assert status == 200, f"{self.who} sign-in: {status} {me}"
        self.user = me["user"]["id"] if "user" in me else me.get("id")
        return self

    def cookie(self):
        return next((c.value for c in self.http.cookie_jar if c.key == "__Host-s"), None)

    async def next_lesson(self):
        status, day, _ = await self.api("GET", "/me/day")
        assert status == 200 and day["next"], f"{self.who} has no lesson now: {status}"
        return day["next"]

    async def connect(self):
        ws = await self.http.ws_connect(f"wss://localhost:{self.world.port}/ws", protocols=["parta.1"], autoping=True)
        line = Line(self, ws)
        self.lines.append(line)
        await line.expect("welcome")
        return line

    async def close(self):
        for line in self.lines:
            try:
                await line.close()
            except (ConnectionError, aiohttp.ClientError, RuntimeError):
                pass
        await self.http.close()


class Crowd:
    """async with Crowd(world, "mentor1", None, ...) as people: signed in, and gone at the end."""

    def __init__(self, world, *who):
        self.people = [Person(world, w) for w in who]

    async def __aenter__(self):
        await asyncio.gather(*(p.sign_in() for p in self.people if p.who))
        return self.people

    async def __aexit__(self, *_):
        for p in self.people:
            await p.close()


# ---- media: ICE and DTLS-SRTP of others' making (OpenSSL, libsrtp), and as much of RTP as a voice needs ----


def _attribute(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def stun_check(user, password, nominate=True):
    """A Binding request (RFC 8489, RFC 8445 section 7.1) for "theirs:mine", tagged with their password."""
    body = _attribute(0x0006, user.encode()) + _attribute(0x0024, struct.pack(">I", 0x6E0001FF))
    body += _attribute(0x802A, os.urandom(8))
    if nominate:
        body += _attribute(0x0025, b"")
    return _sealed(0x0001, os.urandom(12), body, password)


def _sealed(kind, txid, body, password):
    """A STUN message with MESSAGE-INTEGRITY and FINGERPRINT."""
    def head(length):
        return struct.pack(">HHI", kind, length, MAGIC) + txid

    body += _attribute(0x0008, hmac.new(password.encode(), head(len(body) + 24) + body, hashlib.sha1).digest())
    crc = zlib.crc32(head(len(body) + 8) + body) ^ 0x5354554E
    return head(len(body) + 8) + body + _attribute(0x8028, struct.pack(">I", crc))


def is_question(data):
    """A Binding request of the server's."""
    return data[:2] == b"\x00\x01" and data[4:8] == struct.pack(">I", MAGIC)


def stun_answer(question, password, port):
    """The answer to it, tagged with this password, for a client on this port of 127.0.0.1."""
    mapped = struct.pack(">BBHI", 0, 1, port ^ MAGIC >> 16, 0x7F000001 ^ MAGIC)
    return _sealed(0x0101, question[8:20], _attribute(0x0020, mapped), password)


class Elsewhere(asyncio.DatagramProtocol):
    """A socket that only keeps what comes."""

    def __init__(self):
        self.got = []

    def datagram_received(self, data, addr):
        self.got.append(data)


class Media(asyncio.DatagramProtocol):
    """A UDP socket with ICE credentials and a certificate of its own. Keeps when each datagram came, and when
    each packet of sound that was really meant for it."""

    def __init__(self, world):
        self.world = world
        self.ufrag, self.pwd = os.urandom(4).hex(), os.urandom(12).hex()
        self.certificate = RTCCertificate.generateCertificate()
        self.ssrc = int.from_bytes(os.urandom(4), "big") | 1
        self.got, self.heard = [], []  # times: of datagrams (with them), of decrypted RTP
        self.theirs, self.transport = None, None
        self.asked = 0  # checks of the server's
        self.checking = None
        self.tasks = []
        self.handshakes = asyncio.Queue()
        self.inward = self.outward = None  # SRTP sessions

    async def open(self):
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        return self

    def close(self):
        for t in self.tasks:
            t.cancel()
        self.transport.close()

    def offer(self):
        """The SDP offer of PROTOCOL.md section 3 for a lesson of two."""
        fingerprint = self.certificate.getFingerprints()[0].value
        kinds = [("audio", "sendonly"), ("video", "sendonly"), ("video", "sendonly"), ("audio", "recvonly"),
                 ("audio", "recvonly"), ("video", "recvonly"), ("video", "recvonly"), ("video", "recvonly")]
        lines = ["v=0", "o=- 4611731400430051336 2 IN IP4 127.0.0.1", "s=-", "t=0 0",
                 "a=group:BUNDLE " + " ".join(str(i) for i in range(len(kinds)))]
        for mid, (kind, direction) in enumerate(kinds):
            pt, codec = (111, "opus/48000/2") if kind == "audio" else (96, "VP8/90000")
            lines += [f"m={kind} 9 UDP/TLS/RTP/SAVPF {pt}", "c=IN IP4 0.0.0.0", f"a=ice-ufrag:{self.ufrag}",
                      f"a=ice-pwd:{self.pwd}", f"a=fingerprint:sha-256 {fingerprint}", "a=setup:actpass", f"a=mid:{mid}",
                      f"a={direction}", "a=rtcp-mux", f"a=rtpmap:{pt} {codec}"]
            if mid == 0:
                lines += [f"a=ssrc:{self.ssrc} cname:test"]
        return "\r\n".join(lines) + "\r\n"

    # ---- datagrams ----

    def datagram_received(self, data, addr):
        self.got.append((unix_ms(), data))
        first = data[0] if data else 0
        if is_question(data):
            self.asked += 1
            self.send(stun_answer(data, self.pwd, self.transport.get_extra_info("sockname")[1]))
        if 20 <= first <= 63:
            self.handshakes.put_nowait(data)
        elif 128 <= first <= 191 and self.inward and not 64 <= (data[1] & 0x7F) < 96:
            try:
                self.inward.unprotect(data)
            except pylibsrtp.Error:
                return
            self.heard.append(unix_ms())

    def error_received(self, exc):
        pass

    def send(self, data):
        if not self.transport.is_closing():
            self.transport.sendto(data, ("127.0.0.1", self.world.port))

    def check(self):
        self.send(stun_check(f"{self.theirs[0]}:{self.ufrag}", self.theirs[1]))

    def try_everything(self, stolen_ufrag="abcd"):
        """What somebody can send who was never answered: checks with guessed and overheard names, a DTLS
        hello, something like RTP."""
        for user, key in ((f"{self.ufrag}:{self.ufrag}", self.pwd), (f"{stolen_ufrag}:{self.ufrag}", self.pwd),
                          (f"{stolen_ufrag}:{self.ufrag}", ""), (stolen_ufrag, self.pwd), (":", self.pwd)):
            self.send(stun_check(user, key))
        self.send(b"\x16\xfe\xfd" + b"\0" * 8 + struct.pack(">H", 60) + b"\x01" + b"\0" * 59)
        self.send(b"\x80\x60" + os.urandom(100))

    def _repeat(self, what, every):
        async def run():
            while True:
                what()
                await asyncio.sleep(every)

        self.tasks.append(asyncio.ensure_future(run()))

    def keep_trying(self, every=0.2):
        self._repeat(self.try_everything, every)

    # ---- a path of one's own ----

    async def connect(self, sdp):
        """ICE and DTLS as the answer says. True once media may flow; checks go on."""
        values = dict(l[2:].split(":", 1) for l in sdp.splitlines() if l.startswith("a=ice-") and ":" in l)
        self.theirs = (values["ice-ufrag"], values["ice-pwd"])
        end = time.monotonic() + 5
        while not self.got and time.monotonic() < end:
            self.check()
            await asyncio.sleep(0.02)
        self._repeat(self.check, 0.2)
        self.checking = self.tasks[-1]
        try:
            await asyncio.wait_for(self._handshake(), 5)
        except (asyncio.TimeoutError, SSL.Error):
            return False
        return True

    async def _handshake(self):
        tls = SSL.Connection(self.certificate._create_ssl_context())
        tls.set_connect_state()
        while True:
            try:
                tls.do_handshake()
                done = True
            except SSL.WantReadError:
                done = False
            try:
                while True:
                    self.send(tls.bio_read(1500))
            except SSL.Error:
                pass
            if done:
                break
            tls.bio_write(await self.handshakes.get())
        key = tls.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (SRTP_KEY_LEN + SRTP_SALT_LEN))
        self.outward = Session(Policy(key=get_srtp_key_salt(key, 0), ssrc_type=Policy.SSRC_ANY_OUTBOUND))
        self.inward = Session(Policy(key=get_srtp_key_salt(key, 1), ssrc_type=Policy.SSRC_ANY_INBOUND))

    async def move(self):
        """As a NAT does that forgets: another port from now on, and no check that would tell the server. What
        still comes to the old one is kept in the result."""
        self.checking.cancel()
        old, left = self.transport, Elsewhere()
        old.set_protocol(left)
        await self.open()
        return left

    def talk(self):
        """A voice: an Opus packet every 20 ms."""
        seq = [int.from_bytes(os.urandom(2), "big") // 2]

        def one():
            seq[0] += 1
            head = struct.pack(">BBHII", 0x80, 111, seq[0] & 0xFFFF, seq[0] * 960 & 0xFFFFFFFF, self.ssrc)
            self.send(self.outward.protect(head + b"\xfc" + os.urandom(60)))

        self._repeat(one, 0.02)


async def take_part(person, lesson, **more):
    """(line, media): in the lesson, with a path, the microphone on and a voice. A child's path waits for its
    mentor, so the mentor comes first."""
    media = await Media(person.world).open()
    line = await person.connect()
    m = await line.join(lesson, media.offer(), **more)
    assert m["type"] == "joined", f"{person.who}: {m}"
    line.joined = m
    line.answer = (await line.expect("answer"))["sdp"]
    assert await media.connect(line.answer), f"{person.who} has no media path"
    await line.say(type="state", mic=True, camera=False, screen=False)
    media.talk()
    return line, media


async def hears(media, timeout=3):
    """True once sound comes."""
    n, end = len(media.heard), time.monotonic() + timeout
    while len(media.heard) <= n and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return len(media.heard) > n
