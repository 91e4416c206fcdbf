/* SPDX-License-Identifier: Apache-2.0 */
#include "server/store/roster_export.h"

#include <string.h>

#include "common/base/str.h"

#define CELLS_MAX 14
#define CELL_BYTES 1000

/* Our own rows have no other bounds than the fields they come from. */
static const struct table_limits limits = {
    .rows = 10000000, .columns = CELLS_MAX, .cell_bytes = CELL_BYTES, .inflated = 0
};

struct exporting {
    struct db *db;
    struct org_id centre;
    int64_t at_ms;
    struct table *out;
};

static enum err first_of(enum err a, enum err b)
{
    return a ? a : b;
}

static enum err add_row(struct table *t, const char *const *cells, size_t n)
{
    enum table_fault fault;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < n; i++)
        e = table_add(t, cells[i], strlen(cells[i]), &limits, &fault);
    return e ? e : table_end_row(t, &limits, &fault);
}

static size_t count_names(const char *const *names)
{
    size_t n = 0;

    while (names[n])
        n++;
    return n;
}

/* The names of the columns, then each row of the query as it is. $1: the centre, $2: now. */
static enum err copy_rows(const struct exporting *x, enum oneroster_file f,
                          const char *const *names, const char *sql)
{
    struct query q = query_on(x->db, sql);
    size_t n = count_names(names);
    char text[CELLS_MAX][CELL_BYTES + 1];
    const char *cells[CELLS_MAX];
    enum err e;

    table_init(&x->out[f], oneroster_file_name(f));
    e = add_row(&x->out[f], names, n);
    query_int(&q, x->centre.v);
    query_int(&q, x->at_ms);
    while (!e && query_row(&q)) {
        for (size_t i = 0; i < n; i++) {
            row_text(&q, text[i], sizeof text[i]);
            cells[i] = text[i];
        }
        e = add_row(&x->out[f], cells, n);
    }
    return first_of(e, query_end(&q));
}

/* ---- users: the only table that is not a query's rows -------------------------------------------
 */

static const char *const user_names[] = { "sourcedId",  "status",     "enabledUser",
                                          "username",   "givenName",  "middleName",
                                          "familyName", "identifier", "agentSourcedIds",
                                          "grades",     NULL };

/* Whoever is a child, a mentor or a guardian of a child of this centre. */
#define USERS                                                                                      \
    "SELECT u.id, coalesce(u.login, ''), u.name, coalesce(c.register_no, ''), "                    \
    "coalesce(c.grade, 0), coalesce(c.id, 0) FROM \"user\" u "                                     \
    "LEFT JOIN child c ON c.user_id = u.id WHERE u.status <> 'ended' AND (c.centre = $1 OR "       \
    "u.id IN (SELECT user_id FROM mentor WHERE centre = $1) OR u.id IN (SELECT l.user_id FROM "    \
    "guardian_link l JOIN child k ON k.id = l.child WHERE k.centre = $1 AND l.from_ms <= $2 AND "  \
    "(l.to_ms IS NULL OR l.to_ms > $2))) ORDER BY u.id"

static enum err agents_of(const struct exporting *x, int64_t child, struct strbuf *out)
{
    struct query q = query_on(x->db, "SELECT DISTINCT user_id FROM guardian_link WHERE child = $1 "
                                     "AND from_ms <= $2 AND (to_ms IS NULL OR to_ms > $2) "
                                     "ORDER BY user_id");

    query_int(&q, child);
    query_int(&q, x->at_ms);
    while (query_row(&q))
        strbuf_printf(out, "%suser-%lld", out->len ? "," : "", (long long)row_int(&q));
    return query_end(&q);
}

/* "Given Middle" and "Family": the last word is the family's. */
static void split_name(const char *name, char given[CELL_BYTES + 1], const char **family)
{
    const char *space = strrchr(name, ' ');

    *family = space ? space + 1 : "";
    if (!str_format(given, CELL_BYTES + 1, "%.*s", (int)(space ? space - name : (long)strlen(name)),
                    name))
        given[0] = '\0';
}

