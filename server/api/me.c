/* SPDX-License-Identifier: Apache-2.0
 *
 * One's own settings, and what a person tells the centre from outside a
 * lesson: "not today", the ready check, help. Nothing is cancelled by a word
 * to the centre; a coordinator decides. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/org.h"

static bool put(char *dst, size_t cap, const char *word)
{
    return !word || str_copy(dst, cap, word);
}

enum err me_patch(struct call *c)
{
    struct body_me b;
    struct face face;
    json_t *me = NULL;
    enum err err;

    if (body_me(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = face_load(c->db, c->user.id, &face);
    if (err)
        return err;
    if (!put(c->user.locale, sizeof c->user.locale, b.locale) ||
        !put(c->user.animal, sizeof c->user.animal, b.animal) ||
        !put(face.theme, sizeof face.theme, b.theme) || !put(face.hand, sizeof face.hand, b.hand))
        return ERR_INVAL;
    err = user_save(c->db, &c->user, c->now.unix_ms, c->user.id, &c->user.id);
    if (!err)
        err = face_save(c->db, c->user.id, &face);
    if (!err)
        err = call_audit(c, "me.change", "user", c->user.id.v, "", "");
    if (!err)
        err = me_json(c, &me);
    return err ? err : call_answer(c, 200, me);
}

/* Writes the notice and answers whom it was told to. */
static enum err tell(struct call *c, struct notice *n)
{
    struct org centre;
    struct user_id coordinator = { 0 };
    json_t *person = NULL;
    enum err err = call_centre(c, &centre);

    n->centre = centre.id;
    n->user = c->user.id;
    n->at_ms = c->now.unix_ms;
    if (!n->about.v)
        n->about = c->user.id;
    if (!err)
        err = notice_add(c->db, n);
    if (!err)
        err = person_coordinator(c, centre.id, &coordinator);
    if (!err)
        err = person_or_null(c, coordinator, &person);
    if (err)
        return err;
    return call_answer(
        c, 200, json_pack("{s:I,s:o}", "at", (json_int_t)c->now.unix_ms, "coordinator", person));
}

/* A lesson named in a notice must be one the person may see. */
static enum err notice_lesson(struct call *c, struct lesson_id id, bool *refused)
{
    struct lesson *l;
    enum err err;

    *refused = false;
    if (!id.v)
        return ERR_OK;
    l = mem_zalloc(1, sizeof *l);
    if (!l)
        return ERR_NOMEM;
    c->id = id.v;
    err = call_lesson(c, RIGHT_LESSON_VIEW, l, refused);
    mem_free(l);
    return err;
}

/* Whom "not today" is about: a child speaks for itself, a guardian for a child of its own. */
static enum err not_today_about(struct call *c, const struct body_not_today *b,
                                struct user_id *about, bool *refused)
{
    struct child child;
    bool kin = false;
    enum err err;

    *refused = false;
    *about = c->user.id;
    if (!b->child.v || user_id_eq(b->child, c->user.id)) {
        if (grant_has(&c->grants, ROLE_CHILD, (struct org_id){ 0 }))
            return ERR_OK;
        *refused = true;
        if (!grant_has(&c->grants, ROLE_GUARDIAN, (struct org_id){ 0 }))
            return call_refuse(c, REFUSE_NOT_ALLOWED);
        json_view_blame(&c->in, JSON_FAULT_MISSING, "child");
        return call_refuse_field(c, &c->in);
    }
    err = child_by_user(c->db, b->child, &child);
    if (!err)
        err = guardian_stands(c->db, c->user.id, child.id, c->now.unix_ms, &kin);
    if (err && err != ERR_NOTFOUND)
        return err;
    *refused = err || !kin;
    *about = b->child;
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : ERR_OK;
}

enum err not_today_post(struct call *c)
{
    struct body_not_today b;
    struct notice n = { .kind = "not_today" };
    bool refused = false;
    enum err err;

    if (body_not_today(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = not_today_about(c, &b, &n.about, &refused);
    if (!err && !refused)
        err = notice_lesson(c, b.lesson, &refused);
    n.lesson = b.lesson;
    return err || refused ? err : tell(c, &n);
}

enum err ready_post(struct call *c)
{
    struct body_ready b;
    struct notice n = { .kind = "ready" };
    bool refused = false, failed;
    enum err err;

    if (body_ready(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = notice_lesson(c, b.lesson, &refused);
    if (err || refused)
        return err;
    failed = strcmp(b.path, "none") == 0 || strcmp(b.sound, "failed") == 0 ||
             strcmp(b.voice, "failed") == 0 || strcmp(b.voice, "blocked") == 0;
    n.lesson = b.lesson;
    if (!str_copy(n.code, sizeof n.code, failed ? "failed" : "ok") ||
        !str_format(n.detail, sizeof n.detail,
                    "{\"sound\":\"%s\",\"voice\":\"%s\",\"camera\":\"%s\",\"path\":\"%s\","
                    "\"rtt_ms\":%lld,\"loss_permille\":%lld}",
                    b.sound, b.voice, b.camera, b.path, (long long)b.rtt_ms,
                    (long long)b.loss_permille))
        return ERR_INVAL;
    return tell(c, &n);
}

enum err help_post(struct call *c)
{
    struct body_help b;
    struct notice n = { .kind = "help" };
    bool refused = false;
    enum err err;

    if (body_help(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = notice_lesson(c, b.lesson, &refused);
    if (err || refused)
        return err;
    n.lesson = b.lesson;
    if (!str_copy(n.code, sizeof n.code, b.code) ||
        !str_format(n.detail, sizeof n.detail, "{\"place\":\"%s\"}", b.place))
        return ERR_INVAL;
    return tell(c, &n);
}
