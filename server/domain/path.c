/* SPDX-License-Identifier: Apache-2.0
 *
 * The verdict of a path test: every figure is judged alone, the worst counts.
 */
#include "server/domain/path.h"

#include <stddef.h>
#include <string.h>

/* A figure up to (of a rate: from) the limit has this verdict; beyond the last one it is CALL_US.
 *
 * Rates: a picture of 640x360 and a voice want some 500 kbit/s, the picture of five frames a second
 * some 150; a voice with its headers takes 45. Loss: at 10 % repeats and FEC still bring at least
 * 97 % of a voice, at 20 % about 90 %. Delay: ITU-T G.114 bears 400 ms one way at most; a talk
 * without stumbling wants half of it. */
struct limits {
    int good, voice_sure, voice_only;
};

static const struct limits rate_kbps = { .good = 500, .voice_sure = 150, .voice_only = 45 };
static const struct limits loss_permille = { .good = 50, .voice_sure = 100, .voice_only = 200 };
static const struct limits rtt_ms = { .good = 400, .voice_sure = 800, .voice_only = 1500 };

static enum path_verdict at_least(int value, const struct limits *l)
{
    if (value == PATH_UNKNOWN || value >= l->good)
        return PATH_GOOD;
    if (value >= l->voice_sure)
        return PATH_VOICE_SURE;
    return value >= l->voice_only ? PATH_VOICE_ONLY : PATH_CALL_US;
}

static enum path_verdict at_most(int value, const struct limits *l)
{
    if (value <= l->good)
        return PATH_GOOD;
    if (value <= l->voice_sure)
        return PATH_VOICE_SURE;
    return value <= l->voice_only ? PATH_VOICE_ONLY : PATH_CALL_US;
}

static enum path_verdict needed(bool there)
{
    return there ? PATH_GOOD : PATH_CALL_US;
}

static bool works(enum path_device d)
{
    return d == PATH_DEVICE_PRESENT || d == PATH_DEVICE_UNKNOWN;
}

struct path_judgement path_judge(const struct path_figures *f)
{
    const struct path_judgement all[] = {
        { needed(f->websocket), PATH_CAUSE_WAY },
        { needed(works(f->microphone)), PATH_CAUSE_MICROPHONE },
        { needed(works(f->loudspeaker)), PATH_CAUSE_LOUDSPEAKER },
        { at_least(f->up_kbps, &rate_kbps), PATH_CAUSE_RATE_UP },
        { at_least(f->down_kbps, &rate_kbps), PATH_CAUSE_RATE_DOWN },
        { at_most(f->loss_permille, &loss_permille), PATH_CAUSE_LOSS },
        { at_most(f->rtt_ms, &rtt_ms), PATH_CAUSE_DELAY },
    };
    struct path_judgement worst = { PATH_GOOD, PATH_CAUSE_NONE };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].verdict > worst.verdict)
            worst = all[i];
    }
    return worst;
}

static bool within(int value, int max, bool wanted)
{
    return wanted ? value >= 0 && value <= max : value == PATH_UNKNOWN;
}

const char *path_fault(const struct path_figures *f)
{
    if (f->udp && !f->websocket)
        return "udp"; /* its offer and answer go over the WebSocket */
    if (!within(f->rtt_ms, PATH_RTT_MAX_MS, f->websocket))
        return "rtt_ms";
    if (!within(f->up_kbps, PATH_RATE_MAX_KBPS, f->websocket))
        return "up_kbps";
    if (!within(f->down_kbps, PATH_RATE_MAX_KBPS, f->websocket))
        return "down_kbps";
    if (f->loss_permille != PATH_UNKNOWN &&
        !within(f->loss_permille, PATH_LOSS_MAX_PERMILLE, f->udp))
        return "loss_permille";
    return NULL;
}

static const char *const verdict_names[] = {
#define X(code, name) [PATH_##code] = name,
    PATH_VERDICT_LIST(X)
#undef X
};

static const char *const cause_names[] = {
#define X(code, name) [PATH_CAUSE_##code] = name,
    PATH_CAUSE_LIST(X)
#undef X
};

static const char *const device_names[] = {
#define X(code, name) [PATH_DEVICE_##code] = name,
    PATH_DEVICE_LIST(X)
#undef X
};

#define COUNT(names) (sizeof(names) / sizeof(names)[0])

static const char *name_of(const char *const *names, size_t n, unsigned i)
{
    return i < n ? names[i] : "unknown";
}

static bool find(const char *const *names, size_t n, const char *name, unsigned *out)
{
    for (unsigned i = 0; name && i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *path_verdict_name(enum path_verdict v)
{
    return name_of(verdict_names, COUNT(verdict_names), (unsigned)v);
}

const char *path_cause_name(enum path_cause c)
{
    return name_of(cause_names, COUNT(cause_names), (unsigned)c);
}

const char *path_device_name(enum path_device d)
{
    return name_of(device_names, COUNT(device_names), (unsigned)d);
}

bool path_verdict_parse(const char *name, enum path_verdict *out)
{
    unsigned i;
    bool found = find(verdict_names, COUNT(verdict_names), name, &i);

    if (found)
        *out = (enum path_verdict)i;
    return found;
}

bool path_cause_parse(const char *name, enum path_cause *out)
{
    unsigned i;
    bool found = find(cause_names, COUNT(cause_names), name, &i);

    if (found)
        *out = (enum path_cause)i;
    return found;
}

bool path_device_parse(const char *name, enum path_device *out)
{
    unsigned i;
    bool found = find(device_names, COUNT(device_names), name, &i);

    if (found)
        *out = (enum path_device)i;
    return found;
}
