# SPDX-License-Identifier: Apache-2.0
"""A real `parta serve` on free ports with a database of its own, and the plainest of clients: raw
bytes over TLS, so that a test can say exactly what no browser would."""
import base64
import os
import pathlib
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WS_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def free_port():
    """A TCP port that was free a moment ago, with a free UDP port of the same number beside it."""
    while True:
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Server:
    """Starts on construction of the context; `limits` are settings of [limits]."""

    def __init__(self, parta, limits=None, prefix=()):
        self.parta = parta
        self.prefix = list(prefix)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="parta-"))
        self.port = free_port()
        self.metrics = free_port()
        self.origin = f"https://localhost:{self.port}"
        self.host = f"localhost:{self.port}"
        self.log = self.folder / "log"
        self.process = None
        subprocess.run([ROOT / "certs" / "make-dev-certs", self.folder / "certs"], check=True,
                       stdout=subprocess.DEVNULL)
        pages = self.folder / "pages"
        (pages / "assets").mkdir(parents=True)
        (pages / "index.html").write_text("<!doctype html><title>Parta</title>index page")
        (pages / "assets" / "app-1a2b3c.js").write_text("export const one = 1;\n" * 40)
        (pages / "assets" / "big-1a2b3c.js").write_bytes(b"// padding\n" * 400000)
        (pages / "assets" / "app-1a2b3c.js.gz").write_bytes(b"\x1f\x8b packed")
        (self.folder / "outside.txt").write_text("secret outside")
        (pages / "link.txt").symlink_to(self.folder / "outside.txt")
        (pages / "linked").symlink_to(self.folder)
        (pages / ".hidden.txt").write_text("hidden")
        self.settings = self.folder / "parta.ini"
        extra = "\n".join(f"{k} = {v}" for k, v in (limits or {}).items())
        self.settings.write_text(f"""
[server]
listen = 127.0.0.1
port = {self.port}
origin = {self.origin}
certificate = certs/server.crt
key = certs/server.key
pages = pages
metrics_port = {self.metrics}
[media]
announce = 127.0.0.1
relays = 1
[records]
database = parta.db
secret = parta.secret
[limits]
{extra}
""")
        self.tls = ssl.create_default_context(cafile=self.folder / "certs" / "ca.crt")
        self.tls.check_hostname = True

    def __enter__(self):
        self.cookie = self.make_login()
        self.start()
        if not self.cookie:
            self.cookie = self.sign_in()
        return self

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.prefix + [self.parta, "serve", self.settings],
                                            stdout=log, stderr=log)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self):
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        log = self.log_text() if self.log.exists() else ""
        if os.environ.get("KEEP"):
            print("kept", self.folder)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
        # In the sanitizer builds every server of every case has to be clean.
        for word in ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:", "WARNING: ThreadSanitizer"):
            assert word not in log, log[log.index(word):][:6000]

    # ---- a person to be signed in as ----

    def make_login(self):
        """Makes a coordinator by the command line; the token of the one-time link is kept."""
        made = subprocess.run([self.parta, "admin", self.settings, "coordinator", "--name",
                               "Test Person", "--login", "tester", "--centre", "test", "--zone",
                               "Europe/Moscow", "--token"], capture_output=True, text=True)
        self.token = made.stdout.strip()
        if made.returncode != 0:
            raise RuntimeError(f"parta admin: {made.stderr}")
        return None

    def sign_in(self):
        body = b'{"link":"%s"}' % self.token.encode()
        answer = self.ask(f"POST /api/v1/session HTTP/1.1\r\nHost: {self.host}\r\n"
                          f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                          f"Connection: close\r\n\r\n".encode() + body)
        for name, value in answer.headers:
            if name == "set-cookie" and value.startswith("__Host-s="):
                return value.split(";")[0].split("=", 1)[1]
        raise RuntimeError(f"sign-in failed: {answer.status} {answer.body[:200]}")

    # ---- raw connections ----

    def tcp(self, timeout=10):
        s = socket.create_connection(("127.0.0.1", self.port), timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def connect(self, timeout=10, alpn=None):
        context = self.tls
        if alpn:
            context = ssl.create_default_context(cafile=self.folder / "certs" / "ca.crt")
            context.set_alpn_protocols(alpn)
        return context.wrap_socket(self.tcp(timeout), server_hostname="localhost")

    def ask(self, data, timeout=10):
        """Sends the bytes, reads one answer; says if the server then closed."""
        with self.connect(timeout) as s:
            try:
                s.sendall(data)
            except OSError:
                pass  # refused in mid-sentence; what it said can still be read
            return Answer.read(s)

    def get(self, path, *lines, method="GET"):
        head = "".join(line + "\r\n" for line in lines)
        return self.ask(f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\n{head}"
                        f"Connection: close\r\n\r\n".encode())

    def websocket(self, timeout=10, cookie=None, **changes):
        """Shakes hands and returns a WebSocket, or the Answer that refused it."""
        lines = {"Host": self.host, "Upgrade": "websocket", "Connection": "Upgrade",
                 "Sec-WebSocket-Key": WS_KEY, "Sec-WebSocket-Version": "13",
                 "Sec-WebSocket-Protocol": "parta.1", "Origin": self.origin,
                 "Cookie": f"__Host-s={self.cookie if cookie is None else cookie}"}
        for name, value in changes.items():
            name = name.replace("_", "-")
            lines[name] = value
        head = "".join(f"{k}: {v}\r\n" for k, v in lines.items() if v is not None)
        s = self.connect(timeout)
        s.sendall(f"GET /ws HTTP/1.1\r\n{head}\r\n".encode())
        answer = Answer.read(s, head_only=True)
        if answer.status != 101:
            s.close()
            return answer
        return WebSocket(s, answer)

    def log_text(self):
        return self.log.read_text(errors="replace")


class Answer:
    def __init__(self):
        self.status, self.headers, self.body, self.closed, self.rest = 0, [], b"", False, b""

    def header(self, name):
        return next((v for k, v in self.headers if k == name), None)

    @staticmethod
    def read(s, head_only=False):
        a = Answer()
        data = b""
        try:
            while b"\r\n\r\n" not in data:
                part = s.recv(65536)
                if not part:
                    a.closed = True
                    return a
                data += part
            head, rest = data.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            a.status = int(lines[0].split(" ")[1])
            a.headers = [(k.lower(), v.strip()) for k, v in (l.split(":", 1) for l in lines[1:])]
            if head_only:
                a.rest = rest
                return a
            want = int(a.header("content-length") or 0)
            while len(rest) < want:
                part = s.recv(65536)
                if not part:
                    break
                rest += part
            a.body = rest[:want]
            if a.header("connection") == "close":
                s.settimeout(5)
                a.closed = s.recv(1) == b""
        except (ConnectionError, ssl.SSLError, socket.timeout) as e:
            a.closed = not isinstance(e, socket.timeout)
        return a


def frame(op, payload=b"", fin=True, masked=True, length=None, rsv=0):
    """A client's frame; length overrides what is announced."""
    n = len(payload) if length is None else length
    mark = 0x80 if masked else 0
    head = bytes([(0x80 if fin else 0) | rsv << 4 | op])
    if n < 126:
        head += bytes([mark | n])
    elif n < 65536:
        head += bytes([mark | 126]) + struct.pack(">H", n)
    else:
        head += bytes([mark | 127]) + struct.pack(">Q", n)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(b ^ mask[i & 3] for i, b in enumerate(payload))


class WebSocket:
    def __init__(self, s, answer):
        self.s, self.buffer, self.answer = s, answer.rest, answer

    def send(self, data):
        self.s.sendall(data)

    def say(self, text):
        self.send(frame(1, text.encode()))

    def _need(self, n):
        while len(self.buffer) < n:
            part = self.s.recv(65536)
            if not part:
                raise EOFError
            self.buffer += part
        out, self.buffer = self.buffer[:n], self.buffer[n:]
        return out

    def next(self):
        """(opcode, payload), or None at the end of the connection."""
        try:
            first, n = self._need(2)
            assert first & 0x70 == 0 and n & 0x80 == 0, "a server frame may not be masked"
            if n == 126:
                n = struct.unpack(">H", self._need(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", self._need(8))[0]
            return first & 15, self._need(n)
        except (EOFError, ConnectionError, ssl.SSLError):
            return None

    def text(self, answer_pings=True):
        """The next text message."""
        while True:
            got = self.next()
            if got is None:
                return None
            if got[0] == 1:
                return got[1].decode()
            if got[0] == 9 and answer_pings:
                self.send(frame(10, got[1]))
            if got[0] == 8:
                return None

    def closed_with(self):
        """Reads to the end: the close code, "cut" if there was none."""
        code = "cut"
        while True:
            got = self.next()
            if got is None:
                return code
            if got[0] == 8:
                code = struct.unpack(">H", got[1][:2])[0]

    def close(self):
        self.s.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
