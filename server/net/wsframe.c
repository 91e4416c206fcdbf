/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading and writing WebSocket frames. Pure.
 */
#include "server/net/wsframe.h"

#include <openssl/evp.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "common/base/str.h"

void ws_reader_init(struct ws_reader *r)
{
    *r = (struct ws_reader){ 0 };
}

void ws_reader_deinit(struct ws_reader *r)
{
    mem_free(r->text);
    ws_reader_init(r);
}

bool ws_reader_busy(const struct ws_reader *r)
{
    return r->in_message || r->header_len > 0;
}

static enum ws_got fault(struct ws_reader *r, struct ws_event *out, int code)
{
    r->dead = true;
    *out = (struct ws_event){ .code = code };
    return WS_GOT_FAULT;
}

static enum ws_opcode opcode(const struct ws_reader *r)
{
    return (enum ws_opcode)(r->header[0] & 0x0f);
}

static bool is_final(const struct ws_reader *r)
{
    return (r->header[0] & 0x80) != 0;
}

/* Bytes of the header that the first two announce, mask included (section 5.2). */
static size_t header_size(const struct ws_reader *r)
{
    uint8_t seven = r->header[1] & 0x7f;

    return 2 + (seven == 126 ? 2u : seven == 127 ? 8u : 0u) + 4;
}

/* What the first two bytes alone already give away. 0 or the close code. */
static int check_start(const struct ws_reader *r)
{
    uint8_t seven = r->header[1] & 0x7f;

    if (r->header[0] & 0x70) /* reserved bits: no extension was negotiated (5.2) */
        return WS_CLOSE_PROTOCOL;
    if (!(r->header[1] & 0x80)) /* a client must mask (5.1) */
        return WS_CLOSE_PROTOCOL;
    switch (opcode(r)) {
    case WS_OP_CONTINUATION:
        return r->in_message ? 0 : WS_CLOSE_PROTOCOL;
    case WS_OP_TEXT:
        return r->in_message ? WS_CLOSE_PROTOCOL : 0;
    case WS_OP_BINARY:
        if (r->binary_max == 0)
            return WS_CLOSE_UNSUPPORTED;
        return r->in_message ? WS_CLOSE_PROTOCOL : 0;
    case WS_OP_CLOSE:
    case WS_OP_PING:
    case WS_OP_PONG: /* control frames are short and whole (5.5) */
        return is_final(r) && seven <= WS_CONTROL_MAX ? 0 : WS_CLOSE_PROTOCOL;
    default:
        return WS_CLOSE_PROTOCOL;
    }
}

/* The header is whole: its length, checked against every bound. 0 or the close code. */
static int start_payload(struct ws_reader *r)
{
    struct reader in = reader_on(r->header + 1, r->header_len - 1);
    uint64_t len = read_u8(&in) & 0x7f;
    size_t need;
    char *grown;

    if (len == 126) {
        len = read_u16(&in);
        if (len < 126) /* the shortest form is required (5.2) */
            return WS_CLOSE_PROTOCOL;
    } else if (len == 127) {
        len = read_u64(&in);
        if (len <= 0xffff || len > INT64_MAX)
            return WS_CLOSE_PROTOCOL;
    }
    r->left = len;
    r->taken = 0;
    r->control_len = 0;
    if (opcode(r) >= WS_OP_CLOSE)
        return 0;
    if (!r->in_message)
        r->binary = opcode(r) == WS_OP_BINARY;
    if (len > (r->binary ? r->binary_max : WS_MESSAGE_MAX) - r->text_len)
        return WS_CLOSE_TOO_BIG;
    need = r->text_len + (size_t)len + 1;
    if (need > r->text_cap) {
        grown = mem_regrow(r->text, need, 1);
        if (!grown)
            return WS_CLOSE_TRY_LATER;
        r->text = grown;
        r->text_cap = need;
    }
    r->in_message = true;
    return 0;
}

static void take_payload(struct ws_reader *r, const uint8_t *data, size_t len)
{
    const uint8_t *mask = r->header + r->header_len - 4;
    bool control = opcode(r) >= WS_OP_CLOSE;
    char *to = control ? r->control + r->control_len : r->text + r->text_len;

    for (size_t i = 0; i < len; i++)
        to[i] = (char)(data[i] ^ mask[(r->taken + i) & 3]);
    if (control)
        r->control_len += len;
    else
        r->text_len += len;
    r->taken += len;
    r->left -= len;
}

