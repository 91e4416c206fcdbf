/* SPDX-License-Identifier: Apache-2.0
 *
 * Additional education through the HTTP API: the catalogue, visits, the choice
 * of two or three with every refusal, places and the waiting list, R12 and the
 * groups that fit instead, and who may do what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/access.h"
#include "server/store/choice.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static int64_t flute, swim, chess, robots;                            /* sections */
static int64_t flute_wed, flute_fri, swim_mon, chess_thu, robots_tue; /* groups */

#define HOUR (60 * MS_PER_MIN)
#define WEDNESDAY_15 (RIG_NOW + 28 * HOUR + 48 * MS_PER_MIN)
#define GROUP(name, places, day, time)                                                             \
    "{\"name\":\"" name "\",\"capacity\":" places ",\"slots\":[{\"weekday\":" day                  \
    ",\"time\":\"" time "\",\"minutes\":60}]}"

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *text(const char *format, ...)
{
    static char out[16][800];
    static int n;
    char *at = out[n++ % 16];
    va_list args;

    va_start(args, format);
    assert_in_range(vsnprintf(at, 800, format, args), 0, 799);
    va_end(args);
    return at;
}

static int64_t section(const char *title, const char *more, const char *groups)
{
    struct answer a =
        api_post(&r, COORDINATOR, "/sections",
                 text("{\"title\":\"%s\",\"kind\":\"music\",\"provider\":%lld,\"leader\":\"N. N.\","
                      "\"age_from\":6,\"age_to\":17,\"groups\":[%s],%s}",
                      title, (long long)r.w.centre.v, groups, more));
    int64_t id;

    assert_int_equal(a.status, 201);
    id = int_at(&a, "id");
    answer_free(&a);
    return id;
}

static int64_t group(int64_t of, int n)
{
    struct answer a = api_get(&r, COORDINATOR, text("/sections/%lld", (long long)of));
    int64_t id = int_at(&a, text("groups.%d.id", n));

    answer_free(&a);
    return id;
}

/* The child has attended a talk of each of them. */
static void get_to_know(int64_t id)
{
    struct section_visit v = {
        .section = id, .kind = VISIT_TALK, .start_ms = RIG_NOW - HOUR, .minutes = 30
    };
    int64_t visit;

    ok(visit_add(r.w.db, &v, RIG_NOW, r.w.coordinator, &visit));
    for (int i = 0; i < 2; i++) {
        ok(visit_sign(r.w.db, visit, r.w.children[i], RIG_NOW, r.w.guardian));
        ok(visit_record(r.w.db, visit, r.w.children[i], true, RIG_NOW, r.w.coordinator));
    }
}

#define PLAIN "\"online\":false,\"paper_needed\":false,\"travel_minutes\":30"

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    ok(db_script(r.w.db, "UPDATE child SET birth_date = '2016-05-09'"));
    for (int i = 0; i < 2; i++)
        ok(consent_give(r.w.db, r.w.children[i], "sections", "1", r.w.guardian,
                        RIG_NOW - MS_PER_DAY, FOREVER_MS));
    api_start(&r);
    flute =
        section("Flute", PLAIN, GROUP("A", "1", "3", "15:00") "," GROUP("B", "5", "5", "15:00"));
    swim = section("Swimming", "\"online\":false,\"paper_needed\":true",
                   GROUP("A", "9", "1", "16:00"));
    chess =
        section("Chess", "\"online\":true,\"paper_needed\":false", GROUP("A", "9", "4", "17:00"));
    robots = section("Robots", PLAIN, GROUP("A", "9", "2", "17:00"));
    flute_wed = group(flute, 0);
    flute_fri = group(flute, 1);
    swim_mon = group(swim, 0);
    chess_thu = group(chess, 0);
    robots_tue = group(robots, 0);
    api_stop(&r);
    get_to_know(flute);
    get_to_know(chess);
    get_to_know(robots);
    api_resume_at(&r, RIG_NOW);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *child(const char *tail)
{
    return text("/children/%lld%s", (long long)r.w.child_users[0].v, tail);
}

