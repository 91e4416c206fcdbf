/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading and writing of STUN Binding messages; see stun.h.
 */
#include "server/rtc/stun.h"

#include <openssl/crypto.h>
#include <string.h>

/* Attribute types: RFC 8489 section 18.3, RFC 8445 section 16.1. Those below 0x8000 must be
 * understood by the receiver. */
enum {
    ATTR_MAPPED_ADDRESS = 0x0001,
    ATTR_USERNAME = 0x0006,
    ATTR_MESSAGE_INTEGRITY = 0x0008,
    ATTR_ERROR_CODE = 0x0009,
    ATTR_UNKNOWN_ATTRIBUTES = 0x000A,
    ATTR_XOR_MAPPED_ADDRESS = 0x0020,
    ATTR_PRIORITY = 0x0024,
    ATTR_USE_CANDIDATE = 0x0025,
    ATTR_FINGERPRINT = 0x8028,
    ATTR_ICE_CONTROLLED = 0x8029,
    ATTR_ICE_CONTROLLING = 0x802A,
};

#define ATTR_HEADER_BYTES 4
#define OPTIONAL_FROM 0x8000
#define INTEGRITY_ATTR_BYTES (ATTR_HEADER_BYTES + HMAC_SHA1_BYTES)
#define FINGERPRINT_ATTR_BYTES (ATTR_HEADER_BYTES + 4)
#define FINGERPRINT_XOR 0x5354554Eu /* RFC 8489 section 14.7 */

/* CRC-32 of ITU V.42, four bits at a time. */
static uint32_t crc32(const uint8_t *data, size_t len)
{
    static const uint32_t nibble[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < len; i++) {
        crc ^= data[i];
        crc = crc >> 4 ^ nibble[crc & 15];
        crc = crc >> 4 ^ nibble[crc & 15];
    }
    return ~crc;
}

/* The four header bytes before the cookie, with the length field a message that ends `end` bytes
 * from its start would have: tags are computed as if nothing followed them (sections 14.5, 14.7).
 */
static void head_with_length(const uint8_t *data, size_t end, uint8_t head[4])
{
    size_t body = end - STUN_HEADER_BYTES;

    head[0] = data[0];
    head[1] = data[1];
    head[2] = (uint8_t)(body >> 8);
    head[3] = (uint8_t)body;
}

static void integrity_tag(const uint8_t *data, size_t at, const struct hmac_sha1 *key,
                          uint8_t tag[HMAC_SHA1_BYTES])
{
    uint8_t head[4];

    head_with_length(data, at + INTEGRITY_ATTR_BYTES, head);
    hmac_sha1_tag(key, head, sizeof head, data + sizeof head, at - sizeof head, tag);
}

static void read_xor_address(struct reader *r, const uint8_t *txid, struct addr *out)
{
    uint8_t mask[16] = { 0x21, 0x12, 0xa4, 0x42 };
    struct addr a = { 0 };
    const uint8_t *ip;
    uint8_t family;
    size_t n;

    read_u8(r);
    family = read_u8(r);
    a.port = (uint16_t)(read_u16(r) ^ (STUN_COOKIE >> 16));
    a.family = family == 1 ? 4 : 6; /* RFC 8489 section 14.1 */
    n = family == 1 ? 4 : 16;
    ip = read_bytes(r, n);
    if (!ip || (family != 1 && family != 2)) {
        r->bad = true;
        return;
    }
    memcpy(mask + 4, txid, STUN_TXID_BYTES);
    for (size_t i = 0; i < n; i++)
        a.ip[i] = ip[i] ^ mask[i];
    *out = a;
}

static void read_error_code(struct reader *r, uint16_t *out)
{
    uint32_t word = read_u32(r); /* 21 reserved bits, class, number: section 14.8 */
    uint32_t class = word >> 8 & 7;
    uint32_t number = word & 255;

    if (class < 3 || class > 6 || number > 99)
        r->bad = true;
    else
        *out = (uint16_t)(class * 100 + number);
    r->p = r->end; /* the reason phrase is for people */
}

static void read_tie_breaker(struct reader *r, bool *flag, struct stun_msg *m)
{
    uint64_t v = read_u64(r);

    if (!m->controlling && !m->controlled)
        m->tie_breaker = v;
    *flag = true;
}

