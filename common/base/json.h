/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict JSON on Jansson: duplicate keys, NaN, infinities, NUL in strings,
 * invalid UTF-8 and documents over a size or depth bound are refused. Objects
 * are read through a json_view that names the first field that is missing,
 * unknown, of the wrong type or out of its limits, so every refusal can say
 * which field was at fault.
 */
#ifndef PARTA_BASE_JSON_H
#define PARTA_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define JSON_FIELD_MAX 64
#define JSON_DEPTH_MAX 16
#define JSON_FIELDS_MAX 48

enum json_fault {
    JSON_FAULT_NONE,
    JSON_FAULT_MISSING,   /* required field absent */
    JSON_FAULT_UNKNOWN,   /* field that the format does not have */
    JSON_FAULT_TYPE,      /* wrong JSON type */
    JSON_FAULT_RANGE,     /* number outside its limits, or word outside its list */
    JSON_FAULT_TOO_LONG,  /* string or array over its limit */
    JSON_FAULT_MALFORMED, /* text breaks its own format */
};

/* Parses text[0..len) as one JSON object. ERR_PARSE if it is not strict JSON, is deeper than
 * JSON_DEPTH_MAX or is no object; ERR_NOMEM. Release *out with json_decref. */
enum err json_parse_object(const char *text, size_t len, json_t **out) MUST_CHECK;

/* A reading position on one object. The first fault sticks; later reads yield zero values. */
struct json_view {
    const json_t *object;               /* borrowed */
    const char *asked[JSON_FIELDS_MAX]; /* names read so far (borrowed, string literals) */
    size_t asked_n;
    enum json_fault fault;
    char field[JSON_FIELD_MAX]; /* the field at fault (a copy, cut to fit) */
};

struct json_view json_view_on(const json_t *object);

/* Required fields. Strings are borrowed from the object and at most max_bytes long. */
const char *json_get_str(struct json_view *v, const char *name, size_t max_bytes);
int64_t json_get_int(struct json_view *v, const char *name, int64_t min, int64_t max);
bool json_get_bool(struct json_view *v, const char *name);
const json_t *json_get_array(struct json_view *v, const char *name, size_t max_items);
const json_t *json_get_object(struct json_view *v, const char *name);

/* The index of the string in words[0..n), or a RANGE fault. */
int json_get_word(struct json_view *v, const char *name, const char *const *words, size_t n);

/* Optional fields: the fallback (or NULL) when absent or null. */
const char *json_opt_str(struct json_view *v, const char *name, size_t max_bytes);
int64_t json_opt_int(struct json_view *v, const char *name, int64_t min, int64_t max,
                     int64_t fallback);
bool json_opt_bool(struct json_view *v, const char *name, bool fallback);
const json_t *json_opt_array(struct json_view *v, const char *name, size_t max_items);

/* True if the object has the field (null counts as absent). */
bool json_has(const struct json_view *v, const char *name);

/* Records a fault the caller found itself; the first one sticks. */
void json_view_blame(struct json_view *v, enum json_fault fault, const char *name);

/* Call last: blames the first field that was never read. ERR_PARSE if any fault stands. */
enum err json_view_end(struct json_view *v) MUST_CHECK;

/* Stable word for a fault, for example "missing". */
const char *json_fault_name(enum json_fault f);

#endif
