/* SPDX-License-Identifier: Apache-2.0
 *
 * Strict reading of request bodies; see body.h.
 */
#include "server/api/body.h"

#include <string.h>

#include "common/base/str.h"

#define WORDS(...)                                                                                 \
    (const char *const[]){ __VA_ARGS__ },                                                          \
        sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *)

static const char *word(struct json_view *v, const char *name, const char *const *words, size_t n)
{
    int i = json_get_word(v, name, words, n);

    return v->fault == JSON_FAULT_NONE ? words[i] : words[0];
}

static const char *opt_word(struct json_view *v, const char *name, const char *const *words,
                            size_t n)
{
    if (json_has(v, name))
        return word(v, name, words, n);
    (void)json_opt_str(v, name, 0); /* null counts as absent */
    return NULL;
}

/* Characters of well-formed UTF-8. */
static size_t chars_of(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xc0) != 0x80;
    return n;
}

/* No control character but, in texts of several lines, the line feed. */
static bool printable(const char *s, bool lines)
{
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;

        if ((ch < 0x20 && !(lines && ch == '\n')) || ch == 0x7f)
            return false;
    }
    return true;
}

static void check_text(struct json_view *v, const char *name, const char *s, size_t max_chars,
                       bool lines)
{
    if (!s || v->fault != JSON_FAULT_NONE)
        return;
    if (chars_of(s) > max_chars)
        json_view_blame(v, JSON_FAULT_TOO_LONG, name);
    else if (!printable(s, lines))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
}

static const char *reason(struct json_view *v)
{
    const char *s = json_get_str(v, "reason", BODY_REASON_BYTES);

    if (v->fault == JSON_FAULT_NONE && !str_name_ok(s, 200))
        json_view_blame(v, chars_of(s) > 200 ? JSON_FAULT_TOO_LONG : JSON_FAULT_MALFORMED,
                        "reason");
    return s;
}

static int64_t id_of(struct json_view *v, const char *name)
{
    return json_get_int(v, name, 1, BODY_ID_MAX);
}

static int64_t opt_id(struct json_view *v, const char *name)
{
    return json_opt_int(v, name, 1, BODY_ID_MAX, 0);
}

static bool digits(const char *s, size_t n, int *out)
{
    int v = 0;

    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return true;
}

bool body_month(const char *text, int *year, int *month)
{
    return strlen(text) == 7 && digits(text, 4, year) && text[4] == '-' &&
           digits(text + 5, 2, month) && date_valid(*year, *month, 1) && *year >= ZONE_YEAR_MIN &&
           *year <= ZONE_YEAR_MAX;
}

bool body_date(const char *text, int *year, int *month, int *day)
{
    return strlen(text) == 10 && digits(text, 4, year) && text[4] == '-' &&
           digits(text + 5, 2, month) && text[7] == '-' && digits(text + 8, 2, day) &&
           date_valid(*year, *month, *day) && *year >= ZONE_YEAR_MIN && *year <= ZONE_YEAR_MAX;
}

static bool clock_of(const char *text, int *hour, int *minute)
{
    return strlen(text) == 5 && digits(text, 2, hour) && text[2] == ':' &&
           digits(text + 3, 2, minute) && *hour < 24 && *minute < 60;
}

static void when(struct json_view *v, struct body_when *out)
{
    struct local_time t = { 0 };
    const char *date = json_get_str(v, "date", 10);
    const char *time = json_get_str(v, "time", 5);
    const char *pick;

    if (v->fault == JSON_FAULT_NONE && !body_date(date, &t.year, &t.month, &t.day))
        json_view_blame(v, JSON_FAULT_MALFORMED, "date");
    if (v->fault == JSON_FAULT_NONE && !clock_of(time, &t.hour, &t.minute))
        json_view_blame(v, JSON_FAULT_MALFORMED, "time");
    out->local = t;
    out->minutes = (int)json_get_int(v, "minutes", 1, 480);
    pick = opt_word(v, "pick", WORDS("earlier", "later"));
    out->which = !pick ? WHICH_ASK : strcmp(pick, "earlier") == 0 ? WHICH_FIRST : WHICH_SECOND;
}

