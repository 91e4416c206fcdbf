# SPDX-License-Identifier: Apache-2.0
"""Whose things may be reached: every operation with an object in its path is asked for one that exists and is somebody
else's, by each role that may ask at all (`parta rights`). People of another centre ask for what is of this one; a
mentor, a child, a guardian and a school's officer of the same centre ask for what is not theirs. The answer is the one
that an id of nothing gets, byte for byte, and never anything of the object. That the objects are there and the requests
get as far as looking for them is seen afterwards: whoever they belong to gets another answer than for nothing.

A request carries what the description asks for, made from it, so that no field stands in the way of the object."""
import json
import re
import time
import urllib.parse

import yaml

import rights
from harness import ROOT
from publishing import call
from uploads import Person, pdf
from world import World, unix_ms

NOTHING = "999999999"
DAY_MS = 24 * 3600 * 1000
# (login, role, org): people without a lesson, a school or a child in common with the demo's.
OUTSIDE = {"other.coordinator": ("coordinator", 900), "other.mentor": ("mentor", 900), "other.child": ("child", 900),
           "other.guardian": ("guardian", 900), "other.officer": ("school_officer", 901), "other.admin": ("admin", 900)}
BESIDE = {"beside.mentor": ("mentor", 1), "beside.child": ("child", 1), "beside.guardian": ("guardian", 1),
          "beside.officer": ("school_officer", 902)}
# Whoever the objects belong to, by role. The demo has no administrator: one is made.
OWN = {"own.admin": ("admin", 1)}
OWNERS = {"coordinator": "coordinator", "mentor": "mentor1", "child": "child1", "guardian": "guardian",
          "school_officer": "school_officer", "admin": "own.admin"}
# An administrator's alone: the scope is all, so there is nobody whose thing is not the asker's.
NOBODY_ELSE = {("POST", "/people/{id}/second-step-off")}
# Of the centre and not of anybody in it: its own people may all see them.
OF_THE_CENTRE = {"/programmes/{programme}"}


# ---- the other people, and what the demo lacks ------------------------------------------------------------------

def add_people(db, now):
    db.execute("INSERT INTO org (id, code, name, type, parent, tz, created_ms) VALUES (900, 'other', 'Another centre', "
               "'centre', NULL, 'Europe/Moscow', 1), (901, 'other.school', 'Its school', 'school', 900, 'Europe/Moscow', 1), "
               "(902, 'third.school', 'A third school', 'school', 1, 'Europe/Moscow', 1)")
    for login, (role, org) in (OUTSIDE | BESIDE | OWN).items():
        user = db.execute("INSERT INTO user (login, name, short_name, tz, created_ms) VALUES (?, 'Somebody Else', 'Somebody', "
                          "'Europe/Moscow', 1) RETURNING id", (login,)).fetchone()[0]
        db.execute("INSERT INTO role_grant (user_id, role, org, from_ms, created_ms) VALUES (?, ?, ?, 1, 1)",
                   (user, role, org))
        if role == "mentor":
            db.execute("INSERT INTO mentor (user_id, centre, created_ms) VALUES (?, ?, 1)", (user, org))
        if role == "child":
            child = db.execute("INSERT INTO child (user_id, centre, org_school, register_no, grade, created_ms) VALUES "
                               "(?, ?, ?, 'R-1', 5, 1) RETURNING id", (user, org, 901 if org == 900 else 902)).fetchone()[0]
        if role == "guardian":
            db.execute("INSERT INTO guardian_link (user_id, child, from_ms, created_ms) VALUES (?, ?, 1, 1)", (user, child))


