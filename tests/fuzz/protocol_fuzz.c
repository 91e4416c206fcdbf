/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a signalling message, in both directions. What is accepted must
 * come out of the writer in a form that is accepted again, unchanged from then on.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/protocol/protocol.gen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

/* A fault names its field in valid text. */
static void check_fault(const struct sig_fault *f)
{
    require(str_utf8_ok(f->re, strlen(f->re)));
    require(str_utf8_ok(f->field, strlen(f->field)));
    require(*sig_error_name(f->code));
}

static bool client_again(const char *text, size_t len, struct strbuf *out)
{
    struct sig_fault fault;
    struct sig_client m;
    enum err e = sig_client_parse(text, len, &m, &fault);

    if (e == ERR_PARSE)
        check_fault(&fault);
    if (e != ERR_OK)
        return false;
    e = sig_client_write(&m, out);
    sig_client_free(&m);
    return e == ERR_OK; /* unescaped text may be longer than the limit when it is escaped anew */
}

static bool server_again(const char *text, size_t len, struct strbuf *out)
{
    struct sig_fault fault;
    struct sig_server m;
    enum err e = sig_server_parse(text, len, &m, &fault);

    if (e == ERR_PARSE)
        check_fault(&fault);
    if (e != ERR_OK)
        return false;
    e = sig_server_write(&m, out);
    sig_server_free(&m);
    return e == ERR_OK;
}

static void round_trip(const char *text, size_t len,
                       bool (*again)(const char *, size_t, struct strbuf *))
{
    struct strbuf first, second;

    strbuf_init(&first);
    strbuf_init(&second);
    if (again(text, len, &first)) {
        require(again(first.s, first.len, &second));
        require(first.len == second.len && memcmp(first.s, second.s, first.len) == 0);
    }
    strbuf_deinit(&first);
    strbuf_deinit(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    round_trip((const char *)data, size, client_again);
    round_trip((const char *)data, size, server_again);
    return 0;
}
