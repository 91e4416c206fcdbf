/* SPDX-License-Identifier: Apache-2.0
 *
 * Recognising a file by its structure; see upload.h.
 */
#include "server/domain/upload.h"

#include <stdbool.h>
#include <string.h>

/* The bounded reader: what lies behind the end reads as 0 and sticks. */
struct reader {
    const uint8_t *bytes;
    size_t len, at;
    bool failed;
};

static size_t left(const struct reader *r)
{
    return r->failed ? 0 : r->len - r->at;
}

static bool skip(struct reader *r, size_t n)
{
    if (n > left(r)) {
        r->failed = true;
        return false;
    }
    r->at += n;
    return true;
}

static uint8_t u8(struct reader *r)
{
    return skip(r, 1) ? r->bytes[r->at - 1] : 0;
}

static uint32_t u16(struct reader *r)
{
    uint32_t high = u8(r);

    return high << 8 | u8(r);
}

static uint32_t u32(struct reader *r)
{
    uint32_t high = u16(r);

    return high << 16 | u16(r);
}

static bool takes(struct reader *r, const char *mark, size_t n)
{
    return skip(r, n) && memcmp(r->bytes + r->at - n, mark, n) == 0;
}

/* ---- PDF ------------------------------------------------------------------------------------ */

#define PDF_TAIL 1024 /* the end mark stands within the last 1024 bytes (annex H.3.18) */

static bool contains(const uint8_t *bytes, size_t len, const char *mark)
{
    size_t n = strlen(mark);

    for (size_t i = 0; i + n <= len; i++)
        if (memcmp(bytes + i, mark, n) == 0)
            return true;
    return false;
}

static bool digit(uint8_t ch)
{
    return ch >= '0' && ch <= '9';
}

/* The mark at the very first byte: a file that is something else as well does not begin with it. */
static bool is_pdf(const uint8_t *bytes, size_t len)
{
    size_t tail = len < PDF_TAIL ? len : PDF_TAIL;

    return len > 8 && memcmp(bytes, "%PDF-", 5) == 0 && (bytes[5] == '1' || bytes[5] == '2') &&
           bytes[6] == '.' && digit(bytes[7]) && contains(bytes + len - tail, tail, "startxref") &&
           contains(bytes + len - tail, tail, "%%EOF");
}

/* ---- PNG ------------------------------------------------------------------------------------ */

static bool is_header(struct reader chunk)
{
    uint32_t width = u32(&chunk), height = u32(&chunk);

    return width > 0 && height > 0;
}

/* Chunks from IHDR to IEND, at least one IDAT between, nothing behind. */
static bool is_png(const uint8_t *bytes, size_t len)
{
    struct reader r = { bytes, len, 0, false };
    bool data = false;

    if (!takes(&r, "\x89PNG\r\n\x1a\n", 8))
        return false;
    for (bool first = true;; first = false) {
        uint32_t size = u32(&r);
        const uint8_t *name = bytes + r.at;
        struct reader body;

        if (!skip(&r, 4))
            return false;
        body = r;
        if (first && (size != 13 || memcmp(name, "IHDR", 4) != 0 || !is_header(body)))
            return false;
        if (!skip(&r, size) || !skip(&r, 4)) /* its CRC is a decoder's business */
            return false;
        data = data || memcmp(name, "IDAT", 4) == 0;
        if (memcmp(name, "IEND", 4) == 0)
            return data && size == 0 && left(&r) == 0;
    }
}

/* ---- JPEG ----------------------------------------------------------------------------------- */

#define JPEG_EOI 0xd9
#define JPEG_SOS 0xda

/* Of marks from 0xc0 on: SOF0-SOF15 without DHT, JPG and DAC, which share their numbers. */
static bool is_frame(uint8_t mark)
{
    return mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc;
}

/* The next mark: a run of 0xff and one other byte. 0: there is none. */
static uint8_t next_mark(struct reader *r)
{
    uint8_t ch = u8(r);

    if (ch != 0xff)
        return 0;
    while (ch == 0xff)
        ch = u8(r);
    return ch;
}

/* Past the coded data of a scan, to the 0xff of the mark behind it. */
static void skip_scan(struct reader *r)
{
    while (left(r) >= 2) {
        uint8_t next = r->bytes[r->at + 1];

        if (r->bytes[r->at] == 0xff && next != 0 && (next < 0xd0 || next > 0xd7))
            return;
        r->at++;
    }
    r->failed = true;
}

/* Segments from SOI over a frame and a scan to EOI. Telephones put more behind it; that is left to
 * them, the type it is handed out with is ours. */
static bool is_jpeg(const uint8_t *bytes, size_t len)
{
    struct reader r = { bytes, len, 0, false };
    bool frame = false, scan = false;

    if (!takes(&r, "\xff\xd8", 2))
        return false;
    while (!r.failed) {
        uint8_t mark = next_mark(&r);
        uint32_t size;

        if (mark == JPEG_EOI)
            return frame && scan;
        if (mark < 0xc0 || (mark >= 0xd0 && mark <= 0xd8))
            return false;
        size = u16(&r);
        if (size < 2 || !skip(&r, size - 2))
            return false;
        frame = frame || is_frame(mark);
        if (mark == JPEG_SOS) {
            scan = true;
            skip_scan(&r);
        }
    }
    return false;
}

enum upload_type upload_type_of(const uint8_t *bytes, size_t len)
{
    if (is_pdf(bytes, len))
        return UPLOAD_PDF;
    if (is_png(bytes, len))
        return UPLOAD_PNG;
    if (is_jpeg(bytes, len))
        return UPLOAD_JPEG;
    return UPLOAD_UNKNOWN;
}

/* ---- names ---------------------------------------------------------------------------------- */

static const struct {
    const char *name, *mime, *ending;
} types[] = {
#define X(code, name, mime, ending) [UPLOAD_##code] = { name, mime, ending },
    UPLOAD_LIST(X)
#undef X
};

#define TYPES (sizeof types / sizeof types[0])

const char *upload_name(enum upload_type t)
{
    return types[(size_t)t < TYPES ? t : UPLOAD_UNKNOWN].name;
}

enum upload_type upload_parse(const char *name)
{
    for (size_t i = 0; i < TYPES; i++)
        if (strcmp(types[i].name, name) == 0)
            return (enum upload_type)i;
    return UPLOAD_UNKNOWN;
}

const char *upload_mime(enum upload_type t)
{
    return types[(size_t)t < TYPES ? t : UPLOAD_UNKNOWN].mime;
}

const char *upload_ending(enum upload_type t)
{
    return types[(size_t)t < TYPES ? t : UPLOAD_UNKNOWN].ending;
}