def add_objects(db, now, ids):
    """ids: of the demo's people and rows; the ids of what is made come into it. Children and mentors by their user."""
    def row(sql, *values):
        return db.execute(sql + " RETURNING id", values).fetchone()[0]

    who, child, mentor, school = ids["user"], ids["child_row"], ids["mentor_row"], ids["school"]
    ids["invitations"] = row("INSERT INTO account_invitation (centre, org, role, name, address, locale, token_hash, expires_ms, "
                             "created_ms, created_by) VALUES (1, 1, 'mentor', 'New', 'new@example.org', 'ru', randomblob(32), "
                             "?, ?, ?)", now + DAY_MS, now, who)
    ids["outbox"] = row("INSERT INTO notification (centre, channel, kind, dedupe_key, user_id, state, next_ms, created_ms, "
                        "done_ms) VALUES (1, 'mail', 'test', 'objects', ?, 'failed', ?, ?, ?)", who, now, now, now)
    ids["retention/runs"] = row("INSERT INTO retention_run (centre, state, kind, asked_by, asked_ms, listed_ms) VALUES "
                                "(1, 'listed', 'chat', ?, ?, ?)", who, now, now)
    ids["retention/holds"] = row("INSERT INTO retention_hold (centre, user_id, reason, created_ms, created_by) VALUES "
                                 "(1, ?, 'a court', ?, ?)", ids["child"], now, who)
    ids["version"] = row("INSERT INTO schedule_version (org, no, state, created_ms) VALUES (1, 77, 'draft', ?)", now)
    plan = ("INSERT INTO lesson (version, org, kind, subject, mentor, planned_mentor, start_ms, end_ms, tz, state, state_ms, "
            "created_ms) VALUES (?, 1, ?, 1, ?, ?, ?, ?, 'Europe/Moscow', ?, ?, ?)")
    start = now + 40 * DAY_MS
    ids["planned-lessons"] = row(plan, ids["version"], "lesson", mentor, mentor, start, start + 1800000, "planned", now, now)
    db.execute("INSERT INTO lesson_child (lesson, child, school) VALUES (?, ?, ?)", (ids["planned-lessons"], child, school))
    published = db.execute("SELECT id FROM schedule_version WHERE state = 'published'").fetchone()[0]
    ids["gathering"] = row(plan, published, "group", mentor, mentor, start, start + 1800000, "scheduled", now, now)
    db.execute("INSERT INTO gathering (lesson, kind, title) VALUES (?, 'meeting', 'Methods')", (ids["gathering"],))
    ids["plan"] = row("INSERT INTO plan_run (org, week, mode, seed, state, asked_by, asked_ms, ended_ms) VALUES "
                      "(1, '2026-11-30', 'fresh', 1, 'done', ?, ?, ?)", who, now, now)
    ids["series"] = row("INSERT INTO series (org, subject, mentor, tz, rule, first_date, hour, minute, minutes, created_ms) "
                        "VALUES (1, 1, ?, 'Europe/Moscow', 'FREQ=WEEKLY', '2027-01-11', 10, 0, 30, ?)", mentor, now)
    ids["section"] = row("INSERT INTO section (centre, provider, kind, title, leader, online, age_from, age_to, paper_needed, "
                         "tz, created_ms, created_by) VALUES (1, 2, 'art', 'Clay', 'A leader', 1, 5, 18, 0, 'Europe/Moscow', "
                         "?, ?)", now, who)
    group = row("INSERT INTO section_group (section, name, capacity) VALUES (?, 'A', 5)", ids["section"])
    ids["visit"] = row("INSERT INTO section_visit (section, kind, start_ms, minutes, created_ms, created_by) VALUES "
                       "(?, 'trial', ?, 30, ?, ?)", ids["section"], start, now, who)
    ids["choice"] = row("INSERT INTO choice (child, section_group, state, wished_ms, wished_by, confirmed_by, offer_to_ms) "
                        "VALUES (?, ?, 'offered', ?, ?, ?, ?)", child, group, now, ids["child"], who, now + DAY_MS)
    ids["event"] = row("INSERT INTO event (centre, kind, title, place, tz, start_ms, end_ms, answer_by_ms, chair, secretary, "
                       "changed_ms, created_ms, created_by) VALUES (1, 'seminar', 'Methods', 'Hall', 'Europe/Moscow', ?, ?, ?, "
                       "?, ?, ?, ?, ?)", start, start + 3600000, start - DAY_MS, who, ids["mentor"], now, now, who)
    for user in (ids["mentor"], ids["officer"], ids["guardian"]):
        db.execute("INSERT INTO event_invite (event, user_id, part, via, invited_ms, invited_by) VALUES "
                   "(?, ?, 'listener', 'person', ?, ?)", (ids["event"], user, now, who))
    ids["application"] = row("INSERT INTO application (mentor, school, state, state_ms, created_ms) VALUES "
                             "(?, ?, 'draft', ?, ?)", mentor, school, now, now)
    ids["return"] = row("INSERT INTO need_return (school, period, count, created_ms, created_by, changed_ms, changed_by) VALUES "
                        "(?, '2026-11', 3, ?, ?, ?, ?)", school, now, ids["officer"], now, ids["officer"])
    ids["referral"] = row("INSERT INTO referral (school, centre, state, child_name, first_ms, created_ms, created_by) VALUES "
                          "(?, 1, 'submitted', 'A Child', ?, ?, ?)", school, now, now, ids["officer"])
    for name, sql in (("lesson", "SELECT l.id FROM lesson l JOIN lesson_child c ON c.lesson = l.id WHERE c.child = ? AND "
                                 "l.mentor = ? AND l.state IN ('computed', 'confirmed', 'locked') ORDER BY l.id DESC"),
                      ("assignment", "SELECT id FROM assignment WHERE child = ? AND mentor = ?")):
        ids[name] = db.execute(sql, (child, mentor)).fetchone()[0]
    for table in ("training", "qualification"):
        ids[table] = db.execute(f"SELECT id FROM {table} WHERE mentor = ?", (mentor,)).fetchone()[0]
    accepted = row("INSERT INTO referral (school, centre, state, child, child_name, first_ms, reviewer, decided_ms, decided_by, "
                   "closed_ms, created_ms, created_by) VALUES (?, 1, 'accepted', ?, 'A Child', ?, ?, ?, ?, ?, ?, ?)",
                   school, child, now, who, now, who, now, now, ids["officer"])
    db.execute("INSERT INTO case_file (child, referral, opened_ms) VALUES (?, ?, ?)", (child, accepted, now))
    employed = row("INSERT INTO application (mentor, school, state, state_ms, created_ms) VALUES "
                   "(?, 3, 'order_issued', ?, ?)", mentor, now, now)
    db.execute("INSERT INTO employment_order (application, mentor, school, year, number, signed_ms, rate_percent, week_minutes, "
               "from_ms, created_ms) VALUES (?, ?, 3, 2026, 'T-1', ?, 50, 600, ?, ?)", (employed, mentor, now, now, now))
    ids["/applications/{application}/order.pdf"] = employed
    asked = row("INSERT INTO referral (school, centre, state, child_name, first_ms, reviewer, asked_items, created_ms, created_by) "
                "VALUES (?, 1, 'incomplete', 'A Child', ?, ?, 1, ?, ?)", school, now, who, now, ids["officer"])
    db.execute("INSERT INTO medical_basis (referral, issued_date, from_date, to_date, changed_ms, changed_by) VALUES "
               "(?, '2026-11-01', '2026-11-01', '2027-05-31', ?, ?)", (asked, now, ids["officer"]))
    ids["/referrals/{referral}/scans/open"] = asked
    add_sheets(db, now, ids)
    ids["webhooks"] = row("INSERT INTO webhook (centre, url, sealed, created_ms, created_by) VALUES (1, 'https://example.org/', randomblob(72), ?, ?)", now, who)
    db.execute("INSERT INTO webhook_kind (webhook, kind) VALUES (?, 'lesson.held')", (ids["webhooks"],))
    ids["webhook-deliveries"] = row("INSERT INTO webhook_delivery (webhook, kind, body, created_ms, state, next_ms, done_ms) VALUES "
                                    "(?, 'lesson.held', '{}', ?, 'failed', ?, ?)", ids["webhooks"], now, now, now)
    ids["words"] = db.execute("SELECT text_version FROM consent WHERE kind = 'lessons' LIMIT 1").fetchone()[0]
    ids["programme"] = db.execute("SELECT id FROM programme WHERE org = 1").fetchone()[0]
    ids["child-programmes"] = db.execute("SELECT id FROM child_programme WHERE child = ? ORDER BY id DESC",
                                         (child,)).fetchone()[0]