static void children(struct json_view *v, struct body_lesson_new *out)
{
    const json_t *list = json_get_array(v, "children", LESSON_CHILDREN_MAX);
    size_t n = json_array_size(list);

    if (v->fault == JSON_FAULT_NONE && n == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "children");
    for (size_t i = 0; i < n && v->fault == JSON_FAULT_NONE; i++) {
        const json_t *item = json_array_get(list, i);
        int64_t id = json_is_integer(item) ? (int64_t)json_integer_value(item) : 0;

        if (!json_is_integer(item))
            json_view_blame(v, JSON_FAULT_TYPE, "children");
        else if (id < 1 || id > BODY_ID_MAX)
            json_view_blame(v, JSON_FAULT_RANGE, "children");
        for (size_t k = 0; k < i; k++) {
            if (out->children[k].v == id)
                json_view_blame(v, JSON_FAULT_RANGE, "children");
        }
        out->children[i].v = id;
        out->children_n = (int)i + 1;
    }
}

enum err body_lesson_new(struct json_view *v, struct body_lesson_new *out)
{
    *out = (struct body_lesson_new){ 0 };
    out->subject = word(v, "subject",
                        WORDS("maths", "language", "reading", "nature", "foreign", "art", "music"));
    out->kind = opt_word(v, "kind", WORDS("lesson", "introduction", "group", "practice"));
    out->mentor.v = id_of(v, "mentor");
    children(v, out);
    when(v, &out->when);
    out->make_up_of.v = opt_id(v, "make_up_of");
    return json_view_end(v);
}

/* One list of guests, behind those that are there. */
static void guests(struct json_view *v, const char *name, bool speak,
                   struct body_gathering_new *out)
{
    const json_t *list = json_get_array(v, name, LESSON_GUESTS_MAX);
    size_t n = json_array_size(list);

    if (v->fault == JSON_FAULT_NONE && out->guests_n + (int)n > LESSON_GUESTS_MAX)
        json_view_blame(v, JSON_FAULT_TOO_LONG, name);
    for (size_t i = 0; i < n && v->fault == JSON_FAULT_NONE; i++) {
        const json_t *item = json_array_get(list, i);
        int64_t id = json_is_integer(item) ? (int64_t)json_integer_value(item) : 0;

        if (!json_is_integer(item))
            json_view_blame(v, JSON_FAULT_TYPE, name);
        else if (id < 1 || id > BODY_ID_MAX)
            json_view_blame(v, JSON_FAULT_RANGE, name);
        for (int k = 0; k < out->guests_n; k++) {
            if (out->guests[k].user.v == id)
                json_view_blame(v, JSON_FAULT_RANGE, name);
        }
        if (v->fault == JSON_FAULT_NONE)
            out->guests[out->guests_n++] = (struct guest){ { id }, speak };
    }
}

enum err body_gathering_new(struct json_view *v, struct body_gathering_new *out)
{
    *out = (struct body_gathering_new){ 0 };
    out->kind = word(v, "kind", WORDS("seminar", "meeting"));
    out->title = json_get_str(v, "title", GATHERING_TITLE_MAX);
    if (v->fault == JSON_FAULT_NONE && !str_name_ok(out->title, 80))
        json_view_blame(v, chars_of(out->title) > 80 ? JSON_FAULT_TOO_LONG : JSON_FAULT_MALFORMED,
                        "title");
    out->subject = word(v, "subject",
                        WORDS("maths", "language", "reading", "nature", "foreign", "art", "music"));
    out->host.v = id_of(v, "host");
    guests(v, "speakers", true, out);
    guests(v, "listeners", false, out);
    if (v->fault == JSON_FAULT_NONE && out->guests_n == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "listeners");
    when(v, &out->when);
    return json_view_end(v);
}

enum err body_guest(struct json_view *v, bool with_part, struct body_guest *out)
{
    *out = (struct body_guest){ 0 };
    out->guest.user.v = id_of(v, "user");
    if (with_part)
        out->guest.speaks = strcmp(word(v, "part", WORDS("speaker", "listener")), "speaker") == 0;
    return json_view_end(v);
}

enum err body_lesson_move(struct json_view *v, struct body_lesson_move *out)
{
    *out = (struct body_lesson_move){ 0 };
    when(v, &out->when);
    out->reason = reason(v);
    return json_view_end(v);
}

enum err body_lesson_cancel(struct json_view *v, struct body_lesson_cancel *out)
{
    *out = (struct body_lesson_cancel){ 0 };
    if (!side_parse(word(v, "side", WORDS("child", "mentor", "school", "centre")), &out->side))
        json_view_blame(v, JSON_FAULT_RANGE, "side");
    out->reason = reason(v);
    return json_view_end(v);
}

