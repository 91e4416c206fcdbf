/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict reading of JSON objects; see json.h.
 */
#include "common/base/json.h"

#include <string.h>

#include "common/base/str.h"

/* Depth by counting brackets outside strings, before a parser recurses on hostile input. */
static bool depth_ok(const char *text, size_t len)
{
    int depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < len; i++) {
        char c = text[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX)
                return false;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return true;
}

enum err json_parse_object(const char *text, size_t len, json_t **out)
{
    json_error_t why;
    json_t *root;

    if (!depth_ok(text, len))
        return ERR_PARSE;
    root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
    if (!root)
        return json_error_code(&why) == json_error_out_of_memory ? ERR_NOMEM : ERR_PARSE;
    if (!json_is_object(root)) {
        json_decref(root);
        return ERR_PARSE;
    }
    *out = root;
    return ERR_OK;
}

struct json_view json_view_on(const json_t *object)
{
    return (struct json_view){ .object = object };
}

void json_view_blame(struct json_view *v, enum json_fault fault, const char *name)
{
    size_t len = strlen(name);

    if (v->fault != JSON_FAULT_NONE)
        return;
    v->fault = fault;
    if (len >= sizeof v->field)
        len = sizeof v->field - 1;
    while (len > 0 && !str_utf8_ok(name, len))
        len--;
    memcpy(v->field, name, len);
    v->field[len] = '\0';
}

/* The field, noted as asked for; NULL if absent. JSON null is a value here. */
static const json_t *take(struct json_view *v, const char *name)
{
    if (v->asked_n < JSON_FIELDS_MAX)
        v->asked[v->asked_n++] = name;
    return json_object_get(v->object, name);
}

static const json_t *need(struct json_view *v, const char *name)
{
    const json_t *j = take(v, name);

    if (!j)
        json_view_blame(v, JSON_FAULT_MISSING, name);
    return j;
}

static const json_t *maybe(struct json_view *v, const char *name)
{
    const json_t *j = take(v, name);

    return json_is_null(j) ? NULL : j;
}

static const char *as_str(struct json_view *v, const json_t *j, const char *name, size_t max_bytes)
{
    if (!json_is_string(j)) {
        json_view_blame(v, JSON_FAULT_TYPE, name);
        return "";
    }
    if (json_string_length(j) > max_bytes) {
        json_view_blame(v, JSON_FAULT_TOO_LONG, name);
        return "";
    }
    if (strlen(json_string_value(j)) != json_string_length(j)) {
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
        return "";
    }
    return json_string_value(j);
}

static int64_t as_int(struct json_view *v, const json_t *j, const char *name, int64_t min,
                      int64_t max)
{
    int64_t n;

    if (!json_is_integer(j)) {
        json_view_blame(v, JSON_FAULT_TYPE, name);
        return 0;
    }
    n = json_integer_value(j);
    if (n < min || n > max) {
        json_view_blame(v, JSON_FAULT_RANGE, name);
        return 0;
    }
    return n;
}

const char *json_get_str(struct json_view *v, const char *name, size_t max_bytes)
{
    const json_t *j = need(v, name);

    return j ? as_str(v, j, name, max_bytes) : "";
}

int64_t json_get_int(struct json_view *v, const char *name, int64_t min, int64_t max)
{
    const json_t *j = need(v, name);

    return j ? as_int(v, j, name, min, max) : 0;
}

bool json_get_bool(struct json_view *v, const char *name)
{
    const json_t *j = need(v, name);

    if (j && !json_is_boolean(j))
        json_view_blame(v, JSON_FAULT_TYPE, name);
    return json_is_true(j);
}

static const json_t *as_array(struct json_view *v, const json_t *j, const char *name,
                              size_t max_items)
{
    if (!json_is_array(j)) {
        json_view_blame(v, JSON_FAULT_TYPE, name);
        return NULL;
    }
    if (json_array_size(j) > max_items) {
        json_view_blame(v, JSON_FAULT_TOO_LONG, name);
        return NULL;
    }
    return j;
}

const json_t *json_get_array(struct json_view *v, const char *name, size_t max_items)
{
    const json_t *j = need(v, name);

    return j ? as_array(v, j, name, max_items) : NULL;
}

const json_t *json_get_object(struct json_view *v, const char *name)
{
    const json_t *j = need(v, name);

    if (j && !json_is_object(j)) {
        json_view_blame(v, JSON_FAULT_TYPE, name);
        return NULL;
    }
    return j;
}

int json_get_word(struct json_view *v, const char *name, const char *const *words, size_t n)
{
    const char *s = json_get_str(v, name, JSON_FIELD_MAX);

    for (size_t i = 0; i < n; i++) {
        if (strcmp(s, words[i]) == 0)
            return (int)i;
    }
    json_view_blame(v, JSON_FAULT_RANGE, name);
    return 0;
}

const char *json_opt_str(struct json_view *v, const char *name, size_t max_bytes)
{
    const json_t *j = maybe(v, name);

    return j ? as_str(v, j, name, max_bytes) : NULL;
}

int64_t json_opt_int(struct json_view *v, const char *name, int64_t min, int64_t max,
                     int64_t fallback)
{
    const json_t *j = maybe(v, name);

    return j ? as_int(v, j, name, min, max) : fallback;
}

bool json_opt_bool(struct json_view *v, const char *name, bool fallback)
{
    const json_t *j = maybe(v, name);

    if (!j)
        return fallback;
    if (!json_is_boolean(j))
        json_view_blame(v, JSON_FAULT_TYPE, name);
    return json_is_true(j);
}

const json_t *json_opt_array(struct json_view *v, const char *name, size_t max_items)
{
    const json_t *j = maybe(v, name);

    return j ? as_array(v, j, name, max_items) : NULL;
}

bool json_has(const struct json_view *v, const char *name)
{
    const json_t *j = json_object_get(v->object, name);

    return j && !json_is_null(j);
}

static bool was_asked(const struct json_view *v, const char *name)
{
    for (size_t i = 0; i < v->asked_n; i++) {
        if (strcmp(v->asked[i], name) == 0)
            return true;
    }
    return false;
}

enum err json_view_end(struct json_view *v)
{
    void *iter = json_object_iter((json_t *)(uintptr_t)v->object);

    while (iter && v->fault == JSON_FAULT_NONE) {
        if (!was_asked(v, json_object_iter_key(iter)))
            json_view_blame(v, JSON_FAULT_UNKNOWN, json_object_iter_key(iter));
        iter = json_object_iter_next((json_t *)(uintptr_t)v->object, iter);
    }
    return v->fault == JSON_FAULT_NONE ? ERR_OK : ERR_PARSE;
}

const char *json_fault_name(enum json_fault f)
{
    static const char *const names[] = {
        [JSON_FAULT_NONE] = "none",           [JSON_FAULT_MISSING] = "missing",
        [JSON_FAULT_UNKNOWN] = "unknown",     [JSON_FAULT_TYPE] = "type",
        [JSON_FAULT_RANGE] = "range",         [JSON_FAULT_TOO_LONG] = "too_long",
        [JSON_FAULT_MALFORMED] = "malformed",
    };

    return names[f];
}
