/* SPDX-License-Identifier: Apache-2.0
 *
 * WebSocket framing for a server (RFC 6455 sections 5, 7 and 8.1): text, and
 * binary messages from the moment that they are allowed.
 * Pure: bytes in, whole messages or a close code out. Every bound holds before
 * memory is taken: the length a frame announces is refused, not its last byte.
 * No extension is ever negotiated.
 */
#ifndef PARTA_NET_WSFRAME_H
#define PARTA_NET_WSFRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WS_MESSAGE_MAX 40960 /* protocol.json limits.message_bytes, over all fragments */
#define WS_CONTROL_MAX 125   /* RFC 6455 section 5.5 */
#define WS_HEADER_MAX 10     /* of a frame that the server sends: it never masks */

/* Close codes, RFC 6455 section 7.4.1 */
enum ws_close {
    WS_CLOSE_NORMAL = 1000,
    WS_CLOSE_AWAY = 1001,
    WS_CLOSE_PROTOCOL = 1002,
    WS_CLOSE_UNSUPPORTED = 1003,
    WS_CLOSE_BAD_TEXT = 1007,
    WS_CLOSE_POLICY = 1008,
    WS_CLOSE_TOO_BIG = 1009,
    WS_CLOSE_FAULT = 1011,
    WS_CLOSE_TRY_LATER = 1013,
};

enum ws_opcode {
    WS_OP_CONTINUATION = 0,
    WS_OP_TEXT = 1,
    WS_OP_BINARY = 2,
    WS_OP_CLOSE = 8,
    WS_OP_PING = 9,
    WS_OP_PONG = 10,
};

enum ws_got {
    WS_GOT_NOTHING, /* all bytes are used up, nothing is complete */
    WS_GOT_FRAME,   /* a frame ended that completes nothing: for the rate bucket */
    WS_GOT_TEXT,    /* data, len: one whole message, valid UTF-8 */
    WS_GOT_BINARY,  /* data, len: one whole message */
    WS_GOT_PING,    /* data, len: to be sent back in a pong */
    WS_GOT_PONG,
    WS_GOT_CLOSE, /* code: what the peer closed with, 1000 if it gave none */
    WS_GOT_FAULT, /* code: close with this; the reader is dead */
};

struct ws_event {
    const char *data; /* borrowed until the next call; NUL-terminated */
    size_t len;
    int code;
};

struct ws_reader {
    uint8_t header[14]; /* opcode, length, mask of the frame that is being read */
    size_t header_len;
    uint64_t left;  /* payload bytes of this frame still to come */
    uint64_t taken; /* payload bytes of this frame already seen: place in the mask */
    char *text;     /* owned: message so far, one spare byte for its NUL */
    size_t text_len, text_cap;
    char control[WS_CONTROL_MAX + 1];
    size_t control_len;
    size_t binary_max; /* 0: no binary message is allowed; the owner's to set */
    bool binary;       /* the message in progress */
    bool in_message;   /* a message has begun and not ended */
    bool deliver;      /* text was handed out: forget it at the next call */
    bool dead;
};

void ws_reader_init(struct ws_reader *r);
void ws_reader_deinit(struct ws_reader *r);

/* Reads from data[0..len), at most one event; *used says how many bytes it took. Call again with
 * the rest while *used < len. */
enum ws_got ws_read(struct ws_reader *r, const uint8_t *data, size_t len, size_t *used,
                    struct ws_event *out);

/* True while a message or a frame has begun and not ended: it has a deadline. */
bool ws_reader_busy(const struct ws_reader *r);

/* The header of an unfragmented, unmasked frame into out[WS_HEADER_MAX]; returns its length. */
size_t ws_write_header(uint8_t *out, enum ws_opcode op, size_t payload);

/* Sec-WebSocket-Accept for a key (RFC 6455 section 4.2.2): 28 characters and NUL. False if the key
 * is not 16 bytes of base64. */
bool ws_accept_key(const char *key, char out[29]);

#endif
