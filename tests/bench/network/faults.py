#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a fault costs, on a real server with native people (parta-peer --stay, which comes back as the page
does), beside what the register says of it. A table, nothing asserted on time.

    tests/bench/network/faults.py [outage] [rebind] [restart]     all three without a word

outage   five lessons; three times 30 s without a packet for the children (UDP and TCP), then 30 s without UDP.
         Needs root: the children sit in a namespace behind impair-tun. About 230 s.
rebind   five lessons behind impair-proxy, whose port changes again and again. About 60 s.
restart  fifty lessons of two: SIGTERM and a start, kill -9 and a start. About 120 s.

BUILD names another folder than build/release; PEOPLE of restart: 100."""
import asyncio
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "server"))
from harness import free_port  # noqa: E402
from people import Crowd  # noqa: E402
from world import World, forget, unix_ms  # noqa: E402

BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build" / "release"))
PARTA, PEER = BUILD / "parta", BUILD / "tests/peers/parta-peer"
TUN, PROXY = BUILD / "tests/net/impair-tun", BUILD / "tests/net/impair-proxy"
NET = "10.99.77"
CLIENT, SERVER = f"faultc{os.getpid()}", f"faults{os.getpid()}"


# ---- people


LESSONS = []  # of the records that were made last


def copy(db, table, where, value, **changes):
    """The rows of `table` where the column has the value, once more with other fields; [(id before, id now)]."""
    names = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")')]
    pairs = []
    for row in db.execute(f'SELECT * FROM "{table}" WHERE "{where}" = ?', (value,)).fetchall():
        made = {**dict(zip(names, row)), **changes}
        before = made.pop("id", None)
        at = db.execute(f'INSERT INTO "{table}" ({",".join(made)}) VALUES ({",".join("?" * len(made))})',
                        tuple(made.values())).lastrowid
        pairs.append((before, at))
    return pairs


def copy_mentor(db, mentor, i, **changes):
    """A mentor with the papers of this one, so that the gates of hiring are open to both."""
    (_, made), = copy(db, "mentor", "id", mentor, **changes)
    for training, other in copy(db, "training", "mentor", mentor, mentor=made):
        copy(db, "training_topic", "training", training, training=other)
    for table in ("employment", "qualification"):
        copy(db, table, "mentor", mentor, mentor=made)
    for document, in db.execute("SELECT id FROM staff_document WHERE mentor = ?", (mentor,)).fetchall():
        copy(db, "staff_document", "id", document, mentor=made, name=f"bench{i}-{document}".ljust(43, "x"))
    for order, in db.execute("SELECT id FROM employment_order WHERE mentor = ?", (mentor,)).fetchall():
        copy(db, "employment_order", "id", order, mentor=made, number=f"bench {i}-{order}", application=None)
    return made


def lessons_of_two(count):
    """An edit of the demo records: `count` lessons now, each with a mentor and a child of its own."""
    def edit(db):
        lesson, mentor, child, school = db.execute(
            "SELECT l.id, l.mentor, c.child, c.school FROM lesson l JOIN lesson_child c ON c.lesson = l.id "
            "ORDER BY l.id DESC LIMIT 1").fetchone()
        now = unix_ms()
        LESSONS.clear()
        mentor_user, = db.execute("SELECT user_id FROM mentor WHERE id = ?", (mentor,)).fetchone()
        child_user, = db.execute("SELECT user_id FROM child WHERE id = ?", (child,)).fetchone()
        for i in range(count):
            users = []
            for who, like in (("mentor", mentor_user), ("child", child_user)):
                (_, user), = copy(db, "user", "id", like, login=f"bench-{who}{i}", name=f"Bench {who} {i}",
                                  short_name=f"{who}{i}")
                copy(db, "role_grant", "user_id", like, user_id=user)
                users.append(user)
            m = copy_mentor(db, mentor, i, user_id=users[0])
            (_, c), = copy(db, "child", "id", child, user_id=users[1], register_no=f"bench {i}")
            copy(db, "consent", "child", child, child=c)
            copy(db, "assignment", "child", child, child=c, mentor=m)
            db.execute("INSERT INTO introduction (mentor, child, held_ms, created_ms) VALUES (?, ?, ?, ?)",
                       (m, c, now - 86400000, now - 86400000))
            (_, made), = copy(db, "lesson", "id", lesson, mentor=m, planned_mentor=m, start_ms=now - 60000,
                              end_ms=now + 40 * 60000)
            LESSONS.append(made)
            db.execute("INSERT INTO lesson_child (lesson, child, school) VALUES (?, ?, ?)", (made, c, school))
    return edit


def logins(count):
    return [f"bench-{who}{i}" for i in range(count) for who in ("mentor", "child")]


class People:
    """One parta-peer with these people; what it tells, by seat."""

    def __init__(self, world, tokens, seconds, *args, pause_ms=300, prefix=()):
        self.n, self.events, self.reports = len(tokens), [], []
        self.process = subprocess.Popen(
            [*prefix, PEER, "--server", world.host, "--ca", world.folder / "certs/ca.crt", "--seconds", str(seconds),
             "--stay", "--events", str(pause_ms), *args, "--", *tokens], stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            told = json.loads(line)
            (self.events if "event" in told else self.reports).append(told)

    def of(self, seat, what, since=0, until=float("inf")):
        return [e for e in list(self.events) if e["seat"] == seat and e["event"] == what and since <= e["at"] < until]

    def all_have(self, what, since, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if all(self.of(i, what, since) for i in range(self.n)):
                return True
            time.sleep(0.1)
        return False

    def end(self):
        if self.process.poll() is None:
            try:
                self.process.wait(200)
            finally:
                self.process.kill()
        self.thread.join(5)


# ---- tables


def spread(values):
    """p50, p95 and the longest, in ms."""
    v = sorted(x for x in values if x is not None)
    if not v:
        return f"none of {len(values)}"
    text = f"p50 {v[len(v) // 2]:6.0f}   p95 {v[min(len(v) - 1, int(len(v) * 0.95))]:6.0f}   max {v[-1]:6.0f} ms   n {len(v)}"
    return text + (f"   NEVER {len(values) - len(v)}" if len(v) < len(values) else "")


def row(text, values):
    print(f"  {text:58} {spread(values)}", flush=True)


def first(events, since):
    return events[0]["at"] - since if events else None


def back_after(people, seat, what, from_ms, to_ms, until_ms):
    """How long after to_ms this flows again, if it had paused; 0 if no pause of it ended later, None if never."""
    ended = [e for e in people.of(seat, what, from_ms, until_ms) if e["ms"] >= 300 and e["at"] - e["ms"] < to_ms]
    late = [e["at"] - to_ms for e in ended if e["at"] > to_ms]
    return max(late) if late else 0.0 if any(e["at"] - e["ms"] < to_ms for e in ended) else None


def registers(world, count):
    """The registers of the first lessons, as the coordinator reads them."""
    async def read():
        out = []
        async with Crowd(world, "coordinator") as (coordinator,):
            for lesson in LESSONS[:count]:
                status, register, _ = await coordinator.api("GET", f"/lessons/{lesson}/attendance")
                assert status == 200, status
                out.append(register)
        return out
    return asyncio.run(read())


def doubled(world):
    """Pairs of rows of one person that lie over each other, and seats that are open twice."""
    db = world.records()
    rows = db.execute("SELECT lesson, user_id, join_ms, leave_ms FROM session WHERE lesson IN "
                      "(SELECT l.id FROM lesson l JOIN mentor m ON m.id = l.mentor JOIN \"user\" u ON u.id = m.user_id "
                      "WHERE u.login LIKE 'bench-%') ORDER BY lesson, user_id, join_ms").fetchall()
    over = sum(1 for a, b in zip(rows, rows[1:]) if (a["lesson"], a["user_id"]) == (b["lesson"], b["user_id"])
               and (a["leave_ms"] is None or a["leave_ms"] > b["join_ms"]))
    return over, len(rows)


def gaps_of(lane):
    """(from, to, cause) of what lies between the pieces of a strip's lane."""
    return [(a["to"], b["from"], a["cause"]) for a, b in zip(lane, lane[1:])]


