/* SPDX-License-Identifier: Apache-2.0
 *
 * Signed messages by libcurl; see hook.h.
 */
#include "server/sys/hook.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/sys/random.h"

#define PREFIX "whsec_"

static const char *const whys[] = {
#define X(code, name) [HOOK_WHY_##code] = name,
    HOOK_WHY_LIST(X)
#undef X
};

const char *hook_why_name(enum hook_why w)
{
    return whys[w];
}

/* ---- the signature ---------------------------------------------------------------------- */

enum err hook_secret_new(char out[HOOK_SECRET_CHARS + 1])
{
    uint8_t key[HOOK_KEY_BYTES];
    enum err e = random_bytes(key, sizeof key);

    if (e)
        return e;
    memcpy(out, PREFIX, sizeof PREFIX - 1);
    EVP_EncodeBlock((unsigned char *)out + sizeof PREFIX - 1, key, sizeof key);
    OPENSSL_cleanse(key, sizeof key);
    return ERR_OK;
}

/* *n bytes of key. */
static bool key_of(const char *secret, uint8_t key[HOOK_KEY_MAX + 3], size_t *n)
{
    size_t len;
    int got;

    if (strncmp(secret, PREFIX, sizeof PREFIX - 1) != 0)
        return false;
    secret += sizeof PREFIX - 1;
    len = strlen(secret);
    if (len == 0 || len % 4 != 0 || len / 4 * 3 > HOOK_KEY_MAX + 2)
        return false;
    got = EVP_DecodeBlock(key, (const unsigned char *)secret, (int)len);
    if (got <= 0)
        return false;
    got -= secret[len - 1] == '='; /* padding is decoded as zeros */
    got -= secret[len - 2] == '=';
    *n = (size_t)got;
    return got > 0 && got <= HOOK_KEY_MAX;
}

enum err hook_sign(const char *secret, const char *id, int64_t at_s, const char *body,
                   char out[HOOK_SIGNATURE_CHARS + 1])
{
    uint8_t key[HOOK_KEY_MAX + 3], mac[EVP_MAX_MD_SIZE];
    struct strbuf text;
    unsigned len = 0;
    size_t n = 0;
    enum err e = key_of(secret, key, &n) ? ERR_OK : ERR_PARSE;

    strbuf_init(&text);
    if (!e) {
        strbuf_printf(&text, "%s.%lld.%s", id, (long long)at_s, body);
        if (!strbuf_ok(&text) ||
            !HMAC(EVP_sha256(), key, (int)n, (const unsigned char *)text.s, text.len, mac, &len))
            e = ERR_NOMEM;
    }
    if (!e) {
        memcpy(out, "v1,", 3);
        EVP_EncodeBlock((unsigned char *)out + 3, mac, (int)len);
    }
    strbuf_deinit(&text);
    OPENSSL_cleanse(key, sizeof key);
    return e;
}

/* ---- whom to call ----------------------------------------------------------------------- */

static bool v4_public(const unsigned char *b)
{
    if (b[0] == 0 || b[0] == 10 || b[0] == 127 || b[0] >= 224)
        return false; /* this network, private, this machine, multicast and above */
    if (b[0] == 100 && (b[1] & 0xc0) == 64)
        return false; /* carrier NAT, RFC 6598 */
    if ((b[0] == 169 && b[1] == 254) || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
        (b[0] == 192 && b[1] == 168))
        return false; /* link-local RFC 3927, private RFC 1918 */
    if (b[0] == 192 && b[1] == 0 && (b[2] == 0 || b[2] == 2))
        return false; /* IETF, documentation */
    if ((b[0] == 198 && (b[1] & 0xfe) == 18) || (b[0] == 198 && b[1] == 51 && b[2] == 100) ||
        (b[0] == 203 && b[1] == 0 && b[2] == 113))
        return false;                                  /* benchmarks, documentation */
    return !(b[0] == 192 && b[1] == 88 && b[2] == 99); /* 6to4 relays, RFC 7526 */
}

bool hook_address_public(const unsigned char *b, size_t len)
{
    if (len == 4)
        return v4_public(b);
    /* 2000::/3 is what is handed out: not ::1, mapped, NAT64, unique local, link-local, multicast
     */
    if (len != 16 || (b[0] & 0xe0) != 0x20)
        return false;
    if (b[0] == 0x20 && b[1] == 0x02)
        return false; /* 6to4 */
    if (b[0] == 0x20 && b[1] == 0x01 && ((b[2] & 0xfe) == 0 || (b[2] == 0x0d && b[3] == 0xb8)))
        return false; /* Teredo and other IETF uses, documentation */
    return !(b[0] == 0x3f && b[1] == 0xff && (b[2] & 0xf0) == 0); /* documentation, RFC 9637 */
}