static enum ws_got finish_close(struct ws_reader *r, struct ws_event *out)
{
    struct reader in = reader_on(r->control, r->control_len);
    int code = WS_CLOSE_NORMAL;

    if (r->control_len == 1)
        return fault(r, out, WS_CLOSE_PROTOCOL);
    if (r->control_len >= 2) {
        code = read_u16(&in);
        /* 7.4: 1004-1006 and 1015 never travel, below 1000 and above 4999 mean nothing */
        if (code < 1000 || code > 4999 || (code >= 1004 && code <= 1006) ||
            (code >= 1015 && code < 3000))
            return fault(r, out, WS_CLOSE_PROTOCOL);
        if (!str_utf8_ok(r->control + 2, r->control_len - 2))
            return fault(r, out, WS_CLOSE_BAD_TEXT);
    }
    r->dead = true;
    *out = (struct ws_event){ .code = code };
    return WS_GOT_CLOSE;
}

static enum ws_got finish_frame(struct ws_reader *r, struct ws_event *out)
{
    r->header_len = 0;
    if (opcode(r) >= WS_OP_CLOSE) {
        r->control[r->control_len] = '\0';
        if (opcode(r) == WS_OP_CLOSE)
            return finish_close(r, out);
        *out = (struct ws_event){ .data = r->control, .len = r->control_len };
        return opcode(r) == WS_OP_PING ? WS_GOT_PING : WS_GOT_PONG;
    }
    if (!is_final(r))
        return WS_GOT_FRAME;
    r->in_message = false;
    r->deliver = true;
    r->text[r->text_len] = '\0';
    *out = (struct ws_event){ .data = r->text, .len = r->text_len };
    if (r->binary)
        return WS_GOT_BINARY;
    if (!str_utf8_ok(r->text, r->text_len))
        return fault(r, out, WS_CLOSE_BAD_TEXT);
    return WS_GOT_TEXT;
}

enum ws_got ws_read(struct ws_reader *r, const uint8_t *data, size_t len, size_t *used,
                    struct ws_event *out)
{
    size_t at = 0;
    int code;

    *used = len;
    if (r->dead)
        return WS_GOT_NOTHING;
    if (r->deliver) {
        mem_free(r->text);
        r->text = NULL;
        r->text_len = r->text_cap = 0;
        r->deliver = false;
    }
    while (at < len) {
        size_t payload;

        if (r->header_len < 2 || r->header_len < header_size(r)) {
            r->header[r->header_len++] = data[at++];
            code = r->header_len == 2 ? check_start(r) : 0;
            if (!code && r->header_len >= 2 && r->header_len == header_size(r))
                code = start_payload(r);
            if (code)
                return fault(r, out, code);
            if (r->header_len < 2 || r->header_len < header_size(r) || r->left > 0)
                continue;
        }
        payload = len - at < r->left ? len - at : (size_t)r->left;
        take_payload(r, data + at, payload);
        at += payload;
        if (r->left == 0) {
            *used = at;
            return finish_frame(r, out);
        }
    }
    return WS_GOT_NOTHING;
}

size_t ws_write_header(uint8_t *out, enum ws_opcode op, size_t payload)
{
    struct writer w = writer_on(out, WS_HEADER_MAX);

    write_u8(&w, (uint8_t)(0x80 | op));
    if (payload < 126) {
        write_u8(&w, (uint8_t)payload);
    } else if (payload <= 0xffff) {
        write_u8(&w, 126);
        write_u16(&w, (uint16_t)payload);
    } else {
        write_u8(&w, 127);
        write_u64(&w, payload);
    }
    return writer_len(&w);
}

bool ws_accept_key(const char *key, char out[29])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char raw[18], sha[EVP_MAX_MD_SIZE];
    char joined[24 + sizeof guid];
    unsigned sha_len = 0;

    /* 16 bytes in base64 are 22 characters and "==" */
    if (strlen(key) != 24 || strcmp(key + 22, "==") != 0 ||
        EVP_DecodeBlock(raw, (const unsigned char *)key, 24) != (int)sizeof raw)
        return false;
    memcpy(joined, key, 24);
    memcpy(joined + 24, guid, sizeof guid);
    if (!EVP_Digest(joined, 24 + sizeof guid - 1, sha, &sha_len, EVP_sha1(), NULL) || sha_len != 20)
        return false;
    EVP_EncodeBlock((unsigned char *)out, sha, 20);
    return true;
}
