# SPDX-License-Identifier: Apache-2.0
"""What an operator relies on, while a lesson goes on: health, readiness, figures, a new certificate, backup and
verify, settings that are checked by name, and refusals in sentences. The lesson must not notice any of it."""
import asyncio
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request

from harness import ROOT, free_port
from people import Crowd
from world import World

LASTS_S = 12  # longer than any timeout of a library that is not ours


def inner(world, path):
    """(status, text) of the loopback port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{world.metrics}{path}", timeout=5) as r:
            return r.status, r.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


def figures(world):
    text = inner(world, "/metrics")[1]
    return {m[1]: int(m[2]) for m in re.finditer(r"^([a-z_]+(?:\{[^}]*\})?) (\d+)$", text, re.M)}, text


def listeners(port):
    """Local addresses of the listening TCP sockets with this port."""
    found = []
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(name) as f:
            for line in list(f)[1:]:
                local, state = line.split()[1], line.split()[3]
                if state == "0A" and int(local.rsplit(":", 1)[1], 16) == port:
                    found.append(local.rsplit(":", 1)[0])
    return found


def health(world, check, people):
    for path in ("/healthz", "/readyz"):
        check.equal(f"{path} on the public port", world.get(path).status, 200)
        check.equal(f"{path} on the loopback port", inner(world, path), (200, "ok\n"))
    check.equal("the metrics listen on 127.0.0.1 alone", listeners(world.metrics), ["0100007F"])
    values, text = figures(world)
    typed = dict(re.findall(r"^# TYPE (\w+) (gauge|counter)$", text, re.M))
    bare = {k.split("{")[0] for k in values}
    check("every figure has its type and a sentence", bare == set(typed) == set(re.findall(r"^# HELP (\w+) \S", text, re.M)),
          f"{len(values)} figures")
    check.equal("one lesson, two people", (values["parta_rooms"], values["parta_people"]), (1, 2))
    world.get("/")
    later, _ = figures(world)
    down = [k for k in values if typed[k.split("{")[0]] == "counter" and later[k] < values[k]]
    check("counters count, and never backwards", not down and later["parta_requests_total"] > values["parta_requests_total"], down or "")
    secret = [p.cookie() for p in people] + list(world.tokens.values())
    check("no secret among the figures", not any(s in text for s in secret))


def served_certificate(world):
    with world.connect() as c:
        return c.getpeercert(True)


def new_certificate(world, check):
    before = served_certificate(world)
    for name in ("server.crt", "server.key", ".san"):
        (world.folder / "certs" / name).unlink()
    subprocess.run([ROOT / "certs" / "make-dev-certs", world.folder / "certs"], check=True, stdout=subprocess.DEVNULL)
    world.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 5
    while served_certificate(world) == before and time.monotonic() < end:
        time.sleep(0.02)
    check("SIGHUP: new connections get the new certificate", served_certificate(world) != before)
    check("and the log says so", "net.reload certificate=loaded" in world.log_text())


def backups(world, check, lesson):
    copy = world.folder / "kept.db"
    made = world.run("backup", world.settings, copy)
    check("parta backup, beside a running lesson", made.returncode == 0 and made.stdout.rstrip().endswith("clean"), made.returncode)
    db = sqlite3.connect(copy, isolation_level=None)
    seats = db.execute("SELECT count(*) FROM session WHERE lesson = ? AND leave_ms IS NULL", (lesson,)).fetchone()[0]
    check.equal("the copy has both open seats", seats, 2)
    settings = world.folder / "kept.ini"
    settings.write_text(world.settings.read_text().replace("database = parta.db", "database = kept.db"))
    r = world.run("verify", settings)
    check("parta verify: the copy is clean", r.returncode == 0 and "intact" in r.stdout and "unbroken" in r.stdout, r.stdout.splitlines()[-1:])
    check.equal("a second backup does not write over the first", world.run("backup", world.settings, copy).returncode, 1)
    db.execute("DROP TRIGGER session_fixed")
    row = db.execute("SELECT max(id) FROM session WHERE leave_ms IS NOT NULL").fetchone()[0]
    db.execute("UPDATE session SET leave_ms = leave_ms + 60000 WHERE id = ?", (row,))
    db.close()
    r = world.run("verify", settings)
    check("a minute added to one old row is found", r.returncode == 1 and "session" in r.stdout and "NOT CLEAN" in r.stdout,
          [l for l in r.stdout.splitlines() if "fault" in l])
    size = copy.stat().st_size
    with open(copy, "r+b") as f:
        f.seek(size // 2 // 4096 * 4096)
        f.write(b"\xff" * 4096)
    r = world.run("verify", settings)
    check("a damaged page is found", r.returncode == 1 and ("DAMAGED" in r.stdout or r.stderr), (r.stdout + r.stderr).splitlines()[:1])


def settings_by_name(world, check):
    """Every setting there is, with a value that cannot be: check names it."""
    text = world.run("check", "--settings").stdout
    section, silent, n = None, [], 0
    bad = world.folder / "bad.ini"
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif m := re.match(r"  (\w+) ", line):
            n += 1
            numeric = re.search(r"default: \d+\)$", line)
            value = "-7" if numeric else "\x01/nowhere at all"
            bad.write_text(f"[{section}]\n{m[1]} = {value}\n")
            r = world.run("check", bad)
            if r.returncode != 1 or m[1] not in r.stderr:
                silent.append(f"{section}.{m[1]}: {r.returncode} {r.stderr.strip()[:80]}")
    check("every setting with an impossible value is refused by name", n >= 20 and not silent, silent or f"{n} settings")
    for text, word in (("[server]\nporrt = 1\n", "porrt"), ("[sevrer]\nport = 1\n", "sevrer"), ("port = 1\n", "port"),
                       ("[server]\nport\n", "line 2"), ("[server]\nport = 1x\n", "port"), ("[server]\nport = 1\nport = 2\n", "port")):
        bad.write_text(text)
        r = world.run("check", bad)
        check(f"refused, naming {word}: {text.strip()!r}", r.returncode == 1 and word in r.stderr, r.stderr.splitlines()[:1])
    r = world.run("check", world.settings)
    check("good settings are good", r.returncode == 0 and not r.stderr, r.stderr[:200])


def files_of_a_month(world, check):
    """Beside the server, on as many processors as there are: a file for each line of the list, and once more not over them."""
    months = {date[:7] for date in (time.strftime("%Y-%m-%d", time.gmtime(time.time() - d * 86400)) for d in range(40))}
    for month in sorted(months):
        out = world.folder / f"reports-{month}"
        out.mkdir()
        listed = subprocess.run([world.parta, "report", world.settings, month], capture_output=True, text=True).stdout.splitlines()
        r = subprocess.run([world.parta, "report", world.settings, month, "--out", out], capture_output=True, text=True)
        files = list(out.glob(f"{month}-mentor*.pdf"))
        check(f"{month}: a file for each report", r.returncode == 0 and len(files) == len(listed) and r.stdout.startswith(f"{len(files)} files in")
              and all(f.read_bytes()[:5] == b"%PDF-" for f in files), f"{len(files)} files of {len(listed)}")
        if files:
            again = subprocess.run([world.parta, "report", world.settings, month, "--out", out], capture_output=True, text=True)
            check(f"{month}: nothing is written over", again.returncode == 1 and f"0 files in {out}, {len(files)} refused" in again.stdout, again.stdout.strip())
    check("a month had reports", any(world.folder.glob("reports-*/*.pdf")), "")


def sentence(r, *words):
    """Not a log line, not a number: something to read, that has these words."""
    lines = [l for l in r.stderr.splitlines() if not re.match(r"\d{4}-\d\d-\d\dT", l)]
    return r.returncode != 0 and any(all(w in l for w in words) and len(l.split()) >= 6 for l in lines), (lines or r.stderr.splitlines())[-1:]


def refusals(world, check):
    own = world.settings.read_text()
    ports = own.replace(f"port = {world.port}", f"port = {free_port()}").replace(f"metrics_port = {world.metrics}", f"metrics_port = {free_port()}")
    other = world.folder / "other.ini"
    other.write_text(ports)
    check("a second server on the same data is refused in a sentence", *sentence(world.run("serve", other), "parta.db", "running"))
    check("and so is parta admin", *sentence(world.run("admin", other, "link", "anna"), "running"))
    other.write_text(own.replace("database = parta.db", "database = new.db"))
    check("a port that is taken, in a sentence", *sentence(world.run("serve", other), str(world.port)))
    shutil.copy(world.folder / "kept.db", world.folder / "broken.db")
    with open(world.folder / "broken.db", "r+b") as f:
        f.write(b"this is no database at all")
    other.write_text(ports.replace("database = parta.db", "database = broken.db"))
    before = (world.folder / "broken.db").read_bytes()
    check("a damaged database, in a sentence", *sentence(world.run("serve", other), "broken.db"))
    check("which stays as it was", (world.folder / "broken.db").read_bytes() == before)
    other.write_text(ports.replace("certificate = certs/server.crt", "certificate = nowhere.crt"))
    check("a certificate that is not there, in a sentence", *sentence(world.run("serve", other), "nowhere.crt"))
    check("no settings file, in a sentence", *sentence(world.run("serve", world.folder / "none.ini"), "none.ini"))
    for command in (("frobnicate",), ("serve", world.settings, "--colour"), ("demo", "--prot", "1"), ("demo", "--clock", "tomorrow"), ("demo", "--clock", "2027-02-30T06:00:00"), ("serve",), ()):
        r = world.run(*command)
        named = next((str(c) for c in command if str(c).startswith("--")), str(command[0]) if command else "usage")
        check(f"usage error: parta {' '.join(str(c).rsplit('/', 1)[-1] for c in command)}",
              r.returncode == 2 and named in r.stderr, r.stderr.splitlines()[:1])


def lost_secret(world, check):
    """Without the secret no card and no password opens anything: a new one must not silently be made."""
    world.kill()
    (world.folder / "parta.secret").rename(world.folder / "kept.secret")
    check("records whose secret is gone are not served with a new one", *sentence(world.run("serve", world.settings), "parta.secret"))
    check("and no new one is made", not (world.folder / "parta.secret").exists())
    (world.folder / "kept.secret").rename(world.folder / "parta.secret")
    world.start()
    check.equal("with it they are", world.get("/healthz").status, 200)


async def lesson_day(world, check):
    async with Crowd(world, "mentor1", "child1") as people:
        lesson = await people[1].next_lesson()
        lines = [await p.connect() for p in people]
        for line in lines:
            check.equal(f"{line.person.who} is in", (await line.join(lesson))["type"], "joined")
        since = time.monotonic()
        for work in (lambda: health(world, check, people), lambda: new_certificate(world, check),
                     lambda: backups(world, check, lesson), lambda: settings_by_name(world, check), lambda: refusals(world, check), lambda: files_of_a_month(world, check)):
            await asyncio.to_thread(work)
        await asyncio.sleep(max(0, since + LASTS_S - time.monotonic()))
        for line in lines:
            await line.say(type="ping", id=77)
            await line.expect("pong", id=77)
        check("the lesson has noticed nothing", not any(m["type"] in ("closed", "gone", "error") for l in lines for m in l.seen),
              f"{time.monotonic() - since:.0f} s on one line")


def run(parta, check):
    with World(parta) as world:
        asyncio.run(lesson_day(world, check))
        lost_secret(world, check)
        check.equal("ends with 0", world.stop(), 0)
