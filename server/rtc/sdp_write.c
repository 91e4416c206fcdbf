/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing SDP: the answer of the server and the offer of native peers.
 */
#include "server/rtc/sdp.h"

#include <inttypes.h>
#include <string.h>

#define CANDIDATE_PRIORITY 2130706431u /* host, component 1: RFC 8445 5.1.2.1 */

static enum sdp_direction mirror(enum sdp_direction d)
{
    if (d == SDP_SENDONLY || d == SDP_SENDRECV)
        return SDP_RECVONLY;
    return d == SDP_RECVONLY ? SDP_SENDONLY : SDP_INACTIVE;
}

void sdp_answer_media(const struct sdp_media *offer, struct sdp_media *answer)
{
    struct sdp_media a = *offer;

    a.direction = mirror(offer->direction);
    a.rejected = offer->rejected || offer->kind == SDP_OTHER || offer->pt == 0;
    a.red_pt = 0;  /* doubles the bitrate of a voice; in-band FEC does for less */
    a.fir = false; /* PLI says the same to one sender */
    a.ssrc = a.rtx_ssrc = 0;
    a.cname[0] = a.msid[0] = '\0';
    a.ext[SDP_EXT_ABS_SEND_TIME] = 0;
    if (a.direction == SDP_RECVONLY) {
        a.transport_cc = offer->transport_cc && offer->ext[SDP_EXT_TRANSPORT_CC];
        a.remb = false;
        if (!a.transport_cc)
            a.ext[SDP_EXT_TRANSPORT_CC] = 0;
        if (a.rids_n == 0 || a.ext[SDP_EXT_RID] == 0) {
            a.rids_n = 0;
            a.ext[SDP_EXT_RID] = a.ext[SDP_EXT_REPAIRED_RID] = 0;
        }
    } else {
        /* What we send carries a bare header, for its receiver knows the SSRC from the answer, but
         * for the number that lets it report what came. */
        uint8_t cc = offer->transport_cc ? offer->ext[SDP_EXT_TRANSPORT_CC] : 0;

        memset(a.ext, 0, sizeof a.ext);
        a.ext[SDP_EXT_TRANSPORT_CC] = cc;
        a.transport_cc = cc != 0;
        a.rids_n = 0;
    }
    *answer = a;
}

static void write_address(struct strbuf *b, const struct addr *a)
{
    if (a->family == 4) {
        strbuf_printf(b, "%u.%u.%u.%u", a->ip[0], a->ip[1], a->ip[2], a->ip[3]);
        return;
    }
    for (int i = 0; i < 16; i += 2)
        strbuf_printf(b, "%s%x", i ? ":" : "", (unsigned)a->ip[i] << 8 | a->ip[i + 1]);
}

static void write_transport(const struct sdp_session *s, struct strbuf *b, bool first)
{
    static const char *const setups[] = { "actpass", "active", "passive" };

    strbuf_printf(b, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 ", s->ice.ufrag,
                  s->ice.pwd);
    for (int i = 0; i < PEER_FINGERPRINT_BYTES; i++)
        strbuf_printf(b, "%s%02X", i ? ":" : "", s->fingerprint[i]);
    strbuf_printf(b, "\r\na=setup:%s\r\n", setups[s->setup]);
    if (!first || s->candidate.family == 0)
        return;
    strbuf_printf(b, "a=candidate:1 1 udp %u ", CANDIDATE_PRIORITY);
    write_address(b, &s->candidate);
    strbuf_printf(b, " %u typ host\r\na=end-of-candidates\r\n", s->candidate.port);
}

static void write_codec(const struct sdp_media *m, struct strbuf *b)
{
    if (m->kind == SDP_AUDIO) {
        strbuf_printf(b, "a=rtpmap:%u opus/48000/2\r\n", m->pt);
        strbuf_printf(b, "a=fmtp:%u minptime=10;useinbandfec=1%s\r\n", m->pt,
                      m->direction == SDP_SENDONLY ? "" : ";usedtx=1");
    } else {
        strbuf_printf(b, "a=rtpmap:%u VP8/90000\r\n", m->pt);
    }
    if (m->nack)
        strbuf_printf(b, "a=rtcp-fb:%u nack\r\n", m->pt);
    if (m->pli)
        strbuf_printf(b, "a=rtcp-fb:%u nack pli\r\n", m->pt);
    if (m->fir)
        strbuf_printf(b, "a=rtcp-fb:%u ccm fir\r\n", m->pt);
    if (m->transport_cc)
        strbuf_printf(b, "a=rtcp-fb:%u transport-cc\r\n", m->pt);
    if (m->remb)
        strbuf_printf(b, "a=rtcp-fb:%u goog-remb\r\n", m->pt);
    if (m->rtx_pt)
        strbuf_printf(b, "a=rtpmap:%u rtx/%u\r\na=fmtp:%u apt=%u\r\n", m->rtx_pt,
                      m->kind == SDP_AUDIO ? 48000u : 90000u, m->rtx_pt, m->pt);
}