static const char *etag(void)
{
    static char tag[32];
    struct answer a = api_get(&r, GUARDIAN, child("/choice"));
    const char *from = strstr(a.headers, "ETag: ");

    assert_int_equal(a.status, 200);
    assert_non_null(from);
    assert_int_equal(sscanf(from, "ETag: %31[^\r\n]", tag), 1);
    answer_free(&a);
    return tag;
}

static struct answer wish(enum who who, const char *groups)
{
    return api_ask(&r, who, "PUT", child("/choice"), etag(), NULL,
                   text("{\"groups\":[%s]}", groups));
}

static struct answer confirm(enum who who)
{
    return api_ask(&r, who, "POST", child("/choice/confirm"), etag(), NULL, NULL);
}

static void expect_ok(struct answer a)
{
    if (a.status >= 300)
        print_error("%d %s\n", a.status, a.body ? a.body : "");
    assert_in_range(a.status, 200, 201);
    answer_free(&a);
}

static void gate(struct answer a, const char *name)
{
    if (a.status != 409)
        print_error("%d %s, not %s\n", a.status, a.body ? a.body : "", name);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), name);
    answer_free(&a);
}

static void field(struct answer a, const char *name, const char *fault)
{
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), name);
    assert_string_equal(str_at(&a, "error.fault"), fault);
    answer_free(&a);
}

static const char *two(int64_t a, int64_t b)
{
    return text("%lld,%lld", (long long)a, (long long)b);
}

/* ---- the catalogue and visits --------------------------------------------------------------- */

static void the_catalogue_is_narrowed_and_kept(void **state)
{
    struct answer a = api_get(&r, CHILD, "/sections?age=10&online=yes");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "sections")), 1);
    assert_string_equal(str_at(&a, "sections.0.title"), "Chess");
    answer_free(&a);
    a = api_get(&r, GUARDIAN, "/sections?kind=sport");
    assert_int_equal(json_array_size(at(&a, "sections")), 0);
    answer_free(&a);
    field(api_get(&r, CHILD, "/sections?kind=war"), "kind", "range");
    field(api_get(&r, CHILD, "/sections?age=old"), "age", "range");
    field(api_get(&r, CHILD, "/sections?online=no"), "online", "range");
    api_refused(api_ask(&r, COORDINATOR, "POST", text("/sections/%lld/close", (long long)chess),
                        "\"v9\"", NULL, NULL),
                412, "stale");
    a = api_ask(&r, COORDINATOR, "POST", text("/sections/%lld/close", (long long)chess), "\"v1\"",
                NULL, NULL);
    assert_false(json_is_true(at(&a, "open")));
    answer_free(&a);
    gate(wish(CHILD, two(chess_thu, flute_wed)), "choice_closed");
    expect_ok(api_ask(&r, COORDINATOR, "POST", text("/sections/%lld/open", (long long)chess),
                      "\"v2\"", NULL, NULL));
    a = api_post(&r, COORDINATOR, "/providers", "{\"name\":\"House\",\"code\":\"h-1\"}");
    assert_int_equal(a.status, 201);
    answer_free(&a);
    field(api_post(&r, COORDINATOR, "/providers", "{\"name\":\"House\",\"code\":\"h-1\"}"), "code",
          "range");
    a = api_get(&r, COORDINATOR, "/providers");
    assert_int_equal(json_array_size(at(&a, "providers")), 1);
    answer_free(&a);
}

static void a_section_that_cannot_be_is_refused(void **state)
{
#define HEAD                                                                                       \
    "{\"title\":\"X\",\"kind\":\"art\",\"provider\":%lld,\"leader\":\"N\",\"online\":true,"        \
    "\"paper_needed\":false,"
    long long centre = r.w.centre.v;

    (void)state;
    field(api_post(&r, COORDINATOR, "/sections",
                   text(HEAD "\"age_from\":9,\"age_to\":8,\"groups\":[]}", centre)),
          "age_to", "range");
    field(api_post(&r, COORDINATOR, "/sections",
                   text(HEAD "\"age_from\":8,\"age_to\":9,\"groups\":[]}", centre)),
          "groups", "range");
    field(api_post(&r, COORDINATOR, "/sections",
                   text(HEAD "\"age_from\":8,\"age_to\":9,\"groups\":[" GROUP("A", "1", "8",
                                                                              "15:00") "]}",
                        centre)),
          "groups", "range");
    field(api_post(&r, COORDINATOR, "/sections",
                   text(HEAD "\"age_from\":8,\"age_to\":9,\"groups\":[" GROUP("A", "1", "3",
                                                                              "15:00") "]}",
                        (long long)r.w.schools[0].v)),
          "provider", "range");
}

