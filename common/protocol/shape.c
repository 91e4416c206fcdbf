/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading and writing by description; see shape.h.
 */
#include "common/protocol/shape.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/mem.h"

#define INTS_MAX 65535

static void *place(void *base, size_t offset)
{
    return (char *)base + offset;
}

static const void *cplace(const void *base, size_t offset)
{
    return (const char *)base + offset;
}

static enum err read_field(struct json_view *v, const struct shape_field *f, void *out);

enum err shape_read(struct json_view *v, const struct shape *shape, void *out)
{
    for (size_t i = 0; i < shape->fields_n; i++) {
        enum err e = read_field(v, &shape->fields[i], out);

        if (e != ERR_OK)
            return e;
    }
    return ERR_OK;
}

/* Passes a fault of a nested object on, as "outer.inner". */
static void blame_nested(struct json_view *v, const char *outer, const struct json_view *inner)
{
    char path[JSON_FIELD_MAX];

    if (!str_format(path, sizeof path, "%s.%s", outer, inner->field))
        json_view_blame(v, inner->fault, outer);
    else
        json_view_blame(v, inner->fault, path);
}

static enum err read_object(struct json_view *v, const struct shape_field *f, const json_t *j,
                            void *out)
{
    struct json_view inner;
    enum err e;

    if (!json_is_object(j)) {
        json_view_blame(v, JSON_FAULT_TYPE, f->name);
        return ERR_OK;
    }
    inner = json_view_on(j);
    e = shape_read(&inner, f->sub, out);
    if (e == ERR_OK && json_view_end(&inner) != ERR_OK)
        blame_nested(v, f->name, &inner);
    return e;
}

static enum err read_list(struct json_view *v, const struct shape_field *f, void *out)
{
    const json_t *array = json_get_array(v, f->name, (size_t)f->max);
    size_t n = array ? json_array_size(array) : 0;
    char *items;

    if (n == 0)
        return ERR_OK;
    items = mem_zalloc(n, f->sub->size);
    if (!items)
        return ERR_NOMEM;
    memcpy(place(out, f->at), &items, sizeof items);
    memcpy(place(out, f->extra), &n, sizeof n);
    for (size_t i = 0; i < n; i++) {
        enum err e = read_object(v, f, json_array_get(array, i), items + i * f->sub->size);

        if (e != ERR_OK)
            return e;
    }
    return ERR_OK;
}

static enum err read_ints(struct json_view *v, const struct shape_field *f, void *out)
{
    const json_t *array = json_get_array(v, f->name, (size_t)f->max);
    size_t n = array ? json_array_size(array) : 0;
    uint16_t *items;

    if (n == 0)
        return ERR_OK;
    items = mem_zalloc(n, sizeof *items);
    if (!items)
        return ERR_NOMEM;
    memcpy(place(out, f->at), &items, sizeof items);
    memcpy(place(out, f->extra), &n, sizeof n);
    for (size_t i = 0; i < n; i++) {
        const json_t *j = json_array_get(array, i);
        int64_t value = json_is_integer(j) ? json_integer_value(j) : 0;

        if (!json_is_integer(j))
            json_view_blame(v, JSON_FAULT_TYPE, f->name);
        else if (value < 1 || value > INTS_MAX)
            json_view_blame(v, JSON_FAULT_RANGE, f->name);
        else
            items[i] = (uint16_t)value;
    }
    return ERR_OK;
}

static void read_number(struct json_view *v, const struct shape_field *f, void *out)
{
    int64_t n;

    if (f->optional) {
        bool has = json_has(v, f->name);

        memcpy(place(out, f->extra), &has, sizeof has);
        n = json_opt_int(v, f->name, f->min, f->max, 0);
    } else {
        n = json_get_int(v, f->name, f->min, f->max);
    }
    if (f->type == SHAPE_BIG) {
        memcpy(place(out, f->at), &n, sizeof n);
    } else {
        int small = (int)n;

        memcpy(place(out, f->at), &small, sizeof small);
    }
}

static enum err read_field(struct json_view *v, const struct shape_field *f, void *out)
{
    const char *s;
    const json_t *j;
    bool b;
    int word;

    switch (f->type) {
    case SHAPE_BOOL:
        b = json_get_bool(v, f->name);
        memcpy(place(out, f->at), &b, sizeof b);
        return ERR_OK;
    case SHAPE_INT:
    case SHAPE_BIG:
        read_number(v, f, out);
        return ERR_OK;
    case SHAPE_STRING:
        s = f->optional ? json_opt_str(v, f->name, (size_t)f->max)
                        : json_get_str(v, f->name, (size_t)f->max);
        memcpy(place(out, f->at), &s, sizeof s);
        return ERR_OK;
    case SHAPE_ENUM:
        word = json_get_word(v, f->name, f->words, f->words_n);
        memcpy(place(out, f->at), &word, sizeof word);
        return ERR_OK;
    case SHAPE_STRUCT:
        j = json_get_object(v, f->name);
        return j ? read_object(v, f, j, place(out, f->at)) : ERR_OK;
    case SHAPE_LIST:
        return read_list(v, f, out);
    case SHAPE_INTS:
        return read_ints(v, f, out);
    }
    return ERR_INVAL;
}

