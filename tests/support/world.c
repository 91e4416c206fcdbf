/* SPDX-License-Identifier: Apache-2.0
 *
 * The small world of world.h.
 */
#include "tests/support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/hiring.h"
#include "server/store/migrate.h"
#include "server/store/programme.h"
#include "server/store/staff.h"

#define ok(call) assert_int_equal(call, ERR_OK)

static const struct user_id nobody = { 0 };

static struct user_id person(struct world *w, const char *login, const char *name, enum role role,
                             struct org_id org)
{
    struct user u = { .tz = "Europe/Moscow", .locale = "ru" };
    struct grant g;
    int64_t id;

    assert_true(str_copy(u.login, sizeof u.login, login));
    assert_true(str_copy(u.name, sizeof u.name, name));
    assert_true(str_copy(u.short_name, sizeof u.short_name, name));
    ok(user_save(w->db, &u, w->now_ms, nobody, &u.id));
    g = (struct grant){ .user = u.id,
                        .role = role,
                        .org = org,
                        .from_ms = w->now_ms - 365 * MS_PER_DAY,
                        .to_ms = FOREVER_MS };
    ok(grant_add(w->db, &g, w->now_ms, nobody, &id));
    return u.id;
}

static struct org_id organisation(struct world *w, enum org_type type, const char *code,
                                  const char *tz)
{
    struct org o = { .type = type, .parent = w->centre };

    assert_true(str_copy(o.code, sizeof o.code, code));
    assert_true(str_copy(o.name, sizeof o.name, code));
    assert_true(str_copy(o.tz, sizeof o.tz, tz));
    ok(org_save(w->db, &o, w->now_ms, nobody, &o.id));
    return o.id;
}

static void document(struct world *w, struct mentor_id mentor, enum document_kind kind)
{
    struct staff_document d = { .mentor = mentor,
                                .kind = kind,
                                .type = UPLOAD_PDF,
                                .bytes = 1,
                                .issued_ms = w->now_ms - 90 * MS_PER_DAY,
                                .expires_ms = FOREVER_MS };
    int64_t id;

    assert_true(str_format(d.name, sizeof d.name, "%043lld", (long long)(mentor.v * 100 + kind)));
    memcpy(d.sha256, d.name + STAFF_FILE_CHARS - sizeof d.sha256, sizeof d.sha256);
    ok(staff_document_add(w->db, &d, w->now_ms, nobody, &id));
    ok(staff_document_verify(w->db, id, true, w->now_ms, w->coordinator));
}

void world_course(struct world *w, struct mentor_id mentor, int64_t from_ms)
{
    struct training t = { .mentor = mentor,
                          .course = "Contact with a sick child",
                          .issued_ms = from_ms,
                          .expires_ms = FOREVER_MS,
                          .topics = 1u << TOPIC_CONTACT_PSYCHOLOGY,
                          .verified_by = w->coordinator };
    int64_t id;

    ok(training_add(w->db, &t, w->now_ms, nobody, &id));
}

void world_documents(struct world *w, struct mentor_id mentor, int64_t from_ms)
{
    struct qualification q = { .mentor = mentor,
                               .subject_id = w->subject,
                               .grade_from = 1,
                               .grade_to = 11,
                               .issued_ms = from_ms,
                               .verified_by = w->coordinator };
    int64_t id;

    for (enum document_kind k = 0; k < DOCUMENT_COUNT; k++)
        if (document_required(k))
            document(w, mentor, k);
    ok(qualification_add(w->db, &q, w->now_ms, nobody, &id));
}

void world_papers(struct world *w, struct mentor_id mentor, int64_t from_ms)
{
    world_course(w, mentor, from_ms);
    world_documents(w, mentor, from_ms);
}

void world_order(struct world *w, struct mentor_id mentor, struct org_id school, int64_t from_ms)
{
    struct employment_order o = { .mentor = mentor,
                                  .school = school,
                                  .year = 2026,
                                  .signed_ms = from_ms,
                                  .rate_percent = 50,
                                  .week_minutes = 540,
                                  .from_ms = from_ms,
                                  .to_ms = FOREVER_MS,
                                  .acquainted_ms = from_ms };
    int64_t id;

    if (mentor_id_eq(mentor, w->mentors[0]))
        assert_true(str_copy(o.number, sizeof o.number, "12-k"));
    else
        assert_true(str_format(o.number, sizeof o.number, "12-%lld", (long long)mentor.v));
    ok(order_add(w->db, &o, w->now_ms, nobody, &id));
}

void world_programme(struct world *w, struct child_id child, int64_t from_ms)
{
    int64_t first = from_ms / MS_PER_DAY, id;
    struct child_programme p = { .child = child,
                                 .days = { first, first + 730 },
                                 .lines = { { .subject = w->subject,
                                              .week_minutes = 10080,
                                              .year_minutes = 53 * 10080,
                                              .lesson_minutes = 40 } },
                                 .lines_n = 1 };

    ok(child_programme_add(w->db, &p, w->now_ms, w->stranger, &id));
    ok(child_programme_load(w->db, id, &p));
    ok(child_programme_move(w->db, &p, PROGRAMME_PROPOSED, "", w->now_ms, w->stranger));
    ok(child_programme_load(w->db, id, &p));
    ok(child_programme_move(w->db, &p, PROGRAMME_APPROVED, "", w->now_ms, w->coordinator));
}