/* One attribute's value in r, before MESSAGE-INTEGRITY. False if a known one is malformed. */
static bool read_attribute(uint16_t type, struct reader *r, struct stun_msg *m)
{
    struct addr dup_addr;
    uint16_t dup_code;

    switch (type) {
    case ATTR_USERNAME:
        if (reader_left(r) > STUN_USERNAME_MAX)
            return false;
        if (!m->username) {
            m->username_len = reader_left(r);
            m->username = r->p;
        }
        return true;
    case ATTR_PRIORITY:
        if (m->has_priority)
            return reader_left(r) == 4;
        m->priority = read_u32(r);
        m->has_priority = true;
        break;
    case ATTR_USE_CANDIDATE:
        m->use_candidate = true;
        break;
    case ATTR_ICE_CONTROLLING:
        read_tie_breaker(r, &m->controlling, m);
        break;
    case ATTR_ICE_CONTROLLED:
        read_tie_breaker(r, &m->controlled, m);
        break;
    case ATTR_XOR_MAPPED_ADDRESS:
        read_xor_address(r, m->txid, m->mapped.family ? &dup_addr : &m->mapped);
        break;
    case ATTR_ERROR_CODE:
        read_error_code(r, m->error_code ? &dup_code : &m->error_code);
        break;
    case ATTR_MAPPED_ADDRESS:
    case ATTR_UNKNOWN_ATTRIBUTES:
        return true; /* known, of no use to us */
    default:
        if (type < OPTIONAL_FROM && m->unknown_n < STUN_UNKNOWN_MAX)
            m->unknown[m->unknown_n++] = type;
        return true;
    }
    return !r->bad && reader_left(r) == 0;
}

static bool fingerprint_ok(const uint8_t *data, size_t at, const uint8_t *value)
{
    struct reader r = reader_on(value, 4);

    /* It is the last attribute, so the length field already covers it. */
    return read_u32(&r) == (crc32(data, at) ^ FINGERPRINT_XOR);
}

static bool read_attributes(const uint8_t *data, struct reader *r, struct stun_msg *m)
{
    while (reader_left(r) > 0) {
        size_t at = (size_t)(r->p - data);
        uint16_t type = read_u16(r);
        size_t len = read_u16(r);
        const uint8_t *value = read_bytes(r, len);
        struct reader one;

        read_bytes(r, (4 - len % 4) % 4); /* padding, section 14 */
        if (r->bad)
            return false;
        one = reader_on(value, len);
        if (type == ATTR_FINGERPRINT) {
            if (len != 4 || reader_left(r) != 0 || !fingerprint_ok(data, at, value))
                return false;
            m->fingerprint = true;
        } else if (m->integrity) {
            continue;
        } else if (type == ATTR_MESSAGE_INTEGRITY) {
            if (len != HMAC_SHA1_BYTES)
                return false;
            m->integrity = value;
            m->integrity_at = at;
        } else if (!read_attribute(type, &one, m)) {
            return false;
        }
    }
    return true;
}

enum err stun_parse(const uint8_t *data, size_t len, struct stun_msg *out)
{
    struct reader r = reader_on(data, len);
    struct stun_msg m = { 0 };
    uint16_t type = read_u16(&r);
    size_t body = read_u16(&r);
    uint32_t cookie = read_u32(&r);

    m.txid = read_bytes(&r, STUN_TXID_BYTES);
    if (r.bad || type & 0xc000 || cookie != STUN_COOKIE || body % 4 || body != reader_left(&r))
        return ERR_PARSE;
    /* Method and class are interleaved: section 5, figure 3. */
    m.class = (enum stun_class)((type >> 4 & 1) | (type >> 7 & 2));
    m.method = (uint16_t)((type & 0xf) | (type >> 1 & 0x70) | (type >> 2 & 0xf80));
    if (!read_attributes(data, &r, &m))
        return ERR_PARSE;
    *out = m;
    return ERR_OK;
}

bool stun_integrity_ok(const uint8_t *data, const struct stun_msg *m, const struct hmac_sha1 *key)
{
    uint8_t tag[HMAC_SHA1_BYTES];

    if (!m->integrity)
        return false;
    integrity_tag(data, m->integrity_at, key, tag);
    return CRYPTO_memcmp(tag, m->integrity, sizeof tag) == 0;
}