static void a_visit_is_signed_for_and_attended(void **state)
{
    struct answer a =
        api_post(&r, COORDINATOR, text("/sections/%lld/visits", (long long)swim),
                 "{\"kind\":\"trial\",\"date\":\"2026-11-24\",\"time\":\"10:20\",\"minutes\":45}");
    const char *sign, *came;
    long long me = r.w.child_users[0].v;

    (void)state;
    assert_int_equal(a.status, 201);
    sign = text("/section-visits/%lld/sign", (long long)int_at(&a, "id"));
    came = text("/section-visits/%lld/attendance", (long long)int_at(&a, "id"));
    answer_free(&a);
    expect_ok(api_post(&r, CHILD, sign, text("{\"child\":%lld}", me)));
    api_refused(api_post(&r, CHILD_2, sign, text("{\"child\":%lld}", me)), 404, "not_found");
    a = api_get(&r, CHILD_2, text("/sections/%lld/visits", (long long)swim));
    assert_int_equal(json_array_size(at(&a, "visits.0.visitors")), 0); /* another family's child */
    answer_free(&a);
    api_refused(api_post(&r, COORDINATOR, came, text("{\"child\":%lld,\"attended\":true}", me)),
                409, "not_now"); /* it has not begun */
    api_stop(&r);
    api_resume_at(&r, RIG_NOW + HOUR);
    a = api_post(&r, COORDINATOR, came, text("{\"child\":%lld,\"attended\":true}", me));
    assert_int_equal(a.status, 200);
    assert_true(json_is_true(at(&a, "visitors.0.attended")));
    answer_free(&a);
    api_refused(
        api_post(&r, COORDINATOR, came,
                 text("{\"child\":%lld,\"attended\":true}", (long long)r.w.child_users[1].v)),
        404, "not_found"); /* was not signed up */
    api_refused(api_post(&r, CHILD, sign, text("{\"child\":%lld}", me)), 409, "not_now");
    field(api_post(&r, COORDINATOR, text("/sections/%lld/visits", (long long)swim),
                   "{\"kind\":\"trial\",\"date\":\"2026-02-30\",\"time\":\"10:20\","
                   "\"minutes\":45}"),
          "date", "malformed");
    api_stop(&r);
    ok(consent_withdraw(r.w.db, r.w.children[0], "sections", r.w.guardian, RIG_NOW));
    api_resume_at(&r, RIG_NOW);
    gate(api_post(&r, CHILD, sign, text("{\"child\":%lld}", me)), "choice_consent");
}

/* ---- choosing ------------------------------------------------------------------------------- */

static void two_are_wished_confirmed_and_become_places(void **state)
{
    struct answer a = wish(CHILD, two(flute_wed, chess_thu));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "choices.0.state"), "wished");
    assert_int_equal(json_array_size(at(&a, "choices.0.faults")), 0);
    answer_free(&a);
    api_refused(confirm(CHILD), 403, "not_allowed"); /* the guardian's matter */
    a = confirm(GUARDIAN);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "choices.0.state"), "active");
    assert_string_equal(str_at(&a, "choices.1.state"), "active");
    assert_int_equal(int_at(&a, "choices.0.section.groups.0.taken"), 1);
    answer_free(&a);
    api_refused(confirm(GUARDIAN), 409, "not_now");                 /* nothing is wished any more */
    expect_ok(wish(GUARDIAN, text("%lld", (long long)robots_tue))); /* a third */
    gate(wish(GUARDIAN, two(robots_tue, swim_mon)), "choice_many"); /* a fourth */
}

