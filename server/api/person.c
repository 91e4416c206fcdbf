/* SPDX-License-Identifier: Apache-2.0
 *
 * People, schools and centres as JSON; see person.h. Desk thread.
 */
#include "server/api/person.h"

#include <string.h>

#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/org.h"

enum err json_put(json_t *object, const char *key, json_t *value)
{
    return value && json_object_set_new(object, key, value) == 0 ? ERR_OK : ERR_NOMEM;
}

enum err json_push(json_t *array, json_t *value)
{
    return value && json_array_append_new(array, value) == 0 ? ERR_OK : ERR_NOMEM;
}

json_t *json_time_or_null(int64_t ms, int64_t none)
{
    return ms == none ? json_null() : json_integer(ms);
}

json_t *json_text_or_null(const char *s)
{
    return s && s[0] ? json_string(s) : json_null();
}

static const char *animal_of(const char *stored)
{
    return stored[0] ? stored : "owl";
}

json_t *person_pack(struct user_id id, const char *name, const char *given, const char *animal)
{
    return json_pack("{s:I,s:s,s:s,s:s}", "id", (json_int_t)id.v, "name", name, "given", given,
                     "animal", animal_of(animal));
}

enum err person_json(const struct call *c, struct user_id id, json_t **out)
{
    struct user u;
    json_t *json;
    enum err err = user_load(c->db, id, &u);

    if (err)
        return err;
    json = person_pack(u.id, u.name, u.short_name, u.animal);
    if (!json)
        return ERR_NOMEM;
    *out = json;
    return ERR_OK;
}

enum err person_or_null(const struct call *c, struct user_id id, json_t **out)
{
    if (id.v)
        return person_json(c, id, out);
    *out = json_null();
    return ERR_OK;
}

enum err school_json(const struct call *c, struct org_id id, json_t **out)
{
    struct org o;
    json_t *json;
    enum err err = org_load(c->db, id, &o);

    if (err)
        return err;
    json = json_pack("{s:I,s:s,s:s}", "id", (json_int_t)o.id.v, "name", o.name, "tz", o.tz);
    if (!json)
        return ERR_NOMEM;
    *out = json;
    return ERR_OK;
}

enum err person_coordinator(const struct call *c, struct org_id centre, struct user_id *out)
{
    struct user_list l = { 0 };
    enum err err = user_list(c->db, ROLE_COORDINATOR, centre, c->now.unix_ms, &l);

    if (err)
        return err;
    out->v = 0;
    for (size_t i = 0; i < l.n; i++) {
        if (l.items[i].status == USER_ACTIVE && (out->v == 0 || l.items[i].id.v < out->v))
            *out = l.items[i].id;
    }
    user_list_free(&l);
    return ERR_OK;
}

static enum err centre_json(const struct call *c, json_t **out)
{
    struct org o;
    struct user_id coordinator = { 0 };
    json_t *json, *person = NULL;
    enum err err = call_centre(c, &o);

    if (!err)
        err = person_coordinator(c, o.id, &coordinator);
    if (!err)
        err = person_or_null(c, coordinator, &person);
    if (err)
        return err;
    json = json_pack("{s:I,s:s,s:s,s:s,s:o}", "id", (json_int_t)o.id.v, "name", o.name, "phone",
                     o.phone, "tz", o.tz, "coordinator", person);
    if (!json)
        return ERR_NOMEM;
    *out = json;
    return ERR_OK;
}

static enum err roles_json(const struct call *c, json_t *roles)
{
    for (enum role r = ROLE_NONE + 1; r < ROLE_COUNT; r++) {
        if (grant_has(&c->grants, r, (struct org_id){ 0 })) {
            enum err err = json_push(roles, json_string(role_name(r)));
            if (err)
                return err;
        }
    }
    return ERR_OK;
}

static enum err children_json(const struct call *c, json_t *children)
{
    struct child_filter f = { .guardian = c->user.id, .at_ms = c->now.unix_ms };
    struct child_list l = { 0 };
    enum err err;

    if (!grant_has(&c->grants, ROLE_GUARDIAN, (struct org_id){ 0 }))
        return ERR_OK;
    err = child_list(c->db, &f, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *person = NULL;

        err = person_json(c, l.items[i].user, &person);
        if (!err)
            err = json_push(children, person);
    }
    child_list_free(&l);
    return err;
}

enum err me_json(const struct call *c, json_t **out)
{
    struct face face;
    json_t *centre = NULL;
    json_t *me = person_pack(c->user.id, c->user.name, c->user.short_name, c->user.animal);
    json_t *roles = json_array(), *children = json_array();
    enum err err = me && roles && children ? ERR_OK : ERR_NOMEM;

    if (!err)
        err = roles_json(c, roles);
    if (!err)
        err = children_json(c, children);
    if (!err)
        err = face_load(c->db, c->user.id, &face);
    if (!err)
        err = centre_json(c, &centre);
    if (!err && json_object_update_new(
                    me, json_pack("{s:s,s:O,s:s,s:s,s:s,s:s,s:O,s:O,s:I,s:b}", "role",
                                  role_name(call_role(c)), "roles", roles, "locale", c->user.locale,
                                  "tz", c->user.tz, "theme", face.theme, "hand", face.hand,
                                  "children", children, "centre", centre, "now",
                                  (json_int_t)c->now.unix_ms, "demo", (int)call_demo(c))) != 0)
        err = ERR_NOMEM;
    json_decref(roles);
    json_decref(children);
    json_decref(centre);
    if (err)
        json_decref(me);
    else
        *out = me;
    return err;
}