def beside(registers, who, script):
    """The gaps of the register beside those of the script: [(what, from, [back of each])]."""
    print(f"\n  {'attendance of the ' + who:34} {'script':>26}   {'register: worst difference of begin and end':>44}   causes")
    for n, (what, from_ms, backs) in enumerate(script):
        begins, ends, causes = [], [], set()
        for register, back in zip(registers, backs):
            gaps = [g for g in gaps_of(register["children"][0]["strip"][who]) if abs(g[0] - from_ms) < 6000]
            causes.add(gaps[0][2] if len(gaps) == 1 else f"{len(gaps)} gaps")
            if len(gaps) == 1 and back:
                begins.append(gaps[0][0] - from_ms)
                ends.append(gaps[0][1] - back)
        length = [b - from_ms for b in backs if b]
        told = f"{statistics.median(length) / 1000:.1f} s" if length else "nobody came back"
        worst = (f"begin {min(begins):+5.0f} to {max(begins):+5.0f} ms, end {min(ends):+5.0f} to {max(ends):+5.0f} ms"
                 if begins else "not in the register")
        print(f"  {what:34} {told:>26}   {worst:>44}   {', '.join(sorted(causes))}")


# ---- 30 s without a packet


class Line:
    """impair-tun or impair-proxy with a script that begin() starts."""

    def __init__(self, program, script, *args, seconds):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".impair")
        self.file.write(script)
        self.file.flush()
        self.process = subprocess.Popen([program, "--script", self.file.name, "--seconds", str(seconds), "--hold", *args],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stderr.readline()
        if "ready" not in self.said and "listening" not in self.said:
            raise RuntimeError(f"{program}: {self.said}{self.process.stderr.read()}")

    def begin(self):
        self.process.send_signal(signal.SIGUSR1)
        return unix_ms()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return json.loads(self.process.communicate(timeout=10)[0])


LONG, ROUNDS, EVERY = 30, 3, 52  # seconds of an outage, how many, from one to the next
OUTS = [3 + i * EVERY for i in range(ROUNDS)]
DEAF = 3 + ROUNDS * EVERY
OVER = DEAF + LONG + 20


def outage():
    if os.geteuid() != 0:
        print("outage: needs root, left out")
        return
    script = "at 0s both delay=20ms\n"
    script += "".join(f"at {at}s both outage\nat {at + LONG}s both outage=off\n" for at in OUTS)
    script += f"at {DEAF}s both drop=udp\nat {DEAF + LONG}s both drop=none\n"
    line = Line(TUN, script, "--client", CLIENT, "--server", SERVER, "--net", NET, "--make", seconds=OVER + 60)
    try:
        inside = subprocess.Popen(["ip", "netns", "exec", SERVER, sys.executable, __file__, "inside", CLIENT,
                                   str(line.process.pid)])
        if inside.wait(OVER + 50) != 0:
            print("outage: did not run to its end")
    finally:
        line.end()


def inside(client, tun_pid):
    count = 5
    world = World(PARTA, edit=lessons_of_two(count), more_links=logins(count))
    text = world.settings.read_text().replace("announce = 127.0.0.1", f"announce = {NET}.2")
    world.settings.write_text(text.replace("listen = 127.0.0.1", "listen = 0.0.0.0"))
    with world:
        stay = OVER + 12
        mentors = People(world, [world.tokens[f"bench-mentor{i}"] for i in range(count)], stay)
        mentors.all_have("seated", 0, 10)
        children = People(world, [world.tokens[f"bench-child{i}"] for i in range(count)], stay, "--connect", f"{NET}.2",
                          prefix=("ip", "netns", "exec", client))
        for p in (mentors, children):
            if not p.all_have("picture", 0, 10):
                print("  somebody sees nothing")
        start = unix_ms()
        os.kill(int(tun_pid), signal.SIGUSR1)
        outs = [(start + at * 1000, start + (at + LONG) * 1000, start + (at + EVERY) * 1000) for at in OUTS]
        deaf, hearing, over = (start + at * 1000 for at in (DEAF, DEAF + LONG, OVER))
        time.sleep(max(0, over - unix_ms()) / 1000)

        def flows(rounds):
            for text, people, what in (("child hears the mentor", children, "voice"), ("mentor hears the child", mentors, "voice"),
                                       ("child sees a picture", children, "picture"), ("mentor sees a picture", mentors, "picture")):
                row(text, [back_after(people, i, what, *times) for times in rounds for i in range(count)])
        print(f"\n{LONG} s without a packet, {ROUNDS} times, {count} lessons, child behind 20 ms each way; time since the return")
        seated = [[children.of(i, "seated", back, until) for i in range(count)] for _, back, until in outs]
        row("child seated again", [first(e, back) for (_, back, _), some in zip(outs, seated) for e in some])
        flows(outs)
        print(f"\n{LONG} s without UDP, the line lives; time since the return (a page takes the line instead after 6.5 s)")
        flows([(deaf, hearing, over)])
        told = registers(world, count)
        beside(told, "child", [(f"{LONG} s without a packet", out, [e[-1]["at"] if e else None for e in some])
                               for (out, _, _), some in zip(outs, seated)])
        extra = [len(gaps_of(r["children"][0]["strip"]["child"])) - ROUNDS for r in told]
        print(f"  gaps of the child that the script did not make: {sum(extra)}; of the mentor: "
              f"{sum(len(gaps_of(r['children'][0]['strip']['mentor'])) for r in told)}")
        print("  rows that lie over each other: %d of %d" % doubled(world))
        for p in (mentors, children):
            p.end()
    forget()


# ---- a NAT that forgets


def rebind():
    count, times, every = 5, 20, 2.3
    world = World(PARTA, edit=lessons_of_two(count), more_links=logins(count))
    port = free_port()
    world.settings.write_text(world.settings.read_text().replace("announce = 127.0.0.1",
                                                                 f"announce = 127.0.0.1\nannounce_port = {port}"))
    script = "".join(f"at {int((1 + i * every) * 1000)}ms rebind\n" for i in range(times))
    line = Line(PROXY, "at 0s both delay=20ms\n" + script, "--listen", f"127.0.0.1:{port}", "--server",
                f"127.0.0.1:{world.port}", seconds=200)
    try:
        with world:
            people = People(world, [world.tokens[l] for l in logins(count)], times * every + 12, pause_ms=60)
            people.all_have("picture", 0, 15)
            time.sleep(1)
            start = line.begin()
            time.sleep(times * every + 3)
            moments = [start + (1 + i * every) * 1000 for i in range(times)]

            def pause(seat, what, at):
                """How long after the change the last pause ended that it began."""
                ended = [e["at"] - at for e in people.of(seat, what, at, at + every * 500) if e["at"] - e["ms"] < at + 200]
                return max(ended, default=0.0)
            print(f"\nthe port of both in each of {count} lessons changes {times} times, 20 ms each way; pause of 60 ms and "
                  "more until it flows again, both ways in one")
            row("voice", [pause(s, "voice", at) for at in moments for s in range(2 * count)])
            row("picture", [pause(s, "picture", at) for at in moments for s in range(2 * count)])
            row("voice, where nothing changes: this machine's own pauses",
                [pause(s, "voice", at + every * 500) for at in moments for s in range(2 * count)])
            lost = sum(len(people.of(s, what)) for s in range(2 * count) for what in ("line_lost", "media_lost"))
            told = registers(world, count)
            gaps = sum(len(gaps_of(r["children"][0]["strip"][who])) for r in told for who in ("mentor", "child"))
            print(f"  lines and media given up: {lost}; gaps in the registers (script: 0): {gaps}")
            people.end()
    finally:
        print(f"  the proxy: {line.end()['rebinds']} changes of each line")


# ---- a server that goes and comes


def restart_once(world, people, how):
    print(f"\n{people.n} people in {people.n // 2} lessons, voices; {how} and a start at once")
    gone = unix_ms()
    if how == "SIGTERM":
        world.stop()
    else:
        world.kill()
    begun = unix_ms()
    world.start()
    listens = unix_ms()
    print(f"  it went within {begun - gone} ms and listens {listens - begun} ms after its start")
    people.all_have("voice", listens, 30)
    time.sleep(3)
    seats = range(people.n)
    for what, word in (("seated", "seated again"), ("voice", "hears the partner again")):
        at = [people.of(s, what, begun) for s in seats]
        row(f"{word}, since it listens", [first(e, listens) for e in at])
        row(f"{word}, since it went", [first(e, gone) for e in at])
    return gone, [(people.of(s, "seated", begun) or [{"at": None}])[-1]["at"] for s in seats]


def restart():
    n = int(os.environ.get("PEOPLE", "100"))
    count = n // 2
    world = World(PARTA, edit=lessons_of_two(count), more_links=logins(count))
    with world:
        people = People(world, [world.tokens[l] for l in logins(count)], 110, "--count-only", "--voice-only")
        if not people.all_have("voice", 0, 40):
            print("  somebody hears nothing")
        time.sleep(6)
        scripts = {"mentor": [], "child": []}
        for how in ("SIGTERM", "kill -9"):
            gone, backs = restart_once(world, people, how)
            scripts["mentor"].append((how, gone, backs[0::2]))
            scripts["child"].append((how, gone, backs[1::2]))
            time.sleep(8)
        told = registers(world, min(count, 10))
        for who, script in scripts.items():
            beside(told, who, script)
        print("  uncertain in the register, at most: %.1f s" % (max(r["children"][0]["uncertain_ms"] for r in told) / 1000))
        print("  rows that lie over each other: %d of %d" % doubled(world))
        people.process.terminate()
        people.end()


def main():
    parts = {"outage": outage, "rebind": rebind, "restart": restart}
    names = sys.argv[1:] or list(parts)
    if names[0] == "inside":
        inside(*names[1:])
        return
    if any(n not in parts for n in names):
        sys.exit(__doc__)
    try:
        for name in names:
            parts[name]()
            print("  load of this machine (1 minute), %d cores: %.1f" % (os.cpu_count(), os.getloadavg()[0]), flush=True)
    finally:
        forget()


main()
