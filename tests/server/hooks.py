# SPDX-License-Identifier: Apache-2.0
"""Signed messages to another program, over HTTPS to a real receiver: what happened arrives, signed as Standard Webhooks
has it, and names nobody; kill -9 between the queue and the answer loses nothing and repeats at most the one under way,
under the same id; a receiver that hangs, fails, redirects, talks without end or says that it is gone keeps nobody else
waiting; and no line is opened to an address that is not public, whatever it is called."""
import base64
import hashlib
import hmac
import http.server
import json
import re
import ssl
import threading
import time

from harness import free_port
from publishing import call
from rights import edit as make_admin
from uploads import Person
from world import World

SOON = (("webhook.first_wait_s", 1), ("webhook.most_wait_s", 1), ("webhook.rest_s", 1), ("webhook.most_rest_s", 1))
KIND = "attendance.amended"


class Answer(http.server.BaseHTTPRequestHandler):
    """Its path says how it behaves."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        seen = self.server.seen
        seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        try:
            getattr(self, self.path.strip("/").split("?")[0])()
        except OSError:
            pass  # the sender has gone

    def say(self, status, *lines):
        self.send_response(status)
        for name, value in lines:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def good(self):
        self.say(204)

    def held(self):
        self.server.taken.set()
        self.server.hold.wait(20)
        self.say(204)

    def twice(self):
        self.say(500 if sum(path == self.path for path, *_ in self.server.seen) < 3 else 204)

    def failing(self):
        self.say(500)

    def moved(self):
        self.say(307, ("Location", self.server.address + "/good?from=moved"))

    def gone(self):
        self.say(410)

    def hangs(self):
        self.server.closing.wait(30)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.is_set():
            self.wfile.write(b"x" * 4096)

    def head(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.closing.is_set():
            self.wfile.write(b"X-More: " + b"x" * 4000 + b"\r\n")

    def log_message(self, *_):
        pass


class Receiver(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, world, port=None):
        super().__init__(("127.0.0.1", port or free_port()), Answer)
        self.seen = []
        self.hold, self.taken, self.closing = threading.Event(), threading.Event(), threading.Event()
        self.address = f"https://localhost:{self.server_port}"
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(world.folder / "certs" / "server.crt", world.folder / "certs" / "server.key")
        # The handshake is the answering thread's: one that stays away keeps no other out.
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a handshake that was broken off, on purpose

    def of(self, path):
        return [(head, body) for at, head, body in list(self.seen) if at.split("?")[0] == path]

    def end(self):
        self.closing.set()
        self.hold.set()
        self.shutdown()
        self.server_close()


def edit(db):
    make_admin(db)
    for key, value in SOON:
        db.execute("INSERT INTO policy (org, key, value, from_ms, created_ms) SELECT id, ?, ?, 1, 1 FROM org "
                   "WHERE type = 'centre'", (key, str(value)))


class Office:
    """A world with its administrator, and a coordinator whose amendments are what happens."""

    def __init__(self, parta, inside=True, authorities=True):
        self.world = World(parta, edit=edit)
        with open(self.world.settings, "a") as f:
            f.write(f"[webhooks]\ninside = {int(inside)}\n")
            if authorities:
                f.write("authorities = certs/ca.crt\n")
        self.world.start()
        self.admin = Person(self.world, self.world.tokens["mentor2"])
        self.coordinator = Person(self.world, self.world.tokens["coordinator"])
        self.lesson = None

    def make(self, url, kinds=(KIND,)):
        """(id, secret)"""
        a = call(self.admin, "POST", "/webhooks", {"url": url, "events": list(kinds)})
        if a.status != 201:
            raise RuntimeError(f"{url}: {a.status} {a.body[:200]}")
        told = json.loads(a.body)
        return told["webhook"]["id"], told["secret"]

    def amend(self, reason="a call by telephone"):
        """Something happens. True if it did."""
        rows = [self.lesson] if self.lesson else self.world.records().execute(
            "SELECT l.id, c.user_id FROM lesson l JOIN attendance_child a ON a.child = k.child AND a.attendance IN "
            "(SELECT id FROM attendance WHERE lesson = l.id) JOIN lesson_child k ON k.lesson = l.id "
            "JOIN child c ON c.id = k.child WHERE l.state = 'computed' ORDER BY a.auto_code = 'N' DESC, l.start_ms DESC "
            "LIMIT 20").fetchall()
        for lesson, child in rows:
            a = call(self.coordinator, "POST", f"/lessons/{lesson}/attendance/amendments",
                     {"child": child, "code": "I", "reason": reason})
            if a.status == 201:
                self.lesson = (lesson, child)
                return True
        return False

    def receivers(self):
        return {w["id"]: w for w in json.loads(self.admin.get("/webhooks").body)["items"]}

    def messages(self, webhook):
        return json.loads(self.admin.get(f"/webhooks/{webhook}/deliveries").body)["items"]

    def until(self, question, seconds=40):
        """Waits for what the question asks; its last answer."""
        end = time.time() + seconds
        while not (got := question()) and time.time() < end:
            time.sleep(0.1)
        return got

    def end(self):
        self.world.__exit__()


def signed(head, body, secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def arrives(office, receiver, check):
    good, secret = office.make(receiver.address + "/good?token=of-the-receivers-own")
    other, _ = office.make(receiver.address + "/failing", ["schedule.published"])
    check("something happens", office.amend("the boy has a cold"))
    check("and arrives", office.until(lambda: receiver.of("/good")), receiver.seen)
    head, body = receiver.of("/good")[0]
    told = json.loads(body)
    check.equal("its kind", told["type"], KIND)
    check("what it names, and nothing else", set(told["data"]) == {"lesson", "amendment"} and
          told["data"]["lesson"] == office.lesson[0], told)
    check("nobody's name and no reason", b"cold" not in body and b"reason" not in body, body)
    check("its instant by ISO 8601", re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["timestamp"]))
    check.equal("signed with the secret that was shown", head["webhook-signature"], signed(head, body, secret))
    check("in this minute", abs(int(head["webhook-timestamp"]) - time.time()) < 120)
    check.equal("as JSON", head["content-type"], "application/json")
    check.equal("who wants other events gets none", (receiver.of("/failing"), office.messages(other)), ([], []))
    done = office.until(lambda: [m for m in office.messages(good) if m["state"] == "sent"])
    check("the answer is kept", done and done[0]["code"] == 204 and done[0]["message"] == head["webhook-id"], done)
    # A new secret: both sign for a day.
    fresh = json.loads(call(office.admin, "POST", f"/webhooks/{good}/secret").body)["secret"]
    a = call(office.admin, "POST", f"/webhook-deliveries/{done[0]['id']}/again")
    check.equal("it is sent again by hand", a.status, 200)
    check("and arrives again", office.until(lambda: len(receiver.of("/good")) == 2))
    again, same = receiver.of("/good")[1]
    check.equal("under the same id, byte for byte", (again["webhook-id"], same), (head["webhook-id"], body))
    check.equal("with both signatures", again["webhook-signature"].split(" "),
                [signed(again, same, fresh), signed(again, same, secret)])
    for w in (good, other):
        call(office.admin, "DELETE", f"/webhooks/{w}")
    log = office.world.log_text()
    check("no secret and no address in the log", "whsec" not in log and "of-the-receivers-own" not in log and
          secret not in log)


def killed(office, receiver, check):
    held, secret = office.make(receiver.address + "/held")
    for _ in range(3):
        office.amend()
    check("one is under way", receiver.taken.wait(30))
    office.world.kill()
    receiver.hold.set()
    rows = office.world.records().execute("SELECT state FROM webhook_delivery WHERE webhook = ? ORDER BY id", (held,))
    check.equal("the kill left it claimed, and the others in the queue", [r["state"] for r in rows],
                ["sending", "waiting", "waiting"])
    office.world.start()
    sent = office.until(lambda: [m["state"] for m in office.messages(held)] == ["sent"] * 3)
    check("after the start all are delivered", sent, office.messages(held))
    ids = [head["webhook-id"] for head, _ in receiver.of("/held")]
    wanted = {m["message"] for m in office.messages(held)}
    check("each at least once, the one under way twice at most", set(ids) == wanted and len(ids) <= 4, ids)
    check("a repeated one is the same", len({(h["webhook-id"], b) for h, b in receiver.of("/held")}) == 3)
    check("every one signed", all(h["webhook-signature"] == signed(h, b, secret) for h, b in receiver.of("/held")))
    call(office.admin, "DELETE", f"/webhooks/{held}")


def bad(office, receiver, check):
    """All at once, and one good among them."""
    ways = {"hangs": "too_slow", "failing": "answer", "moved": "redirect", "endless": "too_long", "head": "too_long"}
    ids = {way: office.make(f"{receiver.address}/{way}")[0] for way in ways}
    away = office.make(f"https://localhost:{free_port()}/good")[0]
    gone = office.make(receiver.address + "/gone")[0]
    twice = office.make(receiver.address + "/twice")[0]
    good = office.make(receiver.address + "/good")[0]
    before = len(receiver.of("/good"))
    rss = office.world.rss_kb()
    office.amend()
    check("the good one gets it all the same", office.until(lambda: len(receiver.of("/good")) == before + 1, 60))
    for way, why in ways.items():
        told = office.until(lambda: [m for m in office.messages(ids[way]) if m["why"]], 60)
        check(f"{way}: {why}, and it waits", told and told[0]["why"] == why and told[0]["state"] in ("waiting", "sending"), told)
    check("nobody there: no_connection", office.until(lambda: [m for m in office.messages(away) if m["why"] == "no_connection"]))
    check("a redirect is not followed", all("moved" not in path for path, *_ in receiver.seen if path.startswith("/good")))
    check("what failed twice is sent at the third try", office.until(
        lambda: [m for m in office.messages(twice) if m["state"] == "sent" and m["tries"] == 3], 90), office.messages(twice))
    check("under one id", len({h["webhook-id"] for h, _ in receiver.of("/twice")}) == 1)
    check.equal("who says that it is gone is switched off", office.until(
        lambda: office.receivers()[gone]["state"] == "off" and "off"), "off")
    check.equal("with the message among the dead letters", [(m["state"], m["why"], m["code"]) for m in office.messages(gone)],
                [("failed", "gone", 410)])
    check("and hears nothing more", office.amend() and office.until(
        lambda: len(receiver.of("/good")) == before + 2, 90) and len(receiver.of("/gone")) == 1)
    check.equal("what happens meanwhile waits for it", office.receivers()[gone]["waiting"], 1)
    check("endless answers take no memory", office.world.rss_kb() - rss < 30000, office.world.rss_kb() - rss)
    for w in office.receivers():
        call(office.admin, "DELETE", f"/webhooks/{w}")
    check.equal("all are removed", office.receivers(), {})


def outside(parta, check):
    """As it is delivered: no address of this machine or of a closed network, by whatever name."""
    office = Office(parta, inside=False)
    receiver = Receiver(office.world)
    port = receiver.server_port
    urls = [f"https://127.0.0.1:{port}/good", f"https://[::1]:{port}/good", f"https://[::ffff:127.0.0.1]:{port}/good",
            f"https://0x7f.1:{port}/good", f"https://127.1:{port}/good", f"https://0.0.0.0:{port}/good",
            "https://169.254.169.254/latest"]
    ids = [office.make(url)[0] for url in urls]
    office.amend()
    for url, webhook in zip(urls, ids):
        told = office.until(lambda: [m for m in office.messages(webhook) if m["why"]])
        check(f"{url.replace(str(port), 'PORT')} is not called", told and told[0]["why"] == "closed_network", told)
    check.equal("nobody knocked", receiver.seen, [])
    a = call(office.admin, "POST", "/webhooks", {"url": f"https://localhost:{port}/good", "events": [KIND]})
    check.equal("a name without a dot is refused at once", (a.status, json.loads(a.body)["error"]["fault"]), (400, "bad_host"))
    receiver.end()
    office.end()


def untrusted(parta, check):
    office = Office(parta, authorities=False)
    receiver = Receiver(office.world)
    webhook = office.make(receiver.address + "/good")[0]
    office.amend()
    told = office.until(lambda: [m for m in office.messages(webhook) if m["why"]])
    check("a certificate of nobody we know: nothing is said", told and told[0]["why"] == "tls" and not receiver.seen, told)
    receiver.end()
    office.end()


def run(parta, check):
    office = Office(parta)
    receiver = Receiver(office.world)
    arrives(office, receiver, check)
    killed(office, receiver, check)
    bad(office, receiver, check)
    check.equal("the registers hold together", office.world.verify()[1], 0)
    receiver.end()
    office.end()
    outside(parta, check)
    untrusted(parta, check)
