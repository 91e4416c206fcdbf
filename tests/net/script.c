/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading the script of an impaired line: words of a line, one after another,
 * against a table of settings.
 */
#include "tests/net/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/str.h"

#define WORDS_MAX 24
#define NUMBER_MAX 1000000000 /* whole part of any number */
#define DELAY_MAX_US (60 * US_PER_S)
#define RATE_MAX_BPS 1000000000
#define QUEUE_DEFAULT_US (300 * US_PER_MS)

const char script_help[] =
    "A script has one change per line; # begins a comment. Times never go back.\n"
    "\n"
    "  at TIME up|down|both WORD...   from TIME on; what is not named stays as it is\n"
    "  at TIME rebind                 another source port towards the server (impair-proxy)\n"
    "\n"
    "up is from the clients to the server. At 0s the line is perfect. The words:\n"
    "  clear              a perfect line again\n"
    "  outage             nothing passes, what is on the way is lost; outage=off ends it\n"
    "  loss=5%            random loss\n"
    "  burst=5%/4         5 % loss in bursts of 4 packets on average (Gilbert); burst=5%/4/80%:\n"
    "                     a burst loses 80 % (Gilbert-Elliott); burst=off\n"
    "  burst=5%/80ms      in bursts of 80 ms on average, however many packets; also with /80%\n"
    "  delay=100ms        one way\n"
    "  jitter=20ms        delay varies evenly by as much as this, and never more than delay;\n"
    "                     packets keep their order\n"
    "  order=free         jitter may change the order; order=keep\n"
    "  reorder=2%/30ms    2 % of the packets come 30 ms later than their neighbours\n"
    "  duplicate=1%       come out twice\n"
    "  rate=300k          bits per second with all headers; k or M; rate=off\n"
    "  queue=300ms        waits before the rate at most so long, then drops; or queue=20kB,\n"
    "                     queue=9000B. Default 300ms\n"
    "  drop=udp           does not pass: udp, tcp, stun (of UDP); drop=none\n"
    "\n"
    "  at 0s  both rate=1500k delay=30ms\n"
    "  at 30s up rate=300k\n"
    "  at 60s both outage\n"
    "  at 90s both outage=off\n";

struct parse {
    struct impair_script *script;
    char *why;
    int line;
    char *words[WORDS_MAX];
    int words_n;
    struct impair_settings now[IMPAIR_DIRECTIONS]; /* what holds after the lines so far */
    unsigned seen;                                 /* settings of this line, as bits */
};