static enum err add_user(const struct exporting *x, struct query *q)
{
    char id[40], login[80], name[CELL_BYTES + 1], given[CELL_BYTES + 1], number[40], grade[12] = "";
    const char *family;
    struct strbuf agents;
    int64_t user = row_int(q), level, child;
    enum err e;

    row_text(q, login, sizeof login);
    row_text(q, name, sizeof name);
    row_text(q, number, sizeof number);
    level = row_int(q);
    child = row_int(q);
    split_name(name, given, &family);
    strbuf_init(&agents);
    e = child ? agents_of(x, child, &agents) : ERR_OK;
    if (!e && (!str_format(id, sizeof id, "user-%lld", (long long)user) ||
               (level && !str_format(grade, sizeof grade, "%02d", (int)level))))
        e = ERR_INVAL;
    if (!e && !strbuf_ok(&agents))
        e = ERR_NOMEM;
    if (!e) {
        const char *cells[] = {
            id, "active", "true", login, given, "", family, number, agents.s ? agents.s : "", grade
        };

        e = add_row(&x->out[ONEROSTER_USERS], cells, sizeof cells / sizeof cells[0]);
    }
    strbuf_deinit(&agents);
    return e;
}

static enum err copy_users(const struct exporting *x)
{
    struct query q = query_on(x->db, USERS);
    enum err e;

    table_init(&x->out[ONEROSTER_USERS], oneroster_file_name(ONEROSTER_USERS));
    e = add_row(&x->out[ONEROSTER_USERS], user_names, count_names(user_names));
    query_int(&q, x->centre.v);
    query_int(&q, x->at_ms);
    while (!e && query_row(&q))
        e = add_user(x, &q);
    return first_of(e, query_end(&q));
}

/* ---- the others ---------------------------------------------------------------------------------
 */

static const char *const org_names[] = { "sourcedId",  "status",          "name", "type",
                                         "identifier", "parentSourcedId", NULL };
#define ORGS                                                                                       \
    "SELECT 'org-' || id, 'active', name, CASE type WHEN 'school' THEN 'school' ELSE 'district' "  \
    "END, code, CASE WHEN parent IS NULL THEN '' ELSE 'org-' || parent END FROM org "              \
    "WHERE (id = $1 OR parent = $1) AND status = 'active' AND $2 > 0 ORDER BY id"

static const char *const role_names[] = { "sourcedId", "status", "userSourcedId",
                                          "roleType",  "role",   "orgSourcedId",
                                          NULL };
/* A child's role is at its school, everybody else's at the centre. */
#define ROLES                                                                                      \
    "SELECT 'role-' || g.id, 'active', 'user-' || g.user_id, 'primary', CASE g.role "              \
    "WHEN 'child' THEN 'student' WHEN 'mentor' THEN 'teacher' ELSE 'guardian' END, "               \
    "'org-' || coalesce(c.org_school, $1) FROM role_grant g "                                      \
    "JOIN \"user\" u ON u.id = g.user_id AND u.status <> 'ended' "                                 \
    "LEFT JOIN child c ON c.user_id = g.user_id "                                                  \
    "WHERE g.role IN ('child', 'mentor', 'guardian') AND g.from_ms <= $2 AND "                     \
    "(g.to_ms IS NULL OR g.to_ms > $2) AND (c.centre = $1 OR "                                     \
    "g.user_id IN (SELECT user_id FROM mentor WHERE centre = $1) OR g.user_id IN (SELECT "         \
    "l.user_id FROM guardian_link l JOIN child k ON k.id = l.child WHERE k.centre = $1 AND "       \
    "l.from_ms <= $2 AND (l.to_ms IS NULL OR l.to_ms > $2))) ORDER BY g.id"

static const char *const birth_names[] = { "sourcedId", "status", "birthDate", NULL };
#define DEMOGRAPHICS                                                                               \
    "SELECT 'user-' || c.user_id, 'active', c.birth_date FROM child c JOIN \"user\" u "            \
    "ON u.id = c.user_id AND u.status <> 'ended' WHERE c.centre = $1 AND c.birth_date IS NOT "     \
    "NULL AND $2 > 0 ORDER BY c.user_id"