void shape_free(const struct shape *shape, void *out)
{
    for (size_t i = 0; i < shape->fields_n; i++) {
        const struct shape_field *f = &shape->fields[i];
        void *items;

        if (f->type != SHAPE_LIST && f->type != SHAPE_INTS)
            continue;
        memcpy(&items, place(out, f->at), sizeof items);
        mem_free(items);
    }
}

bool shape_write_string(struct strbuf *b, const char *s)
{
    size_t len = strlen(s);
    size_t from = 0;

    if (!str_utf8_ok(s, len))
        return false;
    strbuf_add(b, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        strbuf_add(b, s + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\')
            strbuf_printf(b, "\\%c", c);
        else if (c == '\n')
            strbuf_puts(b, "\\n");
        else if (c == '\r')
            strbuf_puts(b, "\\r");
        else
            strbuf_printf(b, "\\u%04x", c);
    }
    strbuf_add(b, s + from, len - from);
    strbuf_add(b, "\"", 1);
    return true;
}

static bool write_number(struct strbuf *b, const struct shape_field *f, const void *in)
{
    int64_t n = 0;

    if (f->type == SHAPE_BIG) {
        memcpy(&n, cplace(in, f->at), sizeof n);
    } else {
        int small;

        memcpy(&small, cplace(in, f->at), sizeof small);
        n = small;
    }
    if (n < f->min || n > f->max)
        return false;
    strbuf_printf(b, "%" PRId64, n);
    return true;
}

static bool write_list(struct strbuf *b, const struct shape_field *f, const void *in)
{
    const char *items;
    size_t n;

    memcpy(&items, cplace(in, f->at), sizeof items);
    memcpy(&n, cplace(in, f->extra), sizeof n);
    if (n > (size_t)f->max)
        return false;
    strbuf_add(b, "[", 1);
    for (size_t i = 0; i < n; i++) {
        strbuf_puts(b, i ? ",{" : "{");
        if (!shape_write(b, f->sub, items + i * f->sub->size, true))
            return false;
        strbuf_add(b, "}", 1);
    }
    strbuf_add(b, "]", 1);
    return true;
}

static bool write_ints(struct strbuf *b, const struct shape_field *f, const void *in)
{
    const uint16_t *items;
    size_t n;

    memcpy(&items, cplace(in, f->at), sizeof items);
    memcpy(&n, cplace(in, f->extra), sizeof n);
    if (n > (size_t)f->max)
        return false;
    strbuf_add(b, "[", 1);
    for (size_t i = 0; i < n; i++) {
        if (items[i] == 0)
            return false;
        strbuf_printf(b, i ? ",%u" : "%u", items[i]);
    }
    strbuf_add(b, "]", 1);
    return true;
}

static bool write_value(struct strbuf *b, const struct shape_field *f, const void *in)
{
    const char *s;
    bool flag;
    int word;

    switch (f->type) {
    case SHAPE_BOOL:
        memcpy(&flag, cplace(in, f->at), sizeof flag);
        strbuf_puts(b, flag ? "true" : "false");
        return true;
    case SHAPE_INT:
    case SHAPE_BIG:
        return write_number(b, f, in);
    case SHAPE_STRING:
        memcpy(&s, cplace(in, f->at), sizeof s);
        return s && strlen(s) <= (size_t)f->max && shape_write_string(b, s);
    case SHAPE_ENUM:
        memcpy(&word, cplace(in, f->at), sizeof word);
        if (word < 0 || (size_t)word >= f->words_n)
            return false;
        strbuf_printf(b, "\"%s\"", f->words[word]);
        return true;
    case SHAPE_STRUCT:
        strbuf_add(b, "{", 1);
        if (!shape_write(b, f->sub, cplace(in, f->at), true))
            return false;
        strbuf_add(b, "}", 1);
        return true;
    case SHAPE_LIST:
        return write_list(b, f, in);
    case SHAPE_INTS:
        return write_ints(b, f, in);
    }
    return false;
}

/* An optional field that is absent is left out of the text. */
static bool is_absent(const struct shape_field *f, const void *in)
{
    const char *s;
    bool has;

    if (!f->optional)
        return false;
    if (f->type == SHAPE_STRING) {
        memcpy(&s, cplace(in, f->at), sizeof s);
        return !s;
    }
    memcpy(&has, cplace(in, f->extra), sizeof has);
    return !has;
}

bool shape_write(struct strbuf *b, const struct shape *shape, const void *in, bool first)
{
    for (size_t i = 0; i < shape->fields_n; i++) {
        const struct shape_field *f = &shape->fields[i];

        if (is_absent(f, in))
            continue;
        strbuf_printf(b, "%s\"%s\":", first ? "" : ",", f->name);
        if (!write_value(b, f, in))
            return false;
        first = false;
    }
    return true;
}