/* ---- a try ------------------------------------------------------------------------------ */

struct attempt {
    bool inside;
    bool closed; /* an address was refused */
    bool cut;    /* the answer is too long */
    size_t bytes;
};

/* Each address that a name led to passes here, just before it is called. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct attempt *t = arg;
    bool ok = false;

    (void)purpose;
    if (a->family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, &a->addr, sizeof in);
        ok = t->inside || hook_address_public((const unsigned char *)&in.sin_addr, 4);
    } else if (a->family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, (const void *)&a->addr, sizeof in6);
        ok = t->inside || hook_address_public(in6.sin6_addr.s6_addr, 16);
    }
    t->closed |= !ok;
    return ok ? socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol) : CURL_SOCKET_BAD;
}

/* Head and body: counted, not kept. */
static size_t drop(char *bytes, size_t size, size_t n, void *arg)
{
    struct attempt *t = arg;

    (void)bytes;
    t->bytes += size * n;
    t->cut = t->bytes > HOOK_ANSWER_MAX;
    return t->cut ? 0 : size * n;
}

static enum hook_why why_of(const struct attempt *t, CURLcode rc)
{
    if (t->cut)
        return HOOK_WHY_LONG;
    switch (rc) {
    case CURLE_OPERATION_TIMEDOUT:
        return HOOK_WHY_SLOW;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_URL_MALFORMAT:
        return HOOK_WHY_NAME;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
        return HOOK_WHY_TLS;
    default:
        return t->closed ? HOOK_WHY_CLOSED : HOOK_WHY_LINE;
    }
}

static void judge(const struct attempt *t, CURLcode rc, struct hook_outcome *out)
{
    out->said = HOOK_LATER;
    if (rc != CURLE_OK) {
        out->why = why_of(t, rc);
    } else if (out->code >= 200 && out->code < 300) {
        out->said = HOOK_DONE;
    } else if (out->code == 410) {
        out->said = HOOK_GONE;
        out->why = HOOK_WHY_GONE;
    } else {
        out->why = out->code >= 300 && out->code < 400 ? HOOK_WHY_REDIRECT : HOOK_WHY_ANSWER;
    }
}

static struct curl_slist *lines_of(const struct hook_call *c)
{
    struct curl_slist *lines = curl_slist_append(NULL, "Content-Type: application/json");
    struct strbuf b;

    for (int i = 0; lines && i < 4; i++) {
        struct curl_slist *more;

        strbuf_init(&b);
        if (i == 0)
            strbuf_printf(&b, "webhook-id: %s", c->id);
        else if (i == 1)
            strbuf_printf(&b, "webhook-timestamp: %lld", (long long)c->at_s);
        else if (i == 2)
            strbuf_printf(&b, "webhook-signature: %s", c->signatures);
        else
            strbuf_puts(&b, "Expect:"); /* no waiting for a permission to send so little */
        more = strbuf_ok(&b) ? curl_slist_append(lines, b.s) : NULL;
        strbuf_deinit(&b);
        if (!more)
            curl_slist_free_all(lines);
        lines = more;
    }
    return lines;
}

static void set_all(CURL *curl, const struct hook_call *c, struct attempt *t,
                    struct curl_slist *lines)
{
    curl_easy_setopt(curl, CURLOPT_URL, c->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)HOOK_SECONDS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)HOOK_CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* not what some variable says */
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (c->ca_file && c->ca_file[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, c->ca_file);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Parta");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(c->body));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, c->body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
}

void hook_post(const struct hook_call *c, struct hook_outcome *out)
{
    struct attempt t = { .inside = c->inside };
    CURL *curl = curl_easy_init();
    struct curl_slist *lines = lines_of(c);

    *out = (struct hook_outcome){ .said = HOOK_LATER, .why = HOOK_WHY_LINE };
    if (curl && lines) {
        curl_off_t took_us = 0;
        long code = 0;
        CURLcode rc;

        set_all(curl, c, &t, lines);
        rc = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME_T, &took_us);
        *out = (struct hook_outcome){ .code = (int)code, .took_ms = (int64_t)(took_us / 1000) };
        judge(&t, rc, out);
    }
    curl_slist_free_all(lines);
    curl_easy_cleanup(curl);
}