static bool refuse(struct parse *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Always false. */
static bool refuse(struct parse *p, const char *fmt, ...)
{
    char text[SCRIPT_WHY_MAX - 32];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (!str_format(p->why, SCRIPT_WHY_MAX, "line %d: %s", p->line, text))
        p->why[0] = '\0';
    return false;
}

/* A decimal number, at most three places, as thousandths; *rest behind it. False: none. */
static bool number(const char *s, int64_t *thousandths, const char **rest)
{
    int64_t v = 0, place = 100;
    const char *at = s;

    for (; *at >= '0' && *at <= '9'; at++) {
        v = v * 10 + (*at - '0');
        if (v > NUMBER_MAX)
            return false;
    }
    if (at == s)
        return false;
    v *= 1000;
    if (*at == '.') {
        at++;
        if (!(*at >= '0' && *at <= '9'))
            return false;
        for (; *at >= '0' && *at <= '9'; at++, place /= 10) {
            if (place == 0)
                return false;
            v += (*at - '0') * place;
        }
    }
    *thousandths = v;
    *rest = at;
    return true;
}

static bool time_of(const char *s, int64_t max_us, int64_t *us)
{
    int64_t v;
    const char *unit;

    if (!number(s, &v, &unit))
        return false;
    if (strcmp(unit, "s") == 0)
        v *= US_PER_MS; /* thousandths of a second */
    else if (strcmp(unit, "min") == 0)
        v *= 60 * US_PER_MS;
    else if (strcmp(unit, "ms") != 0)
        return false;
    if (v > max_us)
        return false;
    *us = v;
    return true;
}

static bool share_of(const char *s, double *share)
{
    int64_t v;
    const char *unit;

    if (!number(s, &v, &unit) || strcmp(unit, "%") != 0 || v > 100000)
        return false;
    *share = (double)v / 100000;
    return true;
}

static bool off(const char *s)
{
    return strcmp(s, "off") == 0;
}

/* Cuts s at the first '/'; the part behind it, or NULL. */
static char *cut(char *s)
{
    char *slash = strchr(s, '/');

    if (slash)
        *slash++ = '\0';
    return slash;
}

/* Each takes one value into one direction; false: does not understand it. */

static bool take_loss(struct impair_settings *s, char *v)
{
    return share_of(v, &s->loss);
}

/* The share of time in the bad state is loss / burst_loss; the mean stay in it is the length. */
static bool take_burst(struct impair_settings *s, char *v)
{
    char *length = cut(v), *within = length ? cut(length) : NULL;
    double loss, in_bad = 1, share;
    int64_t packets, us = 0;
    const char *rest;

    if (off(v) && !length) {
        s->burst_enter = s->burst_leave = s->burst_loss = 0;
        return true;
    }
    if (!length || !share_of(v, &loss) || (within && !share_of(within, &in_bad)) || loss <= 0 ||
        loss >= in_bad)
        return false;
    share = loss / in_bad;
    s->burst_loss = in_bad;
    s->burst_share = share;
    s->burst_us = 0;
    if (time_of(length, DELAY_MAX_US, &us)) {
        s->burst_us = us;
        return us >= US_PER_MS;
    }
    if (!number(length, &packets, &rest) || *rest || packets < 1000)
        return false;
    s->burst_leave = 1000 / (double)packets;
    s->burst_enter = s->burst_leave * share / (1 - share);
    return s->burst_enter <= 1;
}

static bool take_delay(struct impair_settings *s, char *v)
{
    return time_of(v, DELAY_MAX_US, &s->delay_us);
}

static bool take_jitter(struct impair_settings *s, char *v)
{
    return time_of(v, DELAY_MAX_US, &s->jitter_us);
}

static bool take_order(struct impair_settings *s, char *v)
{
    s->overtake = strcmp(v, "free") == 0;
    return s->overtake || strcmp(v, "keep") == 0;
}

static bool take_reorder(struct impair_settings *s, char *v)
{
    char *by = cut(v);

    if (off(v) && !by) {
        s->reorder = 0;
        return true;
    }
    return by && share_of(v, &s->reorder) && time_of(by, DELAY_MAX_US, &s->reorder_us) &&
           s->reorder_us > 0;
}

static bool take_duplicate(struct impair_settings *s, char *v)
{
    return share_of(v, &s->duplicate);
}

static bool take_rate(struct impair_settings *s, char *v)
{
    int64_t rate;
    const char *unit;

    if (off(v)) {
        s->rate_bps = 0;
        return true;
    }
    if (!number(v, &rate, &unit))
        return false;
    if (strcmp(unit, "M") == 0)
        rate *= 1000;
    else if (strcmp(unit, "k") != 0)
        return false;
    if (rate < 1000 || rate > RATE_MAX_BPS)
        return false;
    s->rate_bps = rate;
    return true;
}

static bool take_queue(struct impair_settings *s, char *v)
{
    int64_t bytes;
    const char *unit;

    if (time_of(v, DELAY_MAX_US, &s->queue_us)) {
        s->queue_bytes = 0;
        return s->queue_us > 0;
    }
    if (!number(v, &bytes, &unit))
        return false;
    if (strcmp(unit, "B") == 0)
        bytes /= 1000;
    else if (strcmp(unit, "kB") != 0)
        return false;
    s->queue_bytes = bytes;
    return bytes > 0 && bytes <= RATE_MAX_BPS;
}

static bool take_outage(struct impair_settings *s, char *v)
{
    s->outage = !*v;
    return !*v || off(v);
}

static bool take_drop(struct impair_settings *s, char *v)
{
    static const struct {
        const char *name;
        unsigned kinds;
    } names[] = {
        { "udp", IMPAIR_UDP }, { "tcp", IMPAIR_TCP }, { "stun", IMPAIR_STUN }, { "none", 0 }
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(v, names[i].name) == 0) {
            s->drop = names[i].kinds;
            return true;
        }
    }
    return false;
}

static bool take_clear(struct impair_settings *s, char *v)
{
    *s = (struct impair_settings){ 0 };
    return !*v;
}

static const struct word {
    const char *name;
    bool (*take)(struct impair_settings *s, char *v);
    bool bare; /* may stand without a value */
    const char *like;
} words[] = {
    { "clear", take_clear, true, "alone, without a value" },
    { "outage", take_outage, true, "alone, or outage=off" },
    { "loss", take_loss, false, "like loss=5%, up to 100%" },
    { "burst", take_burst, false,
      "like burst=5%/4, burst=5%/4/80% or burst=5%/80ms: more than 0 %, less than a burst loses, "
      "and not so much that bursts would touch" },
    { "delay", take_delay, false, "like delay=100ms, up to 60s" },
    { "jitter", take_jitter, false, "like jitter=20ms, up to 60s" },
    { "order", take_order, false, "order=keep or order=free" },
    { "reorder", take_reorder, false, "like reorder=2%/30ms, or reorder=off" },
    { "duplicate", take_duplicate, false, "like duplicate=1%, up to 100%" },
    { "rate", take_rate, false, "like rate=300k or rate=1.5M, 1k to 1000M, or rate=off" },
    { "queue", take_queue, false, "like queue=300ms or queue=20kB" },
    { "drop", take_drop, false, "drop=udp, drop=tcp, drop=stun or drop=none" },
};
#define WORDS_N (sizeof words / sizeof *words)

