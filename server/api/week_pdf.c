/* SPDX-License-Identifier: Apache-2.0
 *
 * A week's timetable to print, in the reader's language. A worker draws it.
 * Desk thread; draw on a worker.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/week.h"
#include "server/render/pdf_week.h"

struct line {
    char subject[161];
    char who[400];
};

struct drawing {
    char name[ORG_NAME_MAX + 1], tz[ZONE_NAME_MAX];
    struct printed_week week;       /* of the texts above and below */
    struct printed_lesson *lessons; /* owned */
    struct line *lines;             /* owned */
    const struct labels *labels;
    struct user_id reader;
    struct pdf pdf; /* owned */
    enum err err;
};

static void drawing_free(void *arg)
{
    struct drawing *d = arg;

    pdf_deinit(&d->pdf);
    mem_free(d->lessons);
    mem_free(d->lines);
    mem_free(d);
}

/* Worker thread. */
static void draw(void *arg)
{
    struct drawing *d = arg;

    d->err = pdf_week(&d->week, d->labels, &d->pdf);
}

static enum api_answer refuse_now(struct call *c, enum refusal r, struct desk_reply *reply)
{
    enum err err = call_refuse(c, r);

    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer drawn(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct drawing *d = arg;
    enum api_answer answer;
    struct call c;

    if (ctx->session.valid && user_id_eq(ctx->session.user.id, d->reader) && !d->err) {
        api_reply(reply, 200, "application/pdf", (const char *)d->pdf.bytes, d->pdf.len);
        return API_DONE;
    }
    call_init(&c, ctx, &ctx->request->u.http);
    answer = refuse_now(&c, d->err ? REFUSE_INTERNAL : REFUSE_NO_LOGIN, reply);
    call_deinit(&c);
    return answer;
}

/* On a mentor's sheet the children, on any other the mentor; on a school's and the centre's both.
 */
static enum err write_who(const struct call *c, const struct week *w, const struct lesson *l,
                          char *out, size_t cap)
{
    struct strbuf b;
    bool fits;
    enum err err = ERR_OK;

    strbuf_init(&b);
    if (w->of != WEEK_OF_MENTOR)
        strbuf_puts(&b, l->mentor_short);
    for (int i = 0; !err && w->of != WEEK_OF_CHILD && i < l->seats_n; i++) {
        bool sees = false;

        err = call_sees_seat(c, l, i, &sees);
        if (!err && sees)
            strbuf_printf(&b, "%s%s", b.len ? ", " : "", l->seats[i].short_name);
    }
    fits = strbuf_ok(&b) && str_copy(out, cap, b.len ? b.s : "");
    strbuf_deinit(&b);
    return err ? err : fits ? ERR_OK : ERR_DB;
}

static int day_of(const struct week *w, int64_t start_ms)
{
    int day = 0;

    while (day < WEEK_DAYS - 1 && start_ms >= w->days[day].to_ms)
        day++;
    return day;
}

static enum err write_line(const struct call *c, const struct week *w, const struct lesson *l,
                           struct line *line, struct printed_lesson *out)
{
    bool ru = strcmp(c->user.locale, "en") != 0;
    struct subject s;
    enum err err = subject_by_code(c->db, l->subject, &s);

    if (!err && !str_copy(line->subject, sizeof line->subject, ru ? s.name_ru : s.name_en))
        err = ERR_DB;
    if (!err)
        err = write_who(c, w, l, line->who, sizeof line->who);
    *out = (struct printed_lesson){ .day = day_of(w, l->facts.start_ms),
                                    .start_ms = l->facts.start_ms,
                                    .end_ms = l->facts.end_ms,
                                    .subject = line->subject,
                                    .who = line->who,
                                    .cancelled = l->facts.state == LESSON_CANCELLED };
    return err;
}

static enum err fill_lessons(const struct call *c, const struct week *w, struct drawing *d)
{
    struct lesson_list l = { 0 };
    size_t n = 0;
    enum err err = lesson_list(c->db, &w->filter, &l);

    if (!err) {
        d->lessons = mem_zalloc(l.n + 1, sizeof *d->lessons);
        d->lines = mem_zalloc(l.n + 1, sizeof *d->lines);
        err = d->lessons && d->lines ? ERR_OK : ERR_NOMEM;
    }
    for (size_t i = 0; !err && i < l.n && n < WEEK_LESSONS_MAX; i++) {
        if (l.items[i].facts.state == LESSON_RESCHEDULED)
            continue; /* its successor stands there */
        err = write_line(c, w, &l.items[i], &d->lines[n], &d->lessons[n]);
        n++;
    }
    d->week.lessons = d->lessons;
    d->week.lessons_n = n;
    lesson_list_free(&l);
    return err;
}

static enum err fill(const struct call *c, const struct week *w, struct drawing *d)
{
    struct org_id school = w->of == WEEK_OF_CHILD ? w->child.school : w->org.id;
    enum err err = ERR_OK;

    if (!str_copy(d->name, sizeof d->name, w->name) || !str_copy(d->tz, sizeof d->tz, w->tz))
        return ERR_DB;
    d->week = (struct printed_week){ .name = d->name, .tz = d->tz, .printed_ms = c->now.unix_ms };
    for (int i = 0; !err && i < WEEK_DAYS; i++) {
        memcpy(d->week.date[i], w->days[i].text, sizeof d->week.date[i]);
        if (school.v && w->of != WEEK_OF_CENTRE)
            err = holiday_on(c->db, school, w->days[i].text, &d->week.holiday[i]);
    }
    d->labels = labels_for(c->user.locale);
    d->reader = c->user.id;
    return err ? err : fill_lessons(c, w, d);
}

enum api_answer week_pdf_get(struct call *c, struct desk_reply *reply)
{
    struct week w;
    struct drawing *d = NULL;
    bool refused = false;
    enum err err = week_asked(c, &w, &refused);

    if (!err && refused)
        return call_reply(c, reply) ? API_FAILED : API_DONE;
    if (!err) {
        d = mem_zalloc(1, sizeof *d);
        err = d ? fill(c, &w, d) : ERR_NOMEM;
    }
    if (err) {
        if (d)
            drawing_free(d);
        return API_FAILED;
    }
    err = api_defer(c->ctx, draw, drawn, d, drawing_free);
    if (err == ERR_AGAIN)
        return refuse_now(c, REFUSE_TOO_MANY, reply);
    return err ? API_FAILED : API_LATER;
}
