# SPDX-License-Identifier: Apache-2.0
"""Lists that a centre brings along, on a real server and at the console: kill -9 in the middle leaves all of a list or
nothing of it, a million rows are refused in a sentence, what cannot be written beside a running server says so, and
what `parta export` gives `parta import` takes."""
import json
import time
import zipfile

from uploads import Person
from world import World

HEAD = "register_no,name,birth_date,grade,school\n"
ROWS = 2000


def children(school, rows=ROWS, broken=False):
    lines = [f"imp-{i},Ребёнок Номер{i},2015-0{1 + i % 9}-09,{1 + i % 11},{school}" for i in range(rows)]
    if broken:
        lines[-1] = lines[-1].replace(f",{school}", ",nowhere")
    return (HEAD + "\n".join(lines) + "\n").encode()


def school_of(world):
    return world.records().execute("SELECT code FROM org WHERE type = 'school' ORDER BY id").fetchone()["code"]


def imported(world):
    return world.records().execute("SELECT count(*) AS n FROM child WHERE register_no LIKE 'imp-%'").fetchone()["n"]


def over_http(world, coordinator, school, check):
    a = coordinator.send("/imports?kind=children&apply=true", children(school, broken=True))
    told = json.loads(a.body)
    check.equal("a list that breaks at its last row", (a.status, told["applied"], told["faults"][0]["row"],
                                                       told["faults"][0]["code"]), (200, False, ROWS + 1, "unknown"))
    check.equal("changes nothing", imported(world), 0)
    million = b"a\n" + b"1\n" * 1_000_000
    a = coordinator.send("/imports?kind=children", million)
    check("a million rows are refused by name", "too_many_rows" in a.body.decode(), a.status)


def killed(parta, check):
    """The list is sent, and the server dies at a part of the time that it takes."""
    left, whole = [], None
    for part in (None, 0.0, 0.3, 0.6, 0.8, 0.95):
        with World(parta) as world:
            coordinator = Person(world, world.tokens["coordinator"])
            body = children(school_of(world))
            head = coordinator.head("POST", "/imports?kind=children&apply=true", len(body))
            start = time.monotonic()
            with world.connect() as s:
                s.settimeout(60)
                s.sendall(head + body)
                if part is None:
                    s.recv(4096)  # the answer: it is on the disk
                    whole = time.monotonic() - start
                else:
                    time.sleep(part * whole)
                world.kill()
            world.start()
            left.append(imported(world))
            check.equal("the database behind it", world.verify()[1], 0)
    check("all of the list or nothing of it", set(left) <= {0, ROWS}, left)
    check("what was answered is there, what was not read is not", left[:2] == [ROWS, 0], left)


def at_the_console(world, school, folder, check):
    good, bad, out = folder / "good.csv", folder / "bad.csv", folder / "out.zip"
    good.write_bytes(children(school, 3))
    bad.write_bytes(children(school, 3, broken=True))
    r = world.run("import", world.settings, "children", bad)
    check("a fault in a sentence, with its place", r.returncode == 1 and
          "row 4, column school: names something that is not there" in r.stderr, r.stderr)
    r = world.run("import", world.settings, "children", good)
    check("a look beside a running server", r.returncode == 0 and "3 rows, 0 faults; nothing was written" in r.stdout,
          r.stdout + r.stderr)
    r = world.run("import", world.settings, "children", good, "--apply")
    check("no writing beside a running server", r.returncode == 1 and "stop it" in r.stderr, r.stderr)
    r = world.run("export", world.settings, "oneroster", out)
    check("an archive beside a running server", r.returncode == 0 and "users.csv" in zipfile.ZipFile(out).namelist(),
          r.stderr)
    check.equal("is not written over", world.run("export", world.settings, "oneroster", out).returncode, 1)
    check("has no word of medicine, no hash", not any(w in zipfile.ZipFile(out).read("users.csv").decode()
                                                      for w in ("argon2", "diagnos")))
    world.stop()
    r = world.run("import", world.settings, "children", good, "--apply")
    check("with the server stopped it is written", r.returncode == 0 and "3 children" in r.stdout, r.stdout + r.stderr)
    r = world.run("import", world.settings, "oneroster", out)
    check("the same people again are told", r.returncode == 1 and ": is there already" in r.stderr, r.stderr[:200])
    for words in (("import", world.settings, "parents", good), ("import", world.settings), ("export", world.settings, "xml", out)):
        check.equal(f"asked wrongly: {' '.join(map(str, words[2:3]))}", world.run(*words).returncode, 2)
    check.equal("a file that is not there", world.run("import", world.settings, "children", folder / "no.csv").returncode, 1)
    check.equal("the registers behind all of it", world.verify()[1], 0)


def run(parta, check):
    with World(parta) as world:
        school = school_of(world)
        coordinator = Person(world, world.tokens["coordinator"])
        over_http(world, coordinator, school, check)
        at_the_console(world, school, world.folder, check)
    killed(parta, check)