enum err body_lesson_substitute(struct json_view *v, struct body_lesson_substitute *out)
{
    *out = (struct body_lesson_substitute){ 0 };
    out->mentor.v = id_of(v, "mentor");
    out->reason = reason(v);
    return json_view_end(v);
}

enum err body_note(struct json_view *v, struct body_note *out)
{
    *out = (struct body_note){ .mark = "" };
    out->child.v = id_of(v, "child");
    out->topic = json_get_str(v, "topic", 400);
    check_text(v, "topic", out->topic, 200, false);
    out->homework = json_get_str(v, "homework", 2000);
    check_text(v, "homework", out->homework, 1000, true);
    if (json_has(v, "mark"))
        out->mark =
            word(v, "mark", WORDS("2", "3", "4", "5", "not_attested", "released", "pass", "fail"));
    else if (json_object_get(v->object, "mark"))
        (void)json_opt_str(v, "mark", 0); /* null: no mark */
    else
        json_view_blame(v, JSON_FAULT_MISSING, "mark");
    out->mark_reason = json_opt_str(v, "mark_reason", 400);
    out->mark_reason = out->mark_reason ? out->mark_reason : "";
    check_text(v, "mark_reason", out->mark_reason, 200, false);
    out->text = json_get_str(v, "text", 2000);
    check_text(v, "text", out->text, 1000, true);
    return json_view_end(v);
}

enum err body_amendment(struct json_view *v, struct body_amendment *out)
{
    *out = (struct body_amendment){ .document = "" };
    out->child.v = id_of(v, "child");
    out->code = word(v, "code", WORDS("I", "M", "C", "U", "X", "H"))[0];
    out->reason = reason(v);
    if (json_has(v, "document")) {
        out->document = json_get_str(v, "document", 64);
        if (v->fault == JSON_FAULT_NONE && !str_name_ok(out->document, 32))
            json_view_blame(v, JSON_FAULT_MALFORMED, "document");
    } else {
        (void)json_opt_str(v, "document", 0);
    }
    return json_view_end(v);
}

enum err body_confirmation(struct json_view *v, struct body_confirmation *out)
{
    const char *text;

    *out = (struct body_confirmation){ .text = "" };
    out->child.v = id_of(v, "child");
    out->disputed = strcmp(word(v, "result", WORDS("confirmed", "disputed")), "disputed") == 0;
    text = json_opt_str(v, "text", BODY_REASON_BYTES);
    check_text(v, "text", text, 400, true);
    if (text)
        out->text = text;
    if (out->disputed && !out->text[0])
        json_view_blame(v, JSON_FAULT_MISSING, "text");
    return json_view_end(v);
}

enum err body_confirm_many(struct json_view *v, struct body_confirm_many *out)
{
    const json_t *list = json_get_array(v, "lessons", BODY_CONFIRM_MAX);
    size_t n = json_array_size(list);

    *out = (struct body_confirm_many){ 0 };
    if (v->fault == JSON_FAULT_NONE && n == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "lessons");
    for (size_t i = 0; i < n && v->fault == JSON_FAULT_NONE; i++) {
        const json_t *item = json_array_get(list, i);
        int64_t id = json_is_integer(item) ? (int64_t)json_integer_value(item) : 0;

        if (!json_is_integer(item))
            json_view_blame(v, JSON_FAULT_TYPE, "lessons");
        else if (id < 1 || id > BODY_ID_MAX)
            json_view_blame(v, JSON_FAULT_RANGE, "lessons");
        for (size_t k = 0; k < i; k++) {
            if (out->lessons[k].v == id)
                json_view_blame(v, JSON_FAULT_RANGE, "lessons");
        }
        out->lessons[i].v = id;
        out->lessons_n = (int)i + 1;
    }
    return json_view_end(v);
}

enum err body_me(struct json_view *v, struct body_me *out)
{
    out->locale = opt_word(v, "locale", WORDS("ru", "en"));
    out->animal = opt_word(v, "animal", WORDS("fox", "owl", "bear"));
    out->theme = opt_word(v, "theme", WORDS("system", "light", "dark"));
    out->hand = opt_word(v, "hand", WORDS("right", "left"));
    return json_view_end(v);
}