static void write_simulcast(const struct sdp_media *m, struct strbuf *b, const char *way)
{
    if (m->rids_n == 0)
        return;
    for (int i = 0; i < m->rids_n; i++)
        strbuf_printf(b, "a=rid:%s %s\r\n", m->rids[i], way);
    strbuf_printf(b, "a=simulcast:%s ", way);
    for (int i = 0; i < m->rids_n; i++)
        strbuf_printf(b, "%s%s", i ? ";" : "", m->rids[i]);
    strbuf_puts(b, "\r\n");
}

static void write_ssrcs(const struct sdp_media *m, struct strbuf *b)
{
    if (m->msid[0])
        strbuf_printf(b, "a=msid:%s %s-%s\r\n", m->msid, m->msid,
                      m->kind == SDP_AUDIO ? "a" : m->mid);
    if (m->ssrc == 0 || m->cname[0] == '\0')
        return;
    if (m->rtx_ssrc)
        strbuf_printf(b, "a=ssrc-group:FID %" PRIu32 " %" PRIu32 "\r\n", m->ssrc, m->rtx_ssrc);
    strbuf_printf(b, "a=ssrc:%" PRIu32 " cname:%s\r\n", m->ssrc, m->cname);
    if (m->rtx_ssrc)
        strbuf_printf(b, "a=ssrc:%" PRIu32 " cname:%s\r\n", m->rtx_ssrc, m->cname);
}

static const char *kind_word(enum sdp_kind k)
{
    return k == SDP_AUDIO ? "audio" : k == SDP_VIDEO ? "video" : "application";
}

static void write_media(const struct sdp_session *s, const struct sdp_media *m, struct strbuf *b,
                        bool first)
{
    static const char *const directions[] = { "sendrecv", "sendonly", "recvonly", "inactive" };

    if (m->rejected) { /* the line keeps its place (RFC 3264 section 6) */
        if (m->kind == SDP_OTHER)
            strbuf_puts(b, "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n");
        else
            strbuf_printf(b, "m=%s 0 UDP/TLS/RTP/SAVPF %u\r\n", kind_word(m->kind), m->pt);
        strbuf_puts(b, "c=IN IP4 0.0.0.0\r\n");
        if (m->mid[0])
            strbuf_printf(b, "a=mid:%s\r\n", m->mid);
        strbuf_puts(b, "a=inactive\r\n");
        return;
    }
    strbuf_printf(b, "m=%s 9 UDP/TLS/RTP/SAVPF %u", kind_word(m->kind), m->pt);
    if (m->rtx_pt)
        strbuf_printf(b, " %u", m->rtx_pt);
    strbuf_printf(b, "\r\nc=IN IP4 0.0.0.0\r\na=mid:%s\r\n", m->mid);
    write_transport(s, b, first);
    strbuf_printf(b, "a=%s\r\na=rtcp-mux\r\n", directions[m->direction]);
    if (m->rsize)
        strbuf_puts(b, "a=rtcp-rsize\r\n");
    for (int e = 0; e < SDP_EXT_COUNT; e++)
        if (m->ext[e])
            strbuf_printf(b, "a=extmap:%u %s\r\n", m->ext[e], sdp_ext_uri((enum sdp_ext)e));
    write_codec(m, b);
    write_simulcast(m, b, m->direction == SDP_RECVONLY ? "recv" : "send");
    write_ssrcs(m, b);
}

/* A session number that differs between connections (RFC 8866 5.2 wants it unique): FNV-1a. */
static uint64_t session_number(const char *ufrag)
{
    uint64_t h = 14695981039346656037u;

    for (; *ufrag; ufrag++)
        h = (h ^ (uint8_t)*ufrag) * 1099511628211u;
    return h >> 2;
}

void sdp_write(const struct sdp_session *session, struct strbuf *b)
{
    bool first = true;

    strbuf_printf(b, "v=0\r\no=- %" PRIu64 " 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
                  session_number(session->ice.ufrag));
    if (session->ice_lite)
        strbuf_puts(b, "a=ice-lite\r\n");
    strbuf_puts(b, "a=group:BUNDLE");
    for (int i = 0; i < session->media_n; i++)
        if (!session->media[i].rejected)
            strbuf_printf(b, " %s", session->media[i].mid);
    strbuf_puts(b, "\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS *\r\n");
    for (int i = 0; i < session->media_n; i++) {
        write_media(session, &session->media[i], b, first);
        first = first && session->media[i].rejected;
    }
}