def add_sheets(db, now, ids):
    """A term that has just ended: the child's sheet as a draft, and another child's that the school has."""
    first, last = (time.strftime("%Y-%m-%d", time.gmtime(now / 1000 - days * 86400)) for days in (40, 1))
    db.execute("INSERT INTO term (org, kind, from_date, to_date) VALUES (?, 'quarter', ?, ?)", (ids["school"], first, last))
    ids["sheet"] = f"{ids['mentor']}-{ids['child']}-{ids['school']}-4-{first}"
    child, user = db.execute("SELECT k.id, k.user_id FROM lesson l JOIN lesson_child c ON c.lesson = l.id JOIN child k ON "
                             "k.id = c.child WHERE l.mentor = ? AND k.org_school = ? AND k.id <> ? AND k.grade BETWEEN 2 AND 9",
                             (ids["mentor_row"], ids["school"], ids["child_row"])).fetchone()
    sheet = db.execute("INSERT INTO mark_sheet (mentor, child, school, kind, from_date, to_date, state, body_sha256, at_ms, by_user) "
                       "VALUES (?, ?, ?, 'quarter', ?, ?, 'accepted', ?, ?, ?) RETURNING id",
                       (ids["mentor_row"], child, ids["school"], first, last, bytes(32), now, ids["user"])).fetchone()[0]
    for kind in ("json", "pdf", "csv", "xlsx"):
        db.execute("INSERT INTO frozen_body (doc, doc_id, format, locale, sha256, bytes, at_ms) VALUES ('sheet', ?, ?, 'ru', ?, "
                   "x'7b7d', ?)", (sheet, kind, bytes(32), now))
    db.execute("INSERT INTO delivery (doc, doc_id, version, to_org, sha256, queued_ms, sent_ms) VALUES ('sheet', ?, 1, ?, ?, ?, ?)",
               (sheet, ids["school"], bytes(32), now, now))
    for step in ("open", "acknowledge", "correct"):
        ids[f"/mark-sheets/{{sheet}}/{step}"] = f"{ids['mentor']}-{user}-{ids['school']}-4-{first}"