enum err body_not_today(struct json_view *v, struct body_not_today *out)
{
    out->lesson.v = opt_id(v, "lesson");
    out->child.v = opt_id(v, "child");
    return json_view_end(v);
}

enum err body_ready(struct json_view *v, struct body_ready *out)
{
    static const char *const results[] = { "ok", "failed", "blocked", "skipped" };

    out->sound = word(v, "sound", results, 4);
    out->voice = word(v, "voice", results, 4);
    out->camera = word(v, "camera", results, 4);
    out->path = word(v, "path", WORDS("udp", "websocket", "none"));
    out->lesson.v = opt_id(v, "lesson");
    out->rtt_ms = json_opt_int(v, "rtt_ms", 0, 60000, -1);
    out->loss_permille = json_opt_int(v, "loss_permille", 0, 1000, -1);
    return json_view_end(v);
}

static enum path_device device(struct json_view *v, const char *name)
{
    enum path_device d = PATH_DEVICE_UNKNOWN;

    (void)path_device_parse(word(v, name, WORDS("unknown", "present", "blocked", "missing")), &d);
    return d;
}

static int figure(struct json_view *v, const char *name, int max)
{
    return (int)json_opt_int(v, name, 0, max, PATH_UNKNOWN);
}

enum err body_path(struct json_view *v, struct path_figures *out)
{
    const char *fault;
    struct path_figures f = {
        .udp = json_get_bool(v, "udp"),
        .websocket = json_get_bool(v, "websocket"),
        .rtt_ms = figure(v, "rtt_ms", PATH_RTT_MAX_MS),
        .loss_permille = figure(v, "loss_permille", PATH_LOSS_MAX_PERMILLE),
        .up_kbps = figure(v, "up_kbps", PATH_RATE_MAX_KBPS),
        .down_kbps = figure(v, "down_kbps", PATH_RATE_MAX_KBPS),
        .microphone = device(v, "microphone"),
        .camera = device(v, "camera"),
        .loudspeaker = device(v, "loudspeaker"),
    };

    if (json_view_end(v))
        return ERR_PARSE;
    fault = path_fault(&f);
    if (fault) {
        json_view_blame(v, json_has(v, fault) ? JSON_FAULT_RANGE : JSON_FAULT_MISSING, fault);
        return ERR_PARSE;
    }
    *out = f;
    return ERR_OK;
}

enum err body_help(struct json_view *v, struct body_help *out)
{
    const char *code;

    *out = (struct body_help){ .code = "" };
    out->place = word(v, "place", WORDS("home", "door", "ready", "room", "log"));
    code = json_opt_str(v, "code", 32);
    for (const char *p = code; p && *p; p++) {
        if ((*p < 'a' || *p > 'z') && *p != '_') {
            json_view_blame(v, JSON_FAULT_MALFORMED, "code");
            break;
        }
    }
    if (code)
        out->code = code;
    out->lesson.v = opt_id(v, "lesson");
    return json_view_end(v);
}

/* ---- parts ---------------------------------------------------------------------------------- */

int64_t body_id(struct json_view *v, const char *name)
{
    return id_of(v, name);
}

int64_t body_opt_id(struct json_view *v, const char *name)
{
    return opt_id(v, name);
}

void body_when(struct json_view *v, struct body_when *out)
{
    when(v, out);
}

const char *body_reason(struct json_view *v)
{
    return reason(v);
}

const char *body_opt_name(struct json_view *v, const char *name, size_t max_bytes, size_t max_chars)
{
    const char *s = json_opt_str(v, name, max_bytes);

    if (s && v->fault == JSON_FAULT_NONE && !str_name_ok(s, max_chars))
        json_view_blame(v, chars_of(s) > max_chars ? JSON_FAULT_TOO_LONG : JSON_FAULT_MALFORMED,
                        name);
    return s;
}

const char *body_text(struct json_view *v, const char *name, size_t max_bytes, size_t max_chars)
{
    const char *s = json_get_str(v, name, max_bytes);

    check_text(v, name, s, max_chars, true);
    return s;
}

const char *body_word(struct json_view *v, const char *name, const char *const *words, size_t n)
{
    return word(v, name, words, n);
}

int body_clock(struct json_view *v, const char *name)
{
    const char *s = json_get_str(v, name, 5);
    int hour = 0, minute = 0;

    if (v->fault == JSON_FAULT_NONE && !clock_of(s, &hour, &minute))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
    return hour * 60 + minute;
}