#define TAUGHT                                                                                     \
    "FROM assignment a JOIN child c ON c.id = a.child JOIN mentor m ON m.id = a.mentor "           \
    "JOIN subject s ON s.id = a.subject WHERE c.centre = $1 AND a.from_ms <= $2 AND "              \
    "(a.to_ms IS NULL OR a.to_ms > $2) "

static const char *const course_names[] = { "sourcedId",  "status",       "title",
                                            "courseCode", "orgSourcedId", NULL };
#define COURSES                                                                                    \
    "SELECT DISTINCT 'course-' || s.id, 'active', s.name_ru, s.code, 'org-' || c.centre " TAUGHT   \
    "ORDER BY s.id"

static const char *const class_names[] = {
    "sourcedId", "status", "title", "courseSourcedId", "classType", "schoolSourcedId", NULL
};
#define CLASSES                                                                                    \
    "SELECT DISTINCT 'class-' || c.id || '-' || s.id, 'active', s.name_ru, 'course-' || s.id, "    \
    "'scheduled', 'org-' || c.org_school " TAUGHT "ORDER BY c.id, s.id"

static const char *const enrollment_names[] = {
    "sourcedId", "status", "classSourcedId", "schoolSourcedId", "userSourcedId", "role", NULL
};
#define ENROLLMENTS                                                                                \
    "SELECT DISTINCT 'student-' || c.id || '-' || s.id, 'active', 'class-' || c.id || '-' || "     \
    "s.id, 'org-' || c.org_school, 'user-' || c.user_id, 'student' " TAUGHT                        \
    "UNION SELECT DISTINCT 'teacher-' || a.id, 'active', 'class-' || c.id || '-' || s.id, "        \
    "'org-' || c.org_school, 'user-' || m.user_id, 'teacher' " TAUGHT "ORDER BY 3, 6, 1"

/* ---- marks: what an accepted sheet says of a subject, the newest version of it; of classes that
 * are above. Reasons stay here, they speak of illness. ---- */

#define GRADED                                                                                     \
    "FROM mark_sheet h JOIN child c ON c.id = h.child JOIN \"user\" u ON u.id = c.user_id AND "    \
    "u.status <> 'ended' JOIN sheet_mark k ON k.sheet = h.id JOIN subject s ON s.id = k.subject "  \
    "WHERE c.centre = $1 AND h.state = 'accepted' AND NOT EXISTS (SELECT 1 FROM mark_sheet n "     \
    "WHERE n.mentor = h.mentor AND n.child = h.child AND n.school = h.school AND n.kind = h.kind " \
    "AND n.from_date = h.from_date AND n.state = 'accepted' AND n.version > h.version) AND "       \
    "EXISTS (SELECT 1 FROM assignment a JOIN mentor m ON m.id = a.mentor WHERE a.child = c.id "    \
    "AND a.subject = s.id AND a.from_ms <= $2 AND (a.to_ms IS NULL OR a.to_ms > $2)) "
#define TERM "'term-' || h.school || '-' || h.kind || '-' || h.from_date"
#define LINE "'line-' || h.id || '-' || s.id"
#define CLASS "'class-' || c.id || '-' || s.id"

static const char *const session_names[] = {
    "sourcedId", "status",          "title",      "type", "startDate",
    "endDate",   "parentSourcedId", "schoolYear", NULL
};
/* A school year bears the year in which it ends; it begins in September. */
#define SESSIONS                                                                                   \
    "SELECT DISTINCT " TERM ", 'active', h.from_date || ' – ' || h.to_date, 'gradingPeriod', "   \
    "h.from_date, h.to_date, '', CAST(substr(h.from_date, 1, 4) + (substr(h.from_date, 6, 2) >= "  \
    "'08') AS TEXT) " GRADED "ORDER BY 1"

static const char *const category_names[] = { "sourcedId", "status", "title", "weight", NULL };
#define CATEGORIES                                                                                 \
    "SELECT 'category-term', 'active', 'Отметка за период', '100' WHERE $1 > 0 AND $2 > 0"

