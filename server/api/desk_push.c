/* SPDX-License-Identifier: Apache-2.0
 *
 * What the net loop is told without having asked: lessons that changed,
 * rights that ended, people signed out. Queued on the run, posted after its
 * commit. A push that cannot be made (no memory) is logged; the check by time
 * sees the same a few seconds later.
 */
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/store/lesson.h"
#include "server/store/seat.h"
#include "server/store/session.h"

static struct desk_reply *queue(struct desk_run *run, enum desk_reply_kind kind)
{
    struct desk_reply *p = mem_zalloc(1, sizeof *p);

    if (!p) {
        log_error("desk.push", "kind=%d error=nomem", (int)kind);
        return NULL;
    }
    p->kind = kind;
    p->mail.next = run->pushes;
    run->pushes = &p->mail;
    return p;
}

void desk_queue_lesson(struct desk *d, struct desk_run *run, struct lesson_id lesson)
{
    struct lesson l;
    struct desk_reply *p;

    if (lesson_load(d->db, lesson, &l) != ERR_OK) {
        log_error("desk.push", "lesson=%lld error=load", (long long)lesson.v);
        return;
    }
    p = queue(run, DESK_PUSH_LESSON);
    if (!p)
        return;
    p->u.lesson.facts = l.facts;
    if (!str_copy(p->u.lesson.subject, sizeof p->u.lesson.subject, l.subject) ||
        !str_copy(p->u.lesson.kind, sizeof p->u.lesson.kind, l.kind) ||
        !str_copy(p->u.lesson.title, sizeof p->u.lesson.title, l.title))
        log_error("desk.push", "lesson=%lld error=text", (long long)lesson.v);
}

void desk_queue_person(struct desk *d, struct desk_run *run, struct lesson_id lesson,
                       const struct admit_person *p)
{
    struct desk_reply *push = queue(run, DESK_PUSH_PERSON);

    (void)d;
    if (!push)
        return;
    push->u.person.lesson = lesson;
    push->u.person.person = *p;
}

void desk_queue_logout(struct desk_run *run, int64_t login)
{
    struct desk_reply *push = queue(run, DESK_PUSH_LOGOUT);

    if (push)
        push->u.logout.login = login;
}

/* Asks anew about one presence row. */
static void push_session(struct api_ctx *ctx, const struct session *s)
{
    struct lesson_facts f;
    struct admit_person p;
    enum err e = lesson_facts_load(ctx->db, s->lesson, &f);

    if (!e)
        e = desk_person(ctx->desk, &f, s->user, s->login, &p);
    if (e)
        log_error("desk.push", "lesson=%lld error=%s", (long long)s->lesson.v, err_name(e));
    else
        desk_queue_person(ctx->desk, ctx->run, s->lesson, &p);
}

static void push_where(struct api_ctx *ctx, struct lesson_id lesson, struct user_id user)
{
    struct session_list open = { 0 };

    if (session_list(ctx->db, (struct lesson_id){ 0 }, &open) != ERR_OK) {
        log_error("desk.push", "user=%lld error=load", (long long)user.v);
        return;
    }
    for (size_t i = 0; i < open.n; i++)
        if (user_id_eq(open.items[i].user, user) &&
            (lesson.v == 0 || lesson_id_eq(open.items[i].lesson, lesson)))
            push_session(ctx, &open.items[i]);
    session_list_free(&open);
}

void desk_push_person(struct api_ctx *ctx, struct user_id user)
{
    push_where(ctx, (struct lesson_id){ 0 }, user);
}

void desk_push_person_in(struct api_ctx *ctx, struct lesson_id lesson, struct user_id user)
{
    push_where(ctx, lesson, user);
}

void desk_push_lesson(struct api_ctx *ctx, struct lesson_id lesson)
{
    desk_queue_lesson(ctx->desk, ctx->run, lesson);
}

void desk_push_logout(struct api_ctx *ctx, int64_t login)
{
    desk_queue_logout(ctx->run, login);
}
