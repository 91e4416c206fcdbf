/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading SDP: one pass over the lines, one small table of payload types for
 * the media description at hand, no allocation.
 */
#include "server/rtc/sdp.h"

#include <string.h>

#define PTS 128
#define ICE_UFRAG_MIN 4 /* RFC 8445 5.3 */
#define ICE_PWD_MIN 22
#define EXT_ID_MAX 14 /* what fits the one-byte form, RFC 8285 4.2 */

enum codec { CODEC_NONE, CODEC_OPUS, CODEC_VP8, CODEC_RTX, CODEC_RED };

enum { FB_NACK = 1, FB_PLI = 2, FB_FIR = 4, FB_TWCC = 8, FB_REMB = 16 };

/* A piece of the text, not NUL-terminated. */
struct span {
    const char *s;
    size_t len;
};

/* What is known of the payload types of the current media description. */
struct types {
    uint8_t order[PTS]; /* as the m= line lists them */
    int order_n;
    uint8_t codec[PTS];
    uint8_t apt[PTS]; /* RTX: the type it repeats; PTS = none */
    uint8_t fb[PTS];
    uint8_t fb_all; /* a=rtcp-fb:* */
    bool mux;
    bool port_zero, bundle_only;
};

struct parse {
    struct sdp_session *out;
    struct sdp_media *media; /* current, NULL at session level */
    struct types types;
    struct span bundle; /* the mids of a=group:BUNDLE */
    bool has_bundle, has_fingerprint, has_ufrag, has_pwd, has_setup, has_candidate;
    enum sdp_direction session_direction;
    enum err fault;
    const char *why;
};

static const char *const ext_uris[SDP_EXT_COUNT] = {
    [SDP_EXT_MID] = "urn:ietf:params:rtp-hdrext:sdes:mid",
    [SDP_EXT_RID] = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    [SDP_EXT_REPAIRED_RID] = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    [SDP_EXT_AUDIO_LEVEL] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    [SDP_EXT_TRANSPORT_CC] =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    [SDP_EXT_ABS_SEND_TIME] = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
};

const char *sdp_ext_uri(enum sdp_ext e)
{
    return ext_uris[e];
}

static void fail(struct parse *p, enum err e, const char *why)
{
    if (p->fault == ERR_OK) {
        p->fault = e;
        p->why = why;
    }
}

static bool is(struct span a, const char *word)
{
    return a.len == strlen(word) && memcmp(a.s, word, a.len) == 0;
}

static bool is_nocase(struct span a, const char *word)
{
    if (a.len != strlen(word))
        return false;
    for (size_t i = 0; i < a.len; i++)
        if ((a.s[i] >= 'A' && a.s[i] <= 'Z' ? a.s[i] + 32 : a.s[i]) != word[i])
            return false;
    return true;
}

/* Takes prefix off the front of a, if it is there. */
static bool skip(struct span *a, const char *prefix)
{
    size_t n = strlen(prefix);

    if (a->len < n || memcmp(a->s, prefix, n) != 0)
        return false;
    a->s += n;
    a->len -= n;
    return true;
}

/* Cuts off and returns what stands before the first sep (all of it if there is none). */
static struct span cut(struct span *a, char sep)
{
    const char *at = a->len ? memchr(a->s, sep, a->len) : NULL;
    struct span head = { a->s, at ? (size_t)(at - a->s) : a->len };
    size_t used = head.len + (at ? 1 : 0);

    a->s += used;
    a->len -= used;
    return head;
}

/* Decimal digits only, at most max. */
static bool number(struct span a, uint64_t max, uint64_t *out)
{
    uint64_t v = 0;

    if (a.len == 0 || a.len > 19)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (a.s[i] < '0' || a.s[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(a.s[i] - '0');
    }
    if (v > max)
        return false;
    *out = v;
    return true;
}

static bool payload_type(struct span a, uint8_t *out)
{
    uint64_t v;

    if (!number(a, PTS - 1, &v))
        return false;
    *out = (uint8_t)v;
    return true;
}

/* Copies a, if every character is a letter, a digit or one of extra. */
static bool take_word(char *dst, size_t cap, struct span a, const char *extra)
{
    if (a.len == 0 || a.len >= cap)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        char c = a.s[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr(extra, c))))
            return false;
    }
    memcpy(dst, a.s, a.len);
    dst[a.len] = '\0';
    return true;
}