static void one_and_four_are_refused(void **state)
{
    (void)state;
    gate(wish(CHILD, text("%lld", (long long)flute_wed)), "choice_few");
    gate(wish(CHILD, text("%s,%s", two(flute_wed, chess_thu), two(robots_tue, swim_mon))),
         "choice_many");
    gate(wish(CHILD, text("%s,%lld", two(flute_wed, flute_fri), (long long)chess_thu)),
         "choice_twice");
    field(wish(CHILD, "1,999"), "groups", "range");
    field(wish(CHILD, "\"x\""), "groups", "range");
    api_refused(api_ask(&r, CHILD, "PUT", child("/choice"), NULL, NULL, "{\"groups\":[]}"), 428,
                "need_match");
    api_refused(api_ask(&r, CHILD, "PUT", child("/choice"), "\"v77\"", NULL, "{\"groups\":[]}"),
                412, "stale");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM choice"), 0);
}

static void what_is_missing_is_named(void **state)
{
    struct answer a;

    (void)state;
    expect_ok(wish(CHILD, two(flute_wed, swim_mon)));
    gate(confirm(GUARDIAN), "choice_paper"); /* nor was it visited */
    a = api_get(&r, GUARDIAN, child("/choice"));
    assert_string_equal(str_at(&a, "choices.1.faults.0"), "choice_paper");
    assert_string_equal(str_at(&a, "choices.1.faults.1"), "choice_uninformed");
    answer_free(&a);
    field(api_post(&r, COORDINATOR, child("/section-papers"),
                   text("{\"section\":%lld,\"until\":\"2026-11-23\"}", (long long)swim)),
          "until", "expired");
    expect_ok(api_post(&r, COORDINATOR, child("/section-papers"),
                       text("{\"section\":%lld,\"until\":\"2026-11-24\"}", (long long)swim)));
    gate(confirm(GUARDIAN), "choice_uninformed");
    api_stop(&r);
    get_to_know(swim);
    ok(consent_withdraw(r.w.db, r.w.children[0], "sections", r.w.guardian, RIG_NOW));
    api_resume_at(&r, RIG_NOW);
    gate(confirm(GUARDIAN), "choice_consent");
    api_stop(&r);
    ok(db_script(r.w.db, "UPDATE child SET birth_date = '2021-05-09'"));
    api_resume_at(&r, RIG_NOW);
    gate(wish(CHILD, two(flute_wed, chess_thu)), "choice_age");
}

static void the_list_moves_up_and_an_offer_is_taken(void **state)
{
    struct answer a;
    int64_t mine, first;

    (void)state;
    api_stop(&r); /* the other child has the only place */
    ok(choice_wish(r.w.db, r.w.children[1], &flute_wed, 1, RIG_NOW, r.w.guardian));
    ok(db_script(r.w.db, "UPDATE choice SET state = 'active', queue_ms = 1, confirmed_by = 1"));
    first = world_number(&r.w, "SELECT id FROM choice");
    api_resume_at(&r, RIG_NOW);
    expect_ok(wish(CHILD, two(flute_wed, chess_thu)));
    a = confirm(GUARDIAN);
    assert_string_equal(str_at(&a, "choices.0.state"), "waiting");
    assert_int_equal(int_at(&a, "choices.0.rank"), 1);
    mine = int_at(&a, "choices.0.id");
    answer_free(&a);
    api_refused(api_ask(&r, GUARDIAN, "POST", text("/choices/%lld/accept", (long long)mine), NULL,
                        NULL, NULL),
                409, "not_now");
    /* another family's place is nobody else's to give up */
    api_refused(
        api_post(&r, GUARDIAN, text("/choices/%lld/leave", (long long)first), "{\"reason\":\"x\"}"),
        404, "not_found");
    api_stop(&r);
    ok(guardian_add(r.w.db, r.w.guardian, r.w.children[1], "full", RIG_NOW - 1, r.w.guardian,
                    &(int64_t){ 0 }));
    api_resume_at(&r, RIG_NOW);
    expect_ok(api_post(&r, GUARDIAN, text("/choices/%lld/leave", (long long)first),
                       "{\"reason\":\"x\"}"));
    a = api_get(&r, GUARDIAN, child("/choice"));
    assert_string_equal(str_at(&a, "choices.0.state"), "offered");
    assert_int_equal(int_at(&a, "choices.0.offer_to"), RIG_NOW + 72 * HOUR);
    answer_free(&a);
    a = api_ask(&r, GUARDIAN, "POST", text("/choices/%lld/accept", (long long)mine), NULL, NULL,
                NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "choices.0.state"), "active");
    answer_free(&a);
}