static bool take_word(struct parse *p, char *text, bool to[IMPAIR_DIRECTIONS])
{
    char *value = strchr(text, '='), copy[SCRIPT_LINE_MAX];

    if (value)
        *value++ = '\0';
    for (size_t i = 0; i < WORDS_N; i++) {
        if (strcmp(text, words[i].name) != 0)
            continue;
        if (p->seen & 1u << i)
            return refuse(p, "%s stands twice", text);
        p->seen |= 1u << i;
        if (!value != words[i].bare && !(value && *value))
            return refuse(p, "%s must be %s", text, words[i].like);
        for (int d = 0; d < IMPAIR_DIRECTIONS; d++) {
            if (!str_copy(copy, sizeof copy, value ? value : "") ||
                (to[d] && !words[i].take(&p->now[d], copy)))
                return refuse(p, "%s must be %s", text, words[i].like);
        }
        return true;
    }
    return refuse(p, "\"%s\" is no word of a script (see --help)", text);
}

/* What no single word can tell. */
static bool check(struct parse *p, struct impair_settings *s)
{
    if (s->jitter_us > s->delay_us)
        return refuse(p, "jitter is more than delay: packets would come before they were sent");
    if (s->rate_bps && !s->queue_us && !s->queue_bytes)
        s->queue_us = QUEUE_DEFAULT_US;
    return true;
}

static bool take_line(struct parse *p)
{
    struct impair_script *script = p->script;
    struct impair_step *step;
    bool to[IMPAIR_DIRECTIONS] = { false };
    int64_t at;

    if (strcmp(p->words[0], "at") != 0)
        return refuse(p, "begins with \"%s\" instead of at", p->words[0]);
    if (p->words_n < 3)
        return refuse(p, "must be like: at 10s up loss=5%%");
    if (!time_of(p->words[1], SCRIPT_TIME_MAX_US, &at))
        return refuse(p, "\"%s\" is no time such as 10s, 500ms or 1.5min, up to 24 hours",
                      p->words[1]);
    if (script->n > 0 && at < script->steps[script->n - 1].at_us)
        return refuse(p, "%s is before the line ahead of it", p->words[1]);
    if (script->n == SCRIPT_STEPS_MAX)
        return refuse(p, "more than %d changes", SCRIPT_STEPS_MAX);
    step = &script->steps[script->n];
    *step = (struct impair_step){ .at_us = at, .line = p->line };
    if (strcmp(p->words[2], "rebind") == 0) {
        if (p->words_n > 3)
            return refuse(p, "rebind takes nothing behind it");
        step->rebind = true;
        script->rebinds++;
        script->n++;
        return true;
    }
    to[IMPAIR_UP] = strcmp(p->words[2], "up") == 0 || strcmp(p->words[2], "both") == 0;
    to[IMPAIR_DOWN] = strcmp(p->words[2], "down") == 0 || strcmp(p->words[2], "both") == 0;
    if (!to[IMPAIR_UP] && !to[IMPAIR_DOWN])
        return refuse(p, "\"%s\" is neither up, down, both nor rebind", p->words[2]);
    if (p->words_n == 3)
        return refuse(p, "changes nothing");
    p->seen = 0;
    for (int i = 3; i < p->words_n; i++) {
        if (!take_word(p, p->words[i], to))
            return false;
    }
    if (!check(p, &p->now[IMPAIR_UP]) || !check(p, &p->now[IMPAIR_DOWN]))
        return false;
    step->settings[IMPAIR_UP] = p->now[IMPAIR_UP];
    step->settings[IMPAIR_DOWN] = p->now[IMPAIR_DOWN];
    script->n++;
    return true;
}

/* Cuts the line into words. False: refused. */
static bool split(struct parse *p, char *line)
{
    char *at = line;

    p->words_n = 0;
    for (;;) {
        at += strspn(at, " \t\r");
        if (!*at || *at == '#')
            return true;
        if (p->words_n == WORDS_MAX)
            return refuse(p, "more than %d words", WORDS_MAX);
        p->words[p->words_n++] = at;
        at += strcspn(at, " \t\r");
        if (*at)
            *at++ = '\0';
    }
}

/* Printable ASCII and tabs, so that a refusal can quote any word. */
static bool plain(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((s[i] < ' ' || s[i] > '~') && s[i] != '\t' && s[i] != '\r')
            return false;
    }
    return true;
}

enum err script_parse(const char *text, size_t len, struct impair_script *out,
                      char why[SCRIPT_WHY_MAX])
{
    struct parse p = { .script = out, .why = why };
    char line[SCRIPT_LINE_MAX];
    size_t at = 0;

    out->n = out->rebinds = 0;
    while (at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        size_t n = end ? (size_t)(end - text) - at : len - at;
        const char *comment = memchr(text + at, '#', n);
        size_t told = comment ? (size_t)(comment - text) - at : n; /* comments: any language */

        p.line++;
        if (told >= sizeof line || !plain(text + at, told)) {
            refuse(&p,
                   told >= sizeof line ? "longer than %d characters"
                                       : "has a character that is no plain text",
                   SCRIPT_LINE_MAX - 1);
            return ERR_PARSE;
        }
        memcpy(line, text + at, told);
        line[told] = '\0';
        if (!split(&p, line) || (p.words_n > 0 && !take_line(&p)))
            return ERR_PARSE;
        at += n + 1;
    }
    return ERR_OK;
}