static struct writer begin(uint8_t *out, size_t cap, uint16_t type, const uint8_t *txid)
{
    struct writer w = writer_on(out, cap);

    write_u16(&w, type);
    write_u16(&w, 0); /* length: by finish() */
    write_u32(&w, STUN_COOKIE);
    write_bytes(&w, txid, STUN_TXID_BYTES);
    return w;
}

static void write_attribute(struct writer *w, uint16_t type, const void *value, size_t len)
{
    static const uint8_t zero[3];

    write_u16(w, type);
    write_u16(w, (uint16_t)len);
    write_bytes(w, value, len);
    write_bytes(w, zero, (4 - len % 4) % 4);
}

/* Adds the two tags and the final length. */
static enum err finish(struct writer *w, const struct hmac_sha1 *key, size_t *len)
{
    uint8_t tag[HMAC_SHA1_BYTES];
    size_t end;

    if (w->full)
        return ERR_NOMEM;
    if (key) {
        integrity_tag(w->start, writer_len(w), key, tag);
        write_attribute(w, ATTR_MESSAGE_INTEGRITY, tag, sizeof tag);
    }
    if (w->full || (size_t)(w->end - w->p) < FINGERPRINT_ATTR_BYTES)
        return ERR_NOMEM;
    end = writer_len(w) + FINGERPRINT_ATTR_BYTES;
    head_with_length(w->start, end, w->start);
    write_u16(w, ATTR_FINGERPRINT);
    write_u16(w, 4);
    write_u32(w, crc32(w->start, end - FINGERPRINT_ATTR_BYTES) ^ FINGERPRINT_XOR);
    *len = writer_len(w);
    return ERR_OK;
}

enum err stun_write_request(const struct stun_request *q, const struct hmac_sha1 *key, uint8_t *out,
                            size_t cap, size_t *len)
{
    struct writer w = begin(out, cap, 0x0001, q->txid);

    write_attribute(&w, ATTR_USERNAME, q->username, strlen(q->username));
    write_u16(&w, ATTR_PRIORITY);
    write_u16(&w, 4);
    write_u32(&w, q->priority);
    write_u16(&w, q->controlled ? ATTR_ICE_CONTROLLED : ATTR_ICE_CONTROLLING);
    write_u16(&w, 8);
    write_u64(&w, q->tie_breaker);
    if (q->use_candidate)
        write_attribute(&w, ATTR_USE_CANDIDATE, "", 0);
    return finish(&w, key, len);
}

enum err stun_write_success(const uint8_t *txid, const struct addr *mapped,
                            const struct hmac_sha1 *key, uint8_t *out, size_t cap, size_t *len)
{
    struct writer w = begin(out, cap, 0x0101, txid);
    size_t n = mapped->family == 4 ? 4 : 16;
    uint8_t mask[16] = { 0x21, 0x12, 0xa4, 0x42 };

    memcpy(mask + 4, txid, STUN_TXID_BYTES);
    write_u16(&w, ATTR_XOR_MAPPED_ADDRESS);
    write_u16(&w, (uint16_t)(4 + n));
    write_u16(&w, mapped->family == 4 ? 1 : 2);
    write_u16(&w, (uint16_t)(mapped->port ^ (STUN_COOKIE >> 16)));
    for (size_t i = 0; i < n; i++)
        write_u8(&w, mapped->ip[i] ^ mask[i]);
    return finish(&w, key, len);
}

enum err stun_write_error(const struct stun_msg *m, uint16_t code, const struct hmac_sha1 *key,
                          uint8_t *out, size_t cap, size_t *len)
{
    struct writer w = begin(out, cap, 0x0111, m->txid);

    write_u16(&w, ATTR_ERROR_CODE);
    write_u16(&w, 4);
    write_u32(&w, (uint32_t)(code / 100 << 8 | code % 100));
    if (code == 420) {
        write_u16(&w, ATTR_UNKNOWN_ATTRIBUTES);
        write_u16(&w, (uint16_t)(m->unknown_n * 2));
        for (size_t i = 0; i < m->unknown_n; i++)
            write_u16(&w, m->unknown[i]);
        if (m->unknown_n % 2)
            write_u16(&w, 0);
    }
    return finish(&w, key, len);
}