def edit(ids):
    def at(db):
        db.execute("PRAGMA foreign_keys = ON")
        user = {login: i for i, login in db.execute("SELECT id, login FROM user")}
        m, k = user["anna"], user["misha"]
        ids.update(user=user["irina"], mentor=m, child=k, guardian=user["misha.family"], officer=user["gromova"], school=2,
                   people=user["pavel"])
        sent = "-".join(str(v) for v in db.execute(
            "SELECT m.user_id, c.user_id, r.school, r.month FROM delivery d JOIN month_report r ON r.id = d.doc_id "
            "JOIN mentor m ON m.id = r.mentor JOIN child c ON c.id = r.child WHERE d.doc = 'report' AND d.to_org = 2").fetchone())
        for step in ("open", "acknowledge", "correct"):
            ids[f"/reports/{{report}}/{step}"] = sent
        ids["child_row"] = db.execute("SELECT id FROM child WHERE user_id = ?", (k,)).fetchone()[0]
        ids["mentor_row"] = db.execute("SELECT id FROM mentor WHERE user_id = ?", (m,)).fetchone()[0]
        now = unix_ms()
        add_people(db, now)
        add_objects(db, now, ids)
    return at


def made_by_asking(people, ids):
    """What comes with a file or a job of its own."""
    coordinator, mentor = people["coordinator"], people["mentor1"]
    made = mentor.send(f"/mentors/{ids['mentor']}/documents?kind=award&issued=2026-01-15", pdf(500, b"objects"))
    ids["document"] = next(d["id"] for d in json.loads(made.body)["documents"] if d["kind"] == "award")
    made = coordinator.send(f"/children/{ids['child']}/consents/paper?kind=recording&guardian={ids['guardian']}&words="
                            f"{ids['words']}&signed={time.strftime('%Y-%m-%d', time.gmtime(time.time() - 86400))}",
                            pdf(500, b"consent"))
    ids["paper"] = next(c["paper"] for c in json.loads(made.body)["consents"] if c["paper"])
    people["school_officer"].send(f"/referrals/{ids['/referrals/{referral}/scans/open']}/scans?kind=basis", pdf(500, b"scan"))
    archive = json.loads(call(coordinator, "POST", "/report-archives", {"month": time.strftime("%Y-%m", time.gmtime())}).body)
    ids["report-archives"] = archive["id"]
    for _ in range(300):
        if json.loads(coordinator.get(f"/report-archives/{archive['id']}").body)["state"] == "done":
            break
        time.sleep(0.1)
    ids["report"] = next(r["id"] for r in json.loads(mentor.get("/reports").body)["items"]
                         if f"-{ids['child']}-" in r["id"])
    ids["me/sessions"] = json.loads(coordinator.get("/me/sessions").body)["items"][0]["id"]


