# SPDX-License-Identifier: Apache-2.0
"""Mail through a real SMTP server: what is queued arrives, "try again" is tried again, "never" is given up, a
server that is away is waited for, and kill -9 in the middle of a delivery loses nothing and sends at most that
one mail twice. The SMTP server here speaks only what the client of RFC 5321 needs."""
import base64
import email
import email.policy
import socketserver
import sqlite3
import threading
import time

from harness import Server, free_port

TO = "irina@centre.example"


class Post(socketserver.ThreadingTCPServer):
    """Keeps what it takes. `says` maps a local part to the answers to its RCPT, one per try."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port):
        self.taken, self.says, self.tries = [], {}, []
        self.hold = None  # an event that DATA waits for, before it is answered
        self.in_data = threading.Event()
        super().__init__(("127.0.0.1", port), Talk)
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def end(self):
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        try:
            self.talk()
        except (ConnectionError, ValueError):
            pass  # the client was killed

    def talk(self):
        to = None
        self.say("220 here")
        while line := self.rfile.readline():
            word = line.decode().strip()
            if word.upper().startswith("RCPT TO:"):
                to = word[8:].strip("<> ")
                answers = self.server.says.get(to.split("@")[0], [])
                self.server.tries.append((to, time.time()))
                self.say(answers.pop(0) if answers else "250 ok")
            elif word.upper() == "DATA":
                self.say("354 go on")
                self.take(to)
            elif word.upper() == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, to):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.taken.append((to, email.message_from_bytes(b"".join(lines), policy=email.policy.default)))
        self.server.in_data.set()
        if self.server.hold:
            self.server.hold.wait(10)
        self.say("250 taken")


class Centre(Server):
    """A server with a mail server behind it, whose queue is filled while it is down."""

    def __init__(self, parta, port):
        super().__init__(parta)
        self.settings.write_text(self.settings.read_text() + f"[mail]\nsmtp = smtp://127.0.0.1:{port}\n"
                                 "from = parta@centre.example\n")
        self.make_login()
        self.start()  # the tables are there
        self.stop()

    def rows(self, sql, *args):
        db = sqlite3.connect(self.folder / "parta.db")
        db.row_factory = sqlite3.Row
        try:
            with db:
                return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def person(self, name):
        """Another person of the centre, with an address."""
        self.rows('INSERT INTO "user" (name, short_name, tz, created_ms) VALUES (?, ?, ?, 1)', name, name, "Europe/Moscow")
        who = self.rows('SELECT max(id) AS id FROM "user"')[0]["id"]
        self.rows("INSERT INTO mail_address (user_id, address, changed_ms) VALUES (?, ?, 1)", who, f"{name}@centre.example")
        return who

    def queue(self, user, key, kind="password_changed"):
        self.rows("INSERT INTO notification (centre, channel, kind, dedupe_key, user_id, args, next_ms, created_ms) "
                  "SELECT id, 'mail', ?, ?, ?, '{\"path\":\"/\",\"when\":1795504320000,\"what\":\"\",\"who\":\"\"}', 1, 1 "
                  "FROM org WHERE type = 'centre'", kind, key, user)

    def policy(self, key, value):
        self.rows("INSERT INTO policy (org, key, value, from_ms, created_ms) SELECT id, ?, ?, 1, 1 FROM org "
                  "WHERE type = 'centre'", key, str(value))

    def states(self):
        return [(r["state"], r["tries"], r["code"]) for r in
                self.rows("SELECT * FROM notification ORDER BY id")]

    def wait(self, wanted, seconds=15):
        end = time.time() + seconds
        while self.states() != wanted and time.time() < end:
            time.sleep(0.1)
        return self.states()


def plain(parta, check, post):
    with_mail = Centre(parta, post.server_address[1])
    irina = with_mail.person("irina")
    with_mail.queue(irina, "1")
    with_mail.start()
    check.equal("a queued mail is sent", with_mail.wait([("sent", 1, 250)]), [("sent", 1, 250)])
    to, mail = post.taken[0]
    check.equal("to the person's address", to, TO)
    check.equal("the subject is read as Russian", mail["subject"], "Ваш пароль изменён")
    text = mail.get_content()
    check("the text is whole, in the reader's zone", "2026-11-24 10:12" in text and "позвоните в центр" in text, text)
    check("a machine's letter asks for no answer", mail["auto-submitted"] == "auto-generated")
    check("no address and no text in the log", TO not in with_mail.log_text() and "irina" not in with_mail.log_text())
    with_mail.__exit__()


def later_and_never(parta, check, post):
    post.says = {"later": ["451 try again", "451 try again"], "never": ["550 nobody of that name"],
                 "tired": ["451 not now"] * 9}
    s = Centre(parta, post.server_address[1])
    for key, value in (("notify.first_wait_s", 1), ("notify.most_wait_s", 1), ("notify.tries", 4)):
        s.policy(key, value)
    for name in ("later", "never", "tired"):
        s.queue(s.person(name), "1")
    s.start()
    wanted = [("sent", 3, 250), ("failed", 1, 550), ("failed", 4, 451)]
    check.equal("4xx is tried again, 5xx is not, and trying ends", s.wait(wanted, 25), wanted)
    rows = s.rows("SELECT detail FROM notification ORDER BY id")
    check.equal("why is kept", [r["detail"] for r in rows][1:], ["550 nobody of that name", "451 not now"])
    s.__exit__()


def away(parta, check):
    port = free_port()
    s = Centre(parta, port)
    s.policy("notify.first_wait_s", 1)
    s.policy("notify.most_wait_s", 1)
    s.queue(s.person("irina"), "1")
    s.start()
    time.sleep(2.5)
    row = s.rows("SELECT state, detail FROM notification")[0]
    check("a server that is away is waited for", row["state"] in ("waiting", "sending"), dict(row))
    check("and why is told", "connect" in row["detail"].lower(), row["detail"])
    post = Post(port)
    end = time.time() + 15
    while s.states()[0][0] != "sent" and time.time() < end:
        time.sleep(0.1)
    check("it goes out when the server is back", s.states()[0][0] == "sent" and len(post.taken) == 1, s.states())
    post.end()
    s.__exit__()


def killed(parta, check, post):
    s = Centre(parta, post.server_address[1])
    who = [s.person(f"p{i}") for i in range(5)]
    for user in who:
        s.queue(user, "1")
    post.hold = threading.Event()
    post.in_data.clear()
    s.start()
    check("a delivery is under way", post.in_data.wait(15))
    s.process.kill()
    s.process.wait()
    post.hold.set()
    post.hold = None
    check("the kill left it claimed", ("sending", 1, 0) in s.states(), s.states())
    s.start()
    end = time.time() + 20
    while any(state != "sent" for state, *_ in s.states()) and time.time() < end:
        time.sleep(0.1)
    check("nothing is lost", [x[0] for x in s.states()] == ["sent"] * 5, s.states())
    ids = [m["message-id"] for _, m in post.taken]
    check("each once, but for the one under way", len(set(ids)) == 5 and len(ids) <= 6, ids)
    check("and that one under the same Message-ID", len(ids) - len(set(ids)) <= 1)
    s.__exit__()


def unsent(parta, check):
    s = Server(parta)
    s.make_login()
    s.start()
    s.stop()
    s.__class__ = Centre
    s.queue(s.person("irina"), "1")
    s.start()
    check.equal("without a mail server it is given up at once", s.wait([("failed", 1, 0)]), [("failed", 1, 0)])
    check.equal("and the reason says so", s.rows("SELECT detail FROM notification")[0]["detail"], "no_server")
    s.__exit__()


def run(parta, check):
    for part in (plain, later_and_never, killed):
        post = Post(free_port())
        part(parta, check, post)
        post.end()
    away(parta, check)
    unsent(parta, check)