/* ---- R12 ------------------------------------------------------------------------------------ */

static void a_lesson_in_the_way_is_named_and_a_group_that_fits(void **state)
{
    struct answer a;
    struct lesson_id l;
    int64_t mine;

    (void)state;
    api_stop(&r);
    l = world_lesson(&r.w, 0, 0, WEDNESDAY_15 - 40 * MS_PER_MIN, WEDNESDAY_15);
    api_resume_at(&r, RIG_NOW);
    expect_ok(wish(CHILD, two(flute_wed, chess_thu)));
    a = api_get(&r, CHILD, child("/choice"));
    assert_string_equal(str_at(&a, "choices.0.faults.0"), "choice_clash");
    assert_int_equal(int_at(&a, "choices.0.clashes.0.lesson.id"), l.v);
    assert_string_equal(str_at(&a, "choices.0.clashes.0.rule"), "section_gap");
    assert_int_equal(int_at(&a, "choices.0.clashes.0.limit"), 60); /* rest and way */
    assert_int_equal(int_at(&a, "choices.0.clashes.0.meeting"), WEDNESDAY_15);
    assert_int_equal(int_at(&a, "choices.0.proposals.0.id"), flute_fri);
    answer_free(&a);
    gate(confirm(GUARDIAN), "choice_clash");
    expect_ok(wish(CHILD, two(flute_fri, chess_thu)));
    a = confirm(GUARDIAN);
    assert_int_equal(a.status, 200);
    mine = int_at(&a, "choices.1.id"); /* wished after the chess */
    answer_free(&a);
    gate(api_post(&r, GUARDIAN, text("/choices/%lld/group", (long long)mine),
                  text("{\"group\":%lld}", (long long)flute_wed)),
         "choice_clash");
    field(api_post(&r, GUARDIAN, text("/choices/%lld/group", (long long)mine),
                   text("{\"group\":%lld}", (long long)chess_thu)),
          "group", "range");
}

static void a_published_schedule_shows_what_it_hit(void **state)
{
    struct answer a;
    int64_t mine, n;

    (void)state;
    expect_ok(wish(CHILD, two(flute_wed, chess_thu)));
    a = confirm(GUARDIAN);
    mine = int_at(&a, "choices.0.id");
    answer_free(&a);
    api_stop(&r);
    world_lesson(&r.w, 0, 0, WEDNESDAY_15, WEDNESDAY_15 + 40 * MS_PER_MIN);
    ok(clash_recheck(r.w.db, r.w.centre, 0, RIG_NOW, &n));
    assert_int_equal(n, 1);
    api_resume_at(&r, RIG_NOW);
    a = api_get(&r, COORDINATOR, "/section-clashes");
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "clashes.0.choice"), mine);
    assert_string_equal(str_at(&a, "clashes.0.clashes.0.rule"), "section_overlap");
    assert_int_equal(int_at(&a, "clashes.0.proposals.0.id"), flute_fri);
    answer_free(&a);
    a = api_post(&r, GUARDIAN, text("/choices/%lld/group", (long long)mine),
                 text("{\"group\":%lld}", (long long)flute_fri));
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/section-clashes");
    assert_int_equal(json_array_size(at(&a, "clashes")), 0);
    answer_free(&a);
}

static void two_sections_at_once_are_refused(void **state)
{
    int64_t other = section("Drums", PLAIN, GROUP("A", "9", "3", "15:30"));

    (void)state;
    api_stop(&r);
    get_to_know(other);
    api_resume_at(&r, RIG_NOW);
    expect_ok(wish(CHILD, two(flute_wed, group(other, 0))));
    gate(confirm(GUARDIAN), "choice_overlap");
}

/* ---- rights --------------------------------------------------------------------------------- */

static const struct {
    enum who who;
    enum role role;
    struct relation to;
} actors[] = {
    { CHILD, ROLE_CHILD, { .own = true } },
    { CHILD_2, ROLE_CHILD, { 0 } },
    { MENTOR, ROLE_MENTOR, { .own = true } },
    { GUARDIAN, ROLE_GUARDIAN, { .own_child = true } },
    { OFFICER, ROLE_SCHOOL_OFFICER, { .own_school = true } },
    { COORDINATOR, ROLE_COORDINATOR, { .own_centre = true } },
    { ADMIN, ROLE_ADMIN, { 0 } },
};