# ---- requests made from the description ---------------------------------------------------------------------------

class Description:
    def __init__(self, ids):
        self.ids = ids
        self.all = yaml.safe_load((ROOT / "common" / "openapi.yaml").read_text())

    def at(self, node):
        while "$ref" in node:
            found = self.all
            for step in node["$ref"][2:].split("/"):
                found = found[step]
            node = found
        return node

    def sample(self, schema):
        """A small value that the schema allows."""
        s = self.at(schema)
        for many in ("allOf", "oneOf", "anyOf"):
            if many in s:
                return self.sample(s[many][0])
        kind = s.get("type")
        kind = next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind
        if "const" in s or "enum" in s:
            return s.get("const", s.get("enum", [None])[0])
        if kind == "object" or "properties" in s:
            return {k: self.field(k, v) for k, v in s.get("properties", {}).items() if k in s.get("required", [])}
        if kind == "array":
            return [self.sample(s["items"]) for _ in range(s.get("minItems", 0))]
        if kind in ("integer", "number"):
            return max(1, s.get("minimum", 1))
        if kind == "boolean":
            return True
        return self.text(s)

    @staticmethod
    def text(s):
        for form in ("2027-01-11", "2027-01", "10:30", "2027-01-11T10:30", "Europe/Moscow", "reading", "5"):
            if "pattern" in s and re.search(s["pattern"], form):
                return form
        if s.get("format") == "date":
            return "2027-01-11"
        return "a reason" + "x" * max(0, s.get("minLength", 0) - 8)

    def field(self, name, schema):
        """With ids of what there is, so that the object of the path is the only one that can be missing."""
        integer = self.at(schema).get("type") == "integer"
        return self.ids[name] if integer and name in self.ids else self.sample(schema)

    def operations(self):
        """(method, path, query, body) of all that have an object in their path."""
        for path, item in self.all["paths"].items():
            for method, op in item.items():
                if "{" not in path or method == "parameters" or op.get("security") == []:
                    continue
                named = [self.at(p) for p in op.get("parameters", []) + item.get("parameters", [])]
                query = "&".join(f"{p['name']}={urllib.parse.quote(str(self.field(p['name'], p['schema'])))}" for p in named
                                 if p["in"] == "query" and p.get("required"))
                content = self.at(op["requestBody"])["content"] if "requestBody" in op else {}
                body = b""
                if "application/json" in content:
                    body = json.dumps(self.sample(content["application/json"]["schema"])).encode()
                elif content:
                    body = pdf(300, b"x")
                yield method.upper(), path, query, body


def object_of(path, ids):
    """The id of somebody's object for this path; None: there is none."""
    name = re.search(r"\{(\w+)\}", path).group(1)
    folder = path[1:path.index("/{")]
    return ids.get(path, ids.get(folder, ids.get(name)))


