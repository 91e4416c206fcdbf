/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole signalling messages to and from text, over the generated tables; the
 * functions are declared in protocol.gen.h. A message that breaks a rule is
 * refused as a whole and *out stays untouched.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/protocol/protocol.gen.h"
#include "common/protocol/shape.h"

/* One direction of the conversation. */
struct side {
    const struct shape *shapes; /* by kind */
    size_t kinds;
    size_t max_bytes;
};

static const struct side client_side = { sig_client_shapes, SIG_CLIENT_KINDS,
                                         SIG_LIMIT_MESSAGE_BYTES };
static const struct side server_side = { sig_server_shapes, SIG_SERVER_KINDS,
                                         SIG_LIMIT_SERVER_MESSAGE_BYTES };

/* Cut to fit at the border of a character. */
static void copy_cut(char *dst, size_t cap, const char *src)
{
    size_t len = strlen(src);

    if (len >= cap)
        len = cap - 1;
    while (len > 0 && !str_utf8_ok(src, len))
        len--;
    memcpy(dst, src, len);
    dst[len] = '\0';
}

static void blame(struct sig_fault *fault, enum sig_error code, const char *re, const char *field)
{
    fault->code = code;
    copy_cut(fault->re, sizeof fault->re, re);
    copy_cut(fault->field, sizeof fault->field, field);
}

static enum sig_error error_of(enum json_fault f)
{
    switch (f) {
    case JSON_FAULT_MISSING:
        return SIG_ERROR_MISSING_FIELD;
    case JSON_FAULT_UNKNOWN:
        return SIG_ERROR_UNKNOWN_FIELD;
    case JSON_FAULT_TOO_LONG:
        return SIG_ERROR_TOO_LONG;
    case JSON_FAULT_NONE:
    case JSON_FAULT_TYPE:
    case JSON_FAULT_RANGE:
    case JSON_FAULT_MALFORMED:
        break;
    }
    return SIG_ERROR_BAD_FIELD;
}

/* The kind named by "type"; false after filling fault. */
static bool read_kind(const struct side *side, struct json_view *v, size_t *kind,
                      struct sig_fault *fault)
{
    const char *type = json_get_str(v, "type", SIG_WORD_MAX);

    if (v->fault != JSON_FAULT_NONE) {
        blame(fault, error_of(v->fault), "", "type");
        return false;
    }
    for (size_t i = 0; i < side->kinds; i++) {
        if (strcmp(type, side->shapes[i].name) == 0) {
            *kind = i;
            return true;
        }
    }
    blame(fault, SIG_ERROR_UNKNOWN_TYPE, type, "type");
    return false;
}

/* On success *owner holds the strings of body. */
static enum err parse(const struct side *side, const char *text, size_t len, size_t *kind,
                      void *body, json_t **owner, struct sig_fault *fault)
{
    struct json_view v;
    json_t *root;
    enum err e;

    if (len > side->max_bytes) {
        blame(fault, SIG_ERROR_TOO_LONG, "", "");
        return ERR_PARSE;
    }
    e = json_parse_object(text, len, &root);
    if (e != ERR_OK) {
        blame(fault, SIG_ERROR_MALFORMED, "", "");
        return e;
    }
    v = json_view_on(root);
    if (!read_kind(side, &v, kind, fault)) {
        json_decref(root);
        return ERR_PARSE;
    }
    e = shape_read(&v, &side->shapes[*kind], body);
    if (e == ERR_OK)
        e = json_view_end(&v);
    if (e != ERR_OK) {
        blame(fault, error_of(v.fault), side->shapes[*kind].name, v.field);
        shape_free(&side->shapes[*kind], body);
        json_decref(root);
        return e;
    }
    *owner = root;
    return ERR_OK;
}

/* On failure b is as long as it was. */
static enum err write(const struct side *side, size_t kind, const void *body, struct strbuf *b)
{
    size_t before = b->len;
    bool ok;

    if (kind >= side->kinds)
        return ERR_INVAL;
    strbuf_printf(b, "{\"type\":\"%s\"", side->shapes[kind].name);
    ok = shape_write(b, &side->shapes[kind], body, false);
    strbuf_puts(b, "}");
    if (!strbuf_ok(b))
        return ERR_NOMEM;
    if (ok && b->len - before <= side->max_bytes)
        return ERR_OK;
    b->len = before;
    b->s[before] = '\0';
    return ERR_INVAL;
}

enum err sig_client_parse(const char *text, size_t len, struct sig_client *out,
                          struct sig_fault *fault)
{
    struct sig_client m = { 0 };
    size_t kind = 0;
    enum err e = parse(&client_side, text, len, &kind, &m.u, &m.owner, fault);

    m.kind = (enum sig_client_kind)kind;
    if (e == ERR_OK)
        *out = m;
    return e;
}

enum err sig_server_parse(const char *text, size_t len, struct sig_server *out,
                          struct sig_fault *fault)
{
    struct sig_server m = { 0 };
    size_t kind = 0;
    enum err e = parse(&server_side, text, len, &kind, &m.u, &m.owner, fault);

    m.kind = (enum sig_server_kind)kind;
    if (e == ERR_OK)
        *out = m;
    return e;
}

/* Only a parsed message owns anything. */
void sig_client_free(struct sig_client *m)
{
    if (!m->owner)
        return;
    shape_free(&sig_client_shapes[m->kind], &m->u);
    json_decref(m->owner);
    m->owner = NULL;
}

void sig_server_free(struct sig_server *m)
{
    if (!m->owner)
        return;
    shape_free(&sig_server_shapes[m->kind], &m->u);
    json_decref(m->owner);
    m->owner = NULL;
}

enum err sig_client_write(const struct sig_client *m, struct strbuf *b)
{
    return write(&client_side, m->kind, &m->u, b);
}

enum err sig_server_write(const struct sig_server *m, struct strbuf *b)
{
    return write(&server_side, m->kind, &m->u, b);
}