/* RFC 4566 token characters that real mids, rids, cnames and stream ids use. */
#define WORD_CHARS "-_.+{}!#$%&'*^`|~/=@:"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void read_fingerprint(struct parse *p, struct span a)
{
    struct span hash = cut(&a, ' ');
    uint8_t bytes[PEER_FINGERPRINT_BYTES];

    if (p->has_fingerprint || !is_nocase(hash, "sha-256"))
        return;
    if (a.len != sizeof bytes * 3 - 1) {
        fail(p, ERR_PARSE, "fingerprint");
        return;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        int high = hex_digit(a.s[i * 3]), low = hex_digit(a.s[i * 3 + 1]);

        if (high < 0 || low < 0 || (i + 1 < sizeof bytes && a.s[i * 3 + 2] != ':')) {
            fail(p, ERR_PARSE, "fingerprint");
            return;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    memcpy(p->out->fingerprint, bytes, sizeof bytes);
    p->has_fingerprint = true;
}

static void read_ice(struct parse *p, struct span a, char *dst, size_t min, bool *has)
{
    if (*has)
        return;
    if (a.len < min || !take_word(dst, PEER_CREDENTIAL_MAX + 1, a, "+/")) {
        fail(p, ERR_PARSE, "ice credentials");
        return;
    }
    *has = true;
}

static void read_setup(struct parse *p, struct span a)
{
    if (p->has_setup)
        return;
    p->has_setup = true;
    if (is(a, "actpass"))
        p->out->setup = SDP_SETUP_ACTPASS;
    else if (is(a, "active"))
        p->out->setup = SDP_SETUP_ACTIVE;
    else if (is(a, "passive"))
        p->out->setup = SDP_SETUP_PASSIVE;
    else
        fail(p, ERR_PARSE, "setup");
}

static bool read_ipv4(struct span a, uint8_t *ip)
{
    for (int i = 0; i < 4; i++) {
        struct span part = cut(&a, '.');
        uint64_t v;

        if (!number(part, 255, &v))
            return false;
        ip[i] = (uint8_t)v;
    }
    return a.len == 0;
}

/* foundation component transport priority address port typ ... (RFC 8839 5.1). Only the answer's
 * first IPv4 UDP candidate matters; a server that is ICE-lite ignores those of an offer. */
static void read_candidate(struct parse *p, struct span a)
{
    struct span component, transport, address;
    struct addr c = { .family = 4 };
    uint64_t port;

    cut(&a, ' ');
    component = cut(&a, ' ');
    transport = cut(&a, ' ');
    cut(&a, ' ');
    address = cut(&a, ' ');
    if (p->has_candidate || !is(component, "1") || !is_nocase(transport, "udp") ||
        !read_ipv4(address, c.ip) || !number(cut(&a, ' '), 65535, &port))
        return;
    c.port = (uint16_t)port;
    p->out->candidate = c;
    p->has_candidate = true;
}

static void read_rtpmap(struct types *t, struct span a)
{
    struct span pt = cut(&a, ' '), name = cut(&a, '/');
    uint8_t n;

    if (!payload_type(pt, &n))
        return;
    if (is_nocase(name, "opus") && is(a, "48000/2"))
        t->codec[n] = CODEC_OPUS;
    else if (is_nocase(name, "vp8") && is(a, "90000"))
        t->codec[n] = CODEC_VP8;
    else if (is_nocase(name, "rtx"))
        t->codec[n] = CODEC_RTX;
    else if (is_nocase(name, "red") && is(a, "48000/2"))
        t->codec[n] = CODEC_RED;
    else
        t->codec[n] = CODEC_NONE;
}

static void read_fmtp(struct types *t, struct span a)
{
    struct span pt = cut(&a, ' ');
    uint8_t n, apt;

    if (!payload_type(pt, &n))
        return;
    while (a.len) {
        struct span option = cut(&a, ';');

        skip(&option, " ");
        if (skip(&option, "apt=") && payload_type(option, &apt))
            t->apt[n] = apt;
    }
}

static void read_feedback(struct types *t, struct span a)
{
    struct span pt = cut(&a, ' ');
    uint8_t bit = 0, n;

    if (is(a, "nack"))
        bit = FB_NACK;
    else if (is(a, "nack pli"))
        bit = FB_PLI;
    else if (is(a, "ccm fir"))
        bit = FB_FIR;
    else if (is(a, "transport-cc"))
        bit = FB_TWCC;
    else if (is(a, "goog-remb"))
        bit = FB_REMB;
    if (is(pt, "*"))
        t->fb_all |= bit;
    else if (payload_type(pt, &n))
        t->fb[n] |= bit;
}

static void read_extmap(struct sdp_media *m, struct span a)
{
    struct span id = cut(&a, ' '), uri = cut(&a, ' ');
    uint64_t v;

    id = cut(&id, '/'); /* a direction may follow the number */
    if (!number(id, EXT_ID_MAX, &v) || v == 0)
        return;
    for (int e = 0; e < SDP_EXT_COUNT; e++)
        if (is(uri, ext_uris[e]))
            m->ext[e] = (uint8_t)v;
}

/* send q;h;f (RFC 8853 5.1): first alternative of each, '~' (paused) dropped. */
static void read_simulcast(struct sdp_media *m, struct span a)
{
    struct span list;

    cut(&a, ' ');
    list = cut(&a, ' ');
    m->rids_n = 0;
    while (list.len && m->rids_n < SDP_RIDS_MAX) {
        struct span one = cut(&list, ';'), rid = cut(&one, ',');

        skip(&rid, "~");
        if (take_word(m->rids[m->rids_n], sizeof m->rids[0], rid, "-_"))
            m->rids_n++;
    }
}

static void read_ssrc(struct sdp_media *m, struct span a)
{
    struct span id = cut(&a, ' ');
    uint64_t v;

    if (!number(id, UINT32_MAX, &v) || v == 0)
        return;
    if (m->ssrc == 0)
        m->ssrc = (uint32_t)v;
    if (skip(&a, "cname:") && m->cname[0] == '\0' &&
        !take_word(m->cname, sizeof m->cname, a, WORD_CHARS))
        m->cname[0] = '\0';
}

static void read_ssrc_group(struct sdp_media *m, struct span a)
{
    uint64_t first, second;

    if (!skip(&a, "FID ") || m->rtx_ssrc || !number(cut(&a, ' '), UINT32_MAX, &first) ||
        !number(cut(&a, ' '), UINT32_MAX, &second) || !first || !second)
        return;
    m->ssrc = (uint32_t)first;
    m->rtx_ssrc = (uint32_t)second;
}

static bool read_direction(struct span a, enum sdp_direction *out)
{
    static const char *const words[] = { "sendrecv", "sendonly", "recvonly", "inactive" };

    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (is(a, words[i])) {
            *out = (enum sdp_direction)i;
            return true;
        }
    return false;
}

static void read_media_attribute(struct parse *p, struct span a)
{
    struct sdp_media *m = p->media;

    if (read_direction(a, &m->direction))
        return;
    if (is(a, "rtcp-mux"))
        p->types.mux = true;
    else if (is(a, "rtcp-rsize"))
        m->rsize = true;
    else if (is(a, "bundle-only"))
        p->types.bundle_only = true;
    else if (skip(&a, "rtpmap:"))
        read_rtpmap(&p->types, a);
    else if (skip(&a, "fmtp:"))
        read_fmtp(&p->types, a);
    else if (skip(&a, "rtcp-fb:"))
        read_feedback(&p->types, a);
    else if (skip(&a, "extmap:"))
        read_extmap(m, a);
    else if (skip(&a, "simulcast:"))
        read_simulcast(m, a);
    else if (skip(&a, "ssrc:"))
        read_ssrc(m, a);
    else if (skip(&a, "ssrc-group:"))
        read_ssrc_group(m, a);
    else if (skip(&a, "msid:")) {
        if (!take_word(m->msid, sizeof m->msid, cut(&a, ' '), WORD_CHARS))
            m->msid[0] = '\0';
    } else if (skip(&a, "mid:")) {
        if (m->mid[0] || !take_word(m->mid, sizeof m->mid, a, WORD_CHARS))
            fail(p, ERR_PARSE, "mid");
    }
}

static void read_attribute(struct parse *p, struct span a)
{
    struct span group = a;

    if (skip(&a, "fingerprint:"))
        read_fingerprint(p, a);
    else if (skip(&a, "ice-ufrag:"))
        read_ice(p, a, p->out->ice.ufrag, ICE_UFRAG_MIN, &p->has_ufrag);
    else if (skip(&a, "ice-pwd:"))
        read_ice(p, a, p->out->ice.pwd, ICE_PWD_MIN, &p->has_pwd);
    else if (skip(&a, "setup:"))
        read_setup(p, a);
    else if (skip(&a, "candidate:"))
        read_candidate(p, a);
    else if (is(a, "ice-lite"))
        p->out->ice_lite = true;
    else if (p->media)
        read_media_attribute(p, a);
    else if (skip(&group, "group:BUNDLE ") && !p->has_bundle) {
        p->has_bundle = true;
        p->bundle = group;
    } else {
        (void)read_direction(a, &p->session_direction);
    }
}

static bool bundled(struct parse *p, const char *mid)
{
    struct span list = p->bundle;

    while (list.len)
        if (is(cut(&list, ' '), mid))
            return true;
    return false;
}

static void choose_payload_types(struct sdp_media *m, const struct types *t)
{
    enum codec wanted = m->kind == SDP_AUDIO ? CODEC_OPUS : CODEC_VP8;
    uint8_t fb;

    for (int i = 0; i < t->order_n && !m->pt; i++)
        if (t->codec[t->order[i]] == wanted)
            m->pt = t->order[i];
    if (!m->pt)
        return;
    for (int i = 0; i < t->order_n; i++) {
        uint8_t pt = t->order[i];

        if (t->codec[pt] == CODEC_RTX && t->apt[pt] == m->pt && !m->rtx_pt)
            m->rtx_pt = pt;
        if (t->codec[pt] == CODEC_RED && !m->red_pt)
            m->red_pt = pt;
    }
    fb = t->fb[m->pt] | t->fb_all;
    m->nack = fb & FB_NACK;
    m->pli = fb & FB_PLI;
    m->fir = fb & FB_FIR;
    m->transport_cc = fb & FB_TWCC;
    m->remb = fb & FB_REMB;
}

/* Closes the media description at hand. */
static void end_media(struct parse *p)
{
    struct sdp_media *m = p->media;

    if (!m)
        return;
    m->rejected = p->types.port_zero && !p->types.bundle_only;
    if (m->kind != SDP_OTHER)
        choose_payload_types(m, &p->types);
    if (m->rejected) {
        if (!m->pt && p->types.order_n > 0)
            m->pt = p->types.order[0]; /* a refused line need not say what its formats are */
        return;
    }
    if (m->mid[0] == '\0')
        fail(p, ERR_PROTO, "mid missing");
    else if (!bundled(p, m->mid))
        fail(p, ERR_PROTO, "not bundled");
    else if (m->kind != SDP_OTHER && !p->types.mux)
        fail(p, ERR_PROTO, "rtcp-mux missing");
    for (const struct sdp_media *o = p->out->media; o < m; o++)
        if (strcmp(o->mid, m->mid) == 0)
            fail(p, ERR_PARSE, "mid twice");
}

static void read_media(struct parse *p, struct span a)
{
    struct span kind, port;
    uint64_t v;

    end_media(p);
    if (p->out->media_n == SDP_MEDIA_MAX) {
        fail(p, ERR_PARSE, "too many media lines");
        return;
    }
    p->media = &p->out->media[p->out->media_n++];
    memset(&p->types, 0, sizeof p->types);
    memset(p->types.apt, PTS, sizeof p->types.apt);
    kind = cut(&a, ' ');
    p->media->kind = is(kind, "audio") ? SDP_AUDIO : is(kind, "video") ? SDP_VIDEO : SDP_OTHER;
    p->media->direction = p->session_direction;
    port = cut(&a, ' ');
    port = cut(&port, '/');
    if (!number(port, 65535, &v)) {
        fail(p, ERR_PARSE, "media line");
        return;
    }
    p->types.port_zero = v == 0;
    cut(&a, ' '); /* the protocol: BUNDLE, rtcp-mux and a fingerprint are checked instead */
    while (a.len && p->types.order_n < PTS && p->media->kind != SDP_OTHER)
        if (payload_type(cut(&a, ' '), &p->types.order[p->types.order_n]))
            p->types.order_n++;
}

static void read_line(struct parse *p, struct span line)
{
    char type;

    if (line.len < 2 || line.s[1] != '=') {
        fail(p, ERR_PARSE, "line");
        return;
    }
    type = line.s[0];
    line.s += 2;
    line.len -= 2;
    if (type == 'm')
        read_media(p, line);
    else if (type == 'a')
        read_attribute(p, line);
}

static void check_session(struct parse *p)
{
    bool used = false;

    end_media(p);
    for (int i = 0; i < p->out->media_n; i++)
        used |= !p->out->media[i].rejected;
    if (!used)
        fail(p, ERR_PROTO, "no media");
    if (!p->has_fingerprint)
        fail(p, ERR_PROTO, "no sha-256 fingerprint");
    if (!p->has_ufrag || !p->has_pwd)
        fail(p, ERR_PROTO, "no ice credentials");
}

enum err sdp_parse(const char *text, size_t len, struct sdp_session *out, const char **why)
{
    struct span rest = { text, len };
    struct parse p = { .out = out };
    int lines = 0;

    memset(out, 0, sizeof *out);
    if (len > SDP_TEXT_MAX)
        fail(&p, ERR_PARSE, "too long");
    else if (memchr(text, '\0', len))
        fail(&p, ERR_PARSE, "zero byte");
    while (p.fault == ERR_OK && rest.len) {
        struct span line = cut(&rest, '\n');

        if (line.len && line.s[line.len - 1] == '\r')
            line.len--;
        if (++lines > SDP_LINES_MAX)
            fail(&p, ERR_PARSE, "too many lines");
        else if (lines == 1 && !is(line, "v=0"))
            fail(&p, ERR_PARSE, "version");
        else if (line.len || rest.len) /* an empty last line is forgiven */
            read_line(&p, line);
    }
    if (p.fault == ERR_OK)
        check_session(&p);
    if (p.fault != ERR_OK) {
        memset(out, 0, sizeof *out);
        if (why)
            *why = p.why;
    }
    return p.fault;
}
