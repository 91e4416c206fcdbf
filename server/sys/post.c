/* SPDX-License-Identifier: Apache-2.0
 *
 * SMTP by libcurl; see post.h. Worker threads.
 */
#include "server/sys/post.h"

#include <curl/curl.h>
#include <string.h>

#include "common/base/str.h"

enum err post_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? ERR_OK : ERR_NOMEM;
}

/* A line of the other side's or of the library's, as far as it may be kept: printable, short. */
static void keep_detail(struct post_outcome *out, const char *text)
{
    size_t n = 0;

    for (; text[n] && text[n] != '\r' && text[n] != '\n' && n + 1 < sizeof out->detail; n++)
        out->detail[n] = text[n] >= ' ' && text[n] < 127 ? text[n] : '?';
    out->detail[n] = '\0';
}

static void set_common(CURL *curl, const char *url, const char *ca_file, char *errors)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)POST_SECONDS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)POST_CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, errors);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* not what some variable says */
    if (ca_file && ca_file[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
}

static size_t drop(char *bytes, size_t size, size_t n, void *arg)
{
    (void)bytes;
    (void)arg;
    return size * n;
}

/* ---- mail ------------------------------------------------------------------------------- */

struct source {
    const char *bytes;
    size_t left;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
    struct source *s = arg;
    size_t take = size * n < s->left ? size * n : s->left;

    memcpy(to, s->bytes, take);
    s->bytes += take;
    s->left -= take;
    return take;
}

/* The last "no" the other side said; its farewell is none. */
static size_t hear(char *bytes, size_t size, size_t n, void *arg)
{
    char line[POST_DETAIL_MAX];
    size_t len = size * n < sizeof line - 1 ? size * n : sizeof line - 1;

    memcpy(line, bytes, len);
    line[len] = '\0';
    if (line[0] == '4' || line[0] == '5')
        keep_detail(arg, line);
    return size * n;
}

static enum post_said smtp_said(CURLcode rc, long code)
{
    if (rc == CURLE_OK)
        return POST_DONE;
    return code >= 500 && code < 600 && rc != CURLE_LOGIN_DENIED ? POST_NEVER : POST_LATER;
}

static void set_mail(CURL *curl, const struct post_smtp *s, struct curl_slist *to,
                     struct source *source, struct post_outcome *out)
{
    bool login = s->user && s->user[0];

    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    /* A password never goes over an open line. */
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(login ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (login) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, s->password);
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, s->from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, source);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)source->left);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, out);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
}

void post_mail(const struct post_smtp *to_server, const char *to, const char *message, size_t len,
               struct post_outcome *out)
{
    struct source source = { message, len };
    char errors[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    struct curl_slist *rcpt = curl ? curl_slist_append(NULL, to) : NULL;
    long code = 0;

    *out = (struct post_outcome){ .said = POST_LATER };
    if (rcpt) {
        CURLcode rc;

        set_common(curl, to_server->url, to_server->ca_file, errors);
        set_mail(curl, to_server, rcpt, &source, out);
        rc = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
        out->said = smtp_said(rc, code);
        out->code = (int)code;
        if (rc == CURLE_OK)
            out->detail[0] = '\0';
        else if (!out->detail[0])
            keep_detail(out, errors[0] ? errors : curl_easy_strerror(rc));
    }
    curl_slist_free_all(rcpt);
    curl_easy_cleanup(curl);
}