static const char *const line_names[] = { "sourcedId",
                                          "status",
                                          "title",
                                          "description",
                                          "assignDate",
                                          "dueDate",
                                          "classSourcedId",
                                          "categorySourcedId",
                                          "gradingPeriodSourcedId",
                                          "resultValueMin",
                                          "resultValueMax",
                                          "schoolSourcedId",
                                          NULL };
#define LINES                                                                                      \
    "SELECT DISTINCT " LINE ", 'active', s.name_ru, '', h.from_date, h.to_date, " CLASS ", "       \
    "'category-term', " TERM ", '2', '5', 'org-' || h.school " GRADED "ORDER BY h.id, s.id"

static const char *const result_names[] = { "sourcedId",
                                            "status",
                                            "lineItemSourcedId",
                                            "studentSourcedId",
                                            "scoreStatus",
                                            "score",
                                            "scoreDate",
                                            "comment",
                                            "textScore",
                                            "classSourcedId",
                                            "inProgress",
                                            "incomplete",
                                            "late",
                                            "missing",
                                            NULL };
#define RESULTS                                                                                    \
    "SELECT DISTINCT 'result-' || h.id || '-' || s.id, 'active', " LINE ", 'user-' || c.user_id, " \
    "CASE k.mark WHEN 'released' THEN 'exempt' WHEN 'not_attested' THEN 'not submitted' ELSE "     \
    "'fully graded' END, CASE WHEN length(k.mark) = 1 THEN k.mark ELSE '' END, "                   \
    "strftime('%Y-%m-%d', h.at_ms / 1000, 'unixepoch'), '', CASE WHEN length(k.mark) = 1 THEN '' " \
    "ELSE k.mark END, " CLASS ", 'false', 'false', 'false', 'false' " GRADED "ORDER BY h.id, s.id"

static enum err write_manifest(struct table *t)
{
    static const char *const rows[][2] = { { "propertyName", "value" },
                                           { "manifest.version", "1.0" },
                                           { "oneroster.version", "1.2" } };
    enum err e = ERR_OK;

    table_init(t, oneroster_file_name(ONEROSTER_MANIFEST));
    for (size_t i = 0; !e && i < sizeof rows / sizeof rows[0]; i++)
        e = add_row(t, rows[i], 2);
    for (int f = ONEROSTER_ORGS; !e && f < ONEROSTER_FILE_COUNT; f++) {
        const char *name = oneroster_file_name((enum oneroster_file)f);
        char property[TABLE_NAME_MAX];
        const char *cells[] = { property, "bulk" };

        if (!str_format(property, sizeof property, "file.%.*s", (int)strcspn(name, "."), name))
            return ERR_INVAL;
        e = add_row(t, cells, 2);
    }
    return e;
}

/* All but the manifest and the users. */
static const struct {
    enum oneroster_file file;
    const char *const *names;
    const char *sql;
} copied[] = {
    { ONEROSTER_ORGS, org_names, ORGS },
    { ONEROSTER_ROLES, role_names, ROLES },
    { ONEROSTER_DEMOGRAPHICS, birth_names, DEMOGRAPHICS },
    { ONEROSTER_COURSES, course_names, COURSES },
    { ONEROSTER_CLASSES, class_names, CLASSES },
    { ONEROSTER_ENROLLMENTS, enrollment_names, ENROLLMENTS },
    { ONEROSTER_SESSIONS, session_names, SESSIONS },
    { ONEROSTER_CATEGORIES, category_names, CATEGORIES },
    { ONEROSTER_LINE_ITEMS, line_names, LINES },
    { ONEROSTER_RESULTS, result_names, RESULTS },
};

enum err roster_export(struct db *db, struct org_id centre, int64_t at_ms,
                       struct table out[ONEROSTER_FILE_COUNT])
{
    const struct exporting x = { .db = db, .centre = centre, .at_ms = at_ms, .out = out };
    enum err e;

    for (int f = 0; f < ONEROSTER_FILE_COUNT; f++)
        table_init(&out[f], "");
    e = write_manifest(&out[ONEROSTER_MANIFEST]);
    if (!e)
        e = copy_users(&x);
    for (size_t i = 0; !e && i < sizeof copied / sizeof copied[0]; i++)
        e = copy_rows(&x, copied[i].file, copied[i].names, copied[i].sql);
    return e;
}