def address(path, query, thing):
    return re.sub(r"\{\w+\}", str(thing), path) + (f"?{query}" if query else "")


def nothing_like(thing):
    return re.sub(r"^\d+(-\d+-\d+)?(?=-|$)", lambda m: "-".join([NOTHING] * (m.group(0).count("-") + 1)), str(thing))


def ask(person, method, path, body):
    kind = "application/octet-stream" if body.startswith(b"%PDF") else "application/json"
    head = person.head(method, path, len(body), kind=kind)[:-2]
    a = person.world.ask(head + b'If-Match: "v1"\r\n\r\n' + body, timeout=60)
    return a.status, a.body


# ---- the checks -------------------------------------------------------------------------------------------------

def foreign(scope, who):
    """Is what is the demo's out of this scope for the asker?"""
    if who in OUTSIDE:
        return scope not in ("none", "all")
    return scope in ("own", "own_children", "own_school")


def strangers(description, rows, people, ids, check):
    """What is asked without being entitled to it. Whoever has no right at all is tried by rights.py."""
    told, unlike, in_the_way, tried = [], [], [], set()
    for method, path, query, body in description.operations():
        thing = object_of(path, ids)
        _, scopes = rows[method, rights.plain(path)]
        for who, (role, _) in (OUTSIDE | BESIDE).items():
            theirs = scopes and not foreign(scopes[role], who)
            if thing is None or theirs or (who in BESIDE and path in OF_THE_CENTRE):
                continue
            there = ask(people[who], method, address(path, query, thing), body)
            nothing = ask(people[who], method, address(path, query, nothing_like(thing)), body)
            tried.add((who, method, path))
            if there[0] not in (400, 403, 404):
                told.append((who, method, path, there[0], there[1][:120]))
            elif there != nothing:
                unlike.append((who, method, path, there, nothing))
            elif there[0] == 400:
                in_the_way.append((who, method, path, there[1]))
    check(f"{len(tried)} cells of person and operation: nothing of somebody else's thing is given",
          not told and len(tried) >= 420, told[:8])
    check("nor is the answer another than for an id of nothing", not unlike, unlike[:8])
    check("in none of them did a field stand in the way", not in_the_way, in_the_way[:8])
    return {(method, path) for _, method, path in tried}


def told_apart(description, method, path, query, body, people, ids, scopes):
    """Does some owner of the thing get another answer than for an id of nothing?"""
    for role, who in OWNERS.items():
        if scopes and scopes[role] == "none":
            continue
        nothing = ask(people[who], method, address(path, query, nothing_like(object_of(path, ids))), body)
        if ask(people[who], method, address(path, query, object_of(path, ids)), body) != nothing:
            return True
    return False


def owners(description, rows, people, ids, check):
    """The last of all, for it changes what there is; the own session is ended at the very end."""
    same = []
    for method, path, query, body in sorted(description.operations(), key=lambda o: (o[1].startswith("/me/"), o[0] == "DELETE")):
        scopes = rows[method, rights.plain(path)][1]
        if scopes and all(scopes[role] == "none" for role in OWNERS):
            continue  # an administrator's alone, whose scope is all
        if not told_apart(description, method, path, query, body, people, ids, scopes):
            same.append((method, path))
    check("every one of these things is there: its owner is answered otherwise", not same, same)


def run(parta, check):
    ids = {}
    description, rows = Description(ids), rights.table(parta)
    with World(parta, {"requests_per_second": 10000}, edit=edit(ids), more_links=list(OUTSIDE | BESIDE | OWN)) as world:
        people = {who: Person(world, world.tokens[who])
                  for who in list(OUTSIDE | BESIDE) + list(OWNERS.values())}
        made_by_asking(people, ids)
        tried = strangers(description, rows, people, ids, check)
        left = {(m, p) for m, p, _, _ in description.operations()} - tried
        check.equal("operations with an object in their path that nobody could be tried at", left, NOBODY_ELSE)
        owners(description, rows, people, ids, check)
        check.equal("the server lives", world.get("/healthz").status, 200)
