# SPDX-License-Identifier: Apache-2.0
"""The demo world under a real `parta serve`: a school with people who can sign in and a lesson that is
running, so that a part of the suite can begin in the middle of a lesson. The world is made once, by
`parta demo` itself, and every server gets a copy; a part may change its copy before its server starts,
never while one has it open."""
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

from harness import Server, free_port

_template = None


class Template:
    """A filled demo database, its secret and the tokens of its personal links."""

    def __init__(self, parta, folder):
        self.folder = pathlib.Path(folder)
        pages = self.folder / "pages"
        pages.mkdir()
        (pages / "index.html").write_text("<!doctype html><title>Parta</title>")
        certs = self.folder / "certs"
        from harness import ROOT
        subprocess.run([ROOT / "certs" / "make-dev-certs", certs], check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen([parta, "demo", "--port", str(free_port()), "--data", self.folder / "data", "--static",
                                   pages, "--certs", certs], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in server.stdout:
            if "serving " in line:
                break
        else:
            raise RuntimeError("parta demo did not start")
        server.send_signal(signal.SIGTERM)
        server.stdout.read()
        if server.wait(20) != 0:
            raise RuntimeError("parta demo did not end well")
        links = json.loads((self.folder / "data" / "links.json").read_text())
        self.tokens = {who: link.rsplit("/", 1)[1] for who, link in links.items()}


def template(parta):
    """Made at the first call; removed by forget()."""
    global _template
    if _template is None:
        _template = Template(parta, tempfile.mkdtemp(prefix="parta-template-"))
    return _template


def forget():
    global _template
    if _template is not None:
        shutil.rmtree(_template.folder, ignore_errors=True)
    _template = None


class World(Server):
    """A Server on a copy of the demo world. edit(db) is given the copy, as an sqlite3 connection, before
    anybody serves it; more_links are logins that get a personal link too."""

    def __init__(self, parta, limits=None, edit=None, more_links=(), level="info"):
        made = template(parta)
        super().__init__(parta, {**{"connections_per_address": 500, "connections_per_person": 100,
                                    "accepts_per_second": 500}, **(limits or {})})
        self.tokens = dict(made.tokens)
        for name in ("parta.db", "parta.secret", "parta.db.ring"):
            if (made.folder / "data" / name).exists():
                shutil.copy(made.folder / "data" / name, self.folder / name)
        with open(self.settings, "a") as f:
            f.write(f"[log]\nlevel = {level}\n")
        if edit:
            db = sqlite3.connect(self.folder / "parta.db", isolation_level=None)
            edit(db)
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.close()
        for login in more_links:
            made = self.run("admin", self.settings, "link", login)
            self.tokens[login] = re.search(r"/in/(\S+)", made.stdout).group(1)

    def __enter__(self):
        self.start()
        return self

    def run(self, *command):
        return subprocess.run([self.parta, *command], capture_output=True, text=True, timeout=60)

    def kill(self):
        """kill -9, and nothing is left of it."""
        self.process.kill()
        self.process.wait()

    def records(self):
        """A look at the records as they are now: a copy made by `parta backup`, opened."""
        copy = self.folder / f"copy-{time.monotonic_ns()}.db"
        made = self.run("backup", self.settings, copy)
        if made.returncode != 0:
            raise RuntimeError(f"parta backup: {made.stdout}{made.stderr}")
        db = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
        db.row_factory = sqlite3.Row
        return db

    def verify(self):
        """("clean" or what else its last line is, exit status)."""
        r = self.run("verify", self.settings)
        return (r.stdout.strip().splitlines() or [r.stderr.strip()])[-1], r.returncode

    def rss_kb(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))


class Checks:
    """Prints a line for each check and counts them."""

    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, text, ok, detail=""):
        ok = bool(ok)
        self.passed += ok
        self.failed += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {text}{f' ({detail})' if detail != '' else ''}", flush=True)
        return ok

    def equal(self, text, got, wanted):
        return self(text, got == wanted, got if got == wanted else f"{got!r} instead of {wanted!r}")


def unix_ms():
    return int(time.time() * 1000)