static void the_table_of_rights_decides(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        enum who who = actors[i].who;
        enum role role = actors[i].role;
        bool view = access_scope(role, RIGHT_SECTION_VIEW) != SCOPE_NONE;
        bool edit = access_scope(role, RIGHT_SECTION_EDIT) != SCOPE_NONE;
        bool knows = access_may(role, RIGHT_CHOICE_VIEW, actors[i].to);
        const char *one = text("/sections/%lld", (long long)flute);

        api_expect(&r, who, "GET", "/sections", NULL, view ? 200 : 403);
        api_expect(&r, who, "GET", one, NULL, view ? 200 : 403);
        api_expect(&r, who, "GET", text("%s/visits", one), NULL, view ? 200 : 403);
        api_expect(&r, who, "POST", "/sections", "{}", edit ? 400 : 403);
        api_expect(&r, who, "POST", "/providers", "{}", edit ? 400 : 403);
        api_expect(&r, who, "GET", "/providers", NULL, edit ? 200 : 403);
        api_expect(&r, who, "POST", text("%s/close", one), NULL, edit ? 428 : 403);
        api_expect(&r, who, "POST", text("%s/open", one), NULL, edit ? 428 : 403);
        api_expect(&r, who, "POST", text("%s/visits", one), "{}", edit ? 400 : 403);
        api_expect(&r, who, "GET", "/section-clashes", NULL, edit ? 200 : 403);
        api_expect(&r, who, "GET", child("/choice"), NULL,
                   knows ? 200 : api_hidden(role, RIGHT_CHOICE_VIEW));
        api_expect(&r, who, "PUT", child("/choice"), "{\"groups\":[]}",
                   !knows ? api_hidden(role, RIGHT_CHOICE_WISH)
                   : access_may(role, RIGHT_CHOICE_WISH, actors[i].to) ? 428
                                                                       : 403);
        api_expect(&r, who, "POST", child("/choice/confirm"), NULL,
                   !knows ? api_hidden(role, RIGHT_CHOICE_CONFIRM)
                   : access_may(role, RIGHT_CHOICE_CONFIRM, actors[i].to) ? 428
                                                                          : 403);
        api_expect(&r, who, "POST", child("/section-papers"), "{}",
                   !knows ? api_hidden(role, RIGHT_SECTION_EDIT)
                   : edit ? 400
                          : 403);
    }
    api_expect(&r, NOBODY, "GET", "/sections", NULL, 401);
    api_expect(&r, COORDINATOR, "GET", "/sections/999", NULL, 404);
}

static void another_centres_sections_do_not_exist(void **state)
{
    (void)state;
    api_stop(&r);
    ok(db_script(r.w.db, "INSERT INTO org (id, code, name, type, tz, created_ms) VALUES "
                         "(900, 'c2', 'Other', 'centre', 'Europe/Moscow', 1);"
                         "UPDATE section SET centre = 900 WHERE title = 'Flute'"));
    api_resume_at(&r, RIG_NOW);
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++)
        if (access_scope(actors[i].role, RIGHT_SECTION_VIEW) != SCOPE_NONE)
            api_expect(&r, actors[i].who, "GET", text("/sections/%lld", (long long)flute), NULL,
                       404);
    field(wish(CHILD, two(flute_wed, chess_thu)), "groups", "range");
}

int main(void)
{
#define EACH(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(the_catalogue_is_narrowed_and_kept),
        EACH(a_section_that_cannot_be_is_refused),
        EACH(a_visit_is_signed_for_and_attended),
        EACH(two_are_wished_confirmed_and_become_places),
        EACH(one_and_four_are_refused),
        EACH(what_is_missing_is_named),
        EACH(the_list_moves_up_and_an_offer_is_taken),
        EACH(a_lesson_in_the_way_is_named_and_a_group_that_fits),
        EACH(a_published_schedule_shows_what_it_hit),
        EACH(two_sections_at_once_are_refused),
        EACH(the_table_of_rights_decides),
        EACH(another_centres_sections_do_not_exist),
    };

    return cmocka_run_group_tests_name("sections", tests, NULL, NULL);
}