static void add_mentor(struct world *w, int i, const char *login)
{
    int64_t from = w->now_ms - 365 * MS_PER_DAY, id;

    w->mentor_users[i] =
        person(w, login, i ? "Pavel Denisov" : "Анна Сергеевна", ROLE_MENTOR, w->centre);
    ok(mentor_add(w->db, w->mentor_users[i], w->centre, w->now_ms, nobody, &w->mentors[i]));
    world_papers(w, w->mentors[i], from);
    for (int s = 0; s < WORLD_PEOPLE; s++)
        world_order(w, w->mentors[i], w->schools[s], from);
    for (int c = 0; c < WORLD_PEOPLE; c++) {
        ok(assignment_add(w->db, w->children[c], w->mentors[i], w->subject, from, FOREVER_MS,
                          w->now_ms, nobody, &id));
        ok(introduction_add(w->db, w->mentors[i], w->children[c], from, w->now_ms, nobody));
    }
}

static void add_child(struct world *w, int i, const char *login)
{
    struct child c = { .centre = w->centre, .school = w->schools[i], .grade = 3 + i };
    int64_t from = w->now_ms - 365 * MS_PER_DAY;

    w->child_users[i] = person(w, login, i ? "Sofia K." : "Миша", ROLE_CHILD, w->centre);
    c.user = w->child_users[i];
    assert_true(str_format(c.register_no, sizeof c.register_no, "R-%d", i + 1));
    ok(child_save(w->db, &c, w->now_ms, nobody, &w->children[i]));
    ok(consent_give(w->db, w->children[i], "lessons", "1", w->guardian, from, FOREVER_MS));
    world_programme(w, w->children[i], from);
}

void world_open(struct world *w, int64_t now_ms)
{
    struct subject s = {
        .code = "maths", .name_ru = "Математика", .name_en = "Maths", .colour = 1
    };
    int64_t link;

    log_set_level(LOG_OFF);
    *w = (struct world){ .now_ms = now_ms };
    /* In memory if there is such a place: these tests are about rules, not about a disk's speed. */
    assert_true(str_format(w->dir, sizeof w->dir, "%s/parta-test-XXXXXX",
                           access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"));
    assert_non_null(mkdtemp(w->dir));
    assert_true(str_format(w->path, sizeof w->path, "%s/parta.db", w->dir));
    assert_true(str_format(w->key_path, sizeof w->key_path, "%s/key", w->dir));
    ok(db_open(&w->db, w->path, DB_WRITER));
    ok(migrate(w->db, now_ms));
    ok(db_begin(w->db));
    w->centre = organisation(w, ORG_CENTRE, "centre", "Europe/Moscow");
    w->schools[0] = organisation(w, ORG_SCHOOL, "school-1", "Europe/Moscow");
    w->schools[1] = organisation(w, ORG_SCHOOL, "school-2", "Asia/Yekaterinburg");
    ok(subject_save(w->db, &s, &w->subject));
    w->coordinator = person(w, "irina", "Ирина", ROLE_COORDINATOR, w->centre);
    w->officer = person(w, "officer", "Officer", ROLE_SCHOOL_OFFICER, w->schools[0]);
    w->guardian = person(w, "olga", "Ольга", ROLE_GUARDIAN, w->centre);
    w->stranger = person(w, "stranger", "Stranger", ROLE_MENTOR, w->centre);
    for (int i = 0; i < WORLD_PEOPLE; i++)
        add_child(w, i, i ? "sofia" : "misha");
    for (int i = 0; i < WORLD_PEOPLE; i++)
        add_mentor(w, i, i ? "pavel" : "anna");
    ok(guardian_add(w->db, w->guardian, w->children[0], "full", now_ms - 365 * MS_PER_DAY, nobody,
                    &link));
    ok(db_commit(w->db));
}

/* What people sent. */
static void remove_files(const struct world *w)
{
    char folder[128], path[400];
    struct dirent *entry;
    DIR *dir;

    assert_true(str_format(folder, sizeof folder, "%s/parta.db.files", w->dir));
    dir = opendir(folder);
    while (dir && (entry = readdir(dir))) {
        assert_true(str_format(path, sizeof path, "%s/%s", folder, entry->d_name));
        if (entry->d_name[0] != '.')
            unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

void world_close(struct world *w)
{
    static const char *const names[] = { "parta.db",      "parta.db-wal", "parta.db-shm",
                                         "parta.db.lock", "key",          "parta.db.ring",
                                         "copy.db",       "copy.db-wal",  "copy.db-shm",
                                         "copy.db.lock" };

    db_close(w->db);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];

        assert_true(str_format(path, sizeof path, "%s/%s", w->dir, names[i]));
        unlink(path);
    }
    remove_files(w);
    rmdir(w->dir);
}

void world_let_go(struct world *w)
{
    db_close(w->db);
    w->db = NULL;
}

void world_take_back(struct world *w)
{
    ok(db_open(&w->db, w->path, DB_WRITER));
}

struct lesson_id world_lesson(struct world *w, int mentor, int child, int64_t start_ms,
                              int64_t end_ms)
{
    struct lesson_plan p = { .org = w->centre,
                             .subject_id = w->subject,
                             .mentor = w->mentors[mentor],
                             .children = { w->children[child] },
                             .children_n = 1,
                             .start_ms = start_ms,
                             .end_ms = end_ms,
                             .tz = "Europe/Moscow",
                             .state = LESSON_SCHEDULED };
    struct lesson_id id;

    ok(lesson_add(w->db, &p, w->now_ms, w->coordinator, &id));
    return id;
}

int64_t world_number(struct world *w, const char *sql)
{
    struct query q = query_on(w->db, sql);
    int64_t n = -1;

    if (query_row(&q))
        n = row_int(&q);
    ok(query_end_found(&q));
    return n;
}
