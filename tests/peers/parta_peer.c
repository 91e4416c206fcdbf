/* SPDX-License-Identifier: Apache-2.0
 *
 * parta-peer: people who join lessons of a running server by the documented
 * protocol, as browsers do: they sign in by personal links, talk over a real
 * WebSocket (libwebsockets), send a tone and a test picture over WebRTC, and
 * print as JSON what they saw and heard. Sound and pictures are coded once and
 * shared, so that one core carries many. One thread.
 */
#include <errno.h>
#include <getopt.h>
#include <libwebsockets.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/protocol/protocol.gen.h"
#include "tests/peers/seat.h"

#define SEATS_MAX 400
#define TEXT_MAX (SIG_LIMIT_SERVER_MESSAGE_BYTES + 1)
#define PICTURE_KBPS 500
/* Patience with a connection that does not open, and pauses between tries: about a page's. */
#define OPEN_US (3 * US_PER_S)
#define FIRST_PAUSE_US (150 * US_PER_MS)
#define LONGEST_PAUSE_US (2 * US_PER_S)
#define TURN_US 2000 /* pause between two looks at the clock when nothing comes */

static const char help[] =
    "usage: parta-peer --server HOST:PORT [options] LINK[=LESSON]...\n"
    "\n"
    "Each LINK is the token of a personal link (or the whole link); without =LESSON the person\n"
    "goes into the lesson that its day offers next. Prints one JSON object per person.\n"
    "\n"
    "  --server HOST:PORT  where parta serves (TLS)\n"
    "  --seconds S         how long to stay, default 5\n"
    "  --connect ADDRESS   connect there, but speak of HOST\n"
    "  --ca FILE           trusted certificates; --insecure: any certificate will do\n"
    "  --count-only        do not decode, only count: many people on one core\n"
    "  --take-over         take the seat from another device of the same person\n"
    "  --screen            the first person shares its screen too\n"
    "  --voice-only        nobody has a camera\n"
    "  --stay              whose line or media is lost comes back, with the pauses of the page\n"
    "  --events MS         prints what happens as JSON lines, while it happens: seated, "
    "line_lost,\n"
    "                      media_lost; voice and picture behind a pause of MS and more\n"
    "\n"
    "exit status: 0 if everyone got in and stayed, 1 if not, 2 for wrong usage\n";

struct line { /* one person's WebSocket */
    struct seat seat;
    struct lws *wsi;
    char *text; /* the message that is arriving */
    size_t len;
    bool open;
    int tries;
    int64_t at_us; /* next try while there is no connection, else the end of patience with it */
};

static struct {
    struct server_at at;
    struct seat_world world;
    struct line *lines;
    int n;
    double seconds;
} app;

static struct now now_is(int64_t *real_us)
{
    struct timespec mono, real;

    clock_gettime(CLOCK_MONOTONIC, &mono);
    clock_gettime(CLOCK_REALTIME, &real);
    *real_us = (int64_t)real.tv_sec * US_PER_S + real.tv_nsec / 1000;
    return (struct now){ .mono_us = (int64_t)mono.tv_sec * US_PER_S + mono.tv_nsec / 1000,
                         .unix_ms = *real_us / US_PER_MS };
}

/* ---- the WebSocket ---- */

static int add_header(struct lws *wsi, enum lws_token_indexes token, const char *value,
                      unsigned char **p, unsigned char *end)
{
    return lws_add_http_header_by_token(wsi, token, (const unsigned char *)value,
                                        (int)strlen(value), p, end);
}

/* The cookie; and the origin, before which libwebsockets itself would write "http://". */
static int add_headers(struct lws *wsi, const struct line *l, unsigned char **p, unsigned char *end)
{
    char origin[192];

    return !str_format(origin, sizeof origin, "https://%s:%d", app.at.host, app.at.port) ||
           add_header(wsi, WSI_TOKEN_ORIGIN, origin, p, end) ||
           add_header(wsi, WSI_TOKEN_HTTP_COOKIE, l->seat.cookie, p, end);
}

static void arrived(struct line *l, struct lws *wsi, const char *in, size_t len)
{
    int64_t real_us;

    if (l->len + len < TEXT_MAX) {
        memcpy(l->text + l->len, in, len);
        l->len += len;
    }
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
        return;
    l->seat.now = now_is(&real_us);
    l->seat.real_us = real_us;
    seat_heard(&l->seat, l->text, l->len);
    l->len = 0;
}

static int write_one(struct line *l, struct lws *wsi)
{
    char *text = seat_next_text(&l->seat);
    size_t len = text ? strlen(text) : 0;
    unsigned char *padded;
    int n;

    if (!text)
        return 0;
    padded = malloc(LWS_PRE + len);
    if (padded)
        memcpy(padded + LWS_PRE, text, len);
    n = padded ? lws_write(wsi, padded + LWS_PRE, len, LWS_WRITE_TEXT) : -1;
    free(padded);
    mem_free(text);
    if (l->seat.outbox_n > 0)
        lws_callback_on_writable(wsi);
    return n < (int)len ? -1 : 0;
}

/* The connection is gone, or given up: the next try after a pause, half of it random. */
static void line_gone(struct line *l)
{
    int64_t pause = FIRST_PAUSE_US << (l->tries < 5 ? l->tries : 5);

    pause = pause < LONGEST_PAUSE_US ? pause : LONGEST_PAUSE_US;
    l->tries++;
    l->at_us = l->seat.now.mono_us + pause / 2 + (int64_t)(drand48() * (double)pause / 2);
    l->wsi = NULL;
    l->len = 0;
    if (l->open || !app.world.stay)
        seat_lost(&l->seat);
    l->open = false;
}

static int on_line(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t len)
{
    struct line *l = lws_get_opaque_user_data(wsi);

    (void)user;
    if (!l)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
        unsigned char **p = in;

        return add_headers(wsi, l, p, *p + len);
    }
    case LWS_CALLBACK_CLIENT_RECEIVE:
        arrived(l, wsi, in, len);
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return write_one(l, wsi);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        l->open = true;
        l->tries = 0;
        l->at_us = NEVER_US;
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        if (!app.world.stay)
            fprintf(stderr, "person %d: %.*s\n", l->seat.number, (int)len,
                    in ? (const char *)in : "");
        line_gone(l);
        break;
    case LWS_CALLBACK_CLIENT_CLOSED:
        line_gone(l);
        break;
    default:
        break;
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    { .name = SIG_PROTOCOL, .callback = on_line, .rx_buffer_size = 65536 }, { .name = NULL }
};

static bool connect_line(struct lws_context *ctx, struct line *l)
{
    char host[160];
    struct lws_client_connect_info i = { .context = ctx,
                                         .address = app.at.address ? app.at.address : app.at.host,
                                         .port = app.at.port,
                                         .path = SIG_PATH,
                                         .protocol = SIG_PROTOCOL,
                                         .local_protocol_name = SIG_PROTOCOL,
                                         .opaque_user_data = l,
                                         .ssl_connection = LCCSCF_USE_SSL };

    if (!str_format(host, sizeof host, "%s:%d", app.at.host, app.at.port))
        return false;
    i.host = host;
    if (app.at.insecure)
        i.ssl_connection |= LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK |
                            LCCSCF_ALLOW_INSECURE;
    l->wsi = lws_client_connect_via_info(&i);
    return l->wsi != NULL;
}

/* Comes back, or gives up a connection that is dead: nothing of it is heard any more. */
static void look_after(struct lws_context *ctx, struct line *l)
{
    int64_t now_us = l->seat.now.mono_us;

    if (!app.world.stay || l->seat.done)
        return;
    if (l->wsi && (now_us >= l->at_us || (l->open && seat_line_is_dead(&l->seat)))) {
        lws_set_opaque_user_data(l->wsi, NULL);
        lws_set_timeout(l->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
        line_gone(l);
    }
    if (!l->wsi && now_us >= l->at_us) {
        l->at_us = now_us + OPEN_US;
        if (!connect_line(ctx, l) && !l->wsi && l->at_us == now_us + OPEN_US)
            line_gone(l);
    }
}

/* ---- the loop ---- */

static bool turn(struct lws_context *ctx)
{
    struct pollfd fds[SEATS_MAX];
    int64_t real_us;
    struct now now = now_is(&real_us);
    bool busy = false;

    for (int i = 0; i < app.n; i++) {
        struct line *l = &app.lines[i];

        seat_turn(&l->seat, now, real_us);
        look_after(ctx, l);
        if (l->wsi && l->seat.outbox_n > 0)
            lws_callback_on_writable(l->wsi);
        fds[i] = (struct pollfd){ .fd = l->seat.fd, .events = POLLIN };
        busy |= !l->seat.done;
    }
    lws_service(ctx, -1);
    (void)ppoll(fds, (nfds_t)app.n, &(struct timespec){ .tv_nsec = TURN_US * 1000 }, NULL);
    return busy;
}

static void hold(struct lws_context *ctx)
{
    int64_t real_us, end = now_is(&real_us).mono_us + (int64_t)(app.seconds * US_PER_S);

    for (int i = 0; i < app.n; i++) {
        app.lines[i].at_us = app.world.stay ? end - (int64_t)(app.seconds * US_PER_S) : NEVER_US;
        if (!app.world.stay && !connect_line(ctx, &app.lines[i]))
            seat_lost(&app.lines[i].seat);
    }
    while (now_is(&real_us).mono_us < end)
        if (!turn(ctx))
            break;
    for (int i = 0; i < app.n; i++)
        seat_leave(&app.lines[i].seat);
    for (int i = 0; i < 100; i++) /* the goodbyes leave */
        (void)turn(ctx);
}

static int report(void)
{
    int bad = 0;

    for (int i = 0; i < app.n; i++) {
        struct seat *s = &app.lines[i].seat;
        json_t *o = seat_report(s);
        char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(6));

        puts(text ? text : "{}");
        free(text);
        json_decref(o);
        bad += s->refused[0] || s->error[0] || !s->t.live;
    }
    fflush(stdout);
    return bad ? 1 : 0;
}

/* ---- setting up ---- */

/* LINK or LINK=LESSON, where LINK may be a whole URL: its last part counts. */
static bool sign_in_seat(struct seat *s, const char *arg)
{
    char link[128];
    const char *slash = strrchr(arg, '/'), *token = slash ? slash + 1 : arg;
    char *equals;
    enum err e;

    if (!str_copy(link, sizeof link, token))
        return false;
    equals = strchr(link, '=');
    if (equals) {
        *equals = '\0';
        if (str_to_i64(equals + 1, 1, INT64_MAX, &s->lesson) != ERR_OK)
            return false;
    }
    e = sign_in(&app.at, link, s->cookie, sizeof s->cookie);
    if (e == ERR_OK && !equals)
        e = next_lesson(&app.at, s->cookie, &s->lesson);
    if (e != ERR_OK)
        fprintf(stderr, "person %d: sign-in: %s\n", s->number, err_name(e));
    return e == ERR_OK;
}

static bool parse_server(const char *arg)
{
    const char *colon = strrchr(arg, ':');
    int64_t port;

    if (!colon || (size_t)(colon - arg) >= sizeof app.at.host ||
        str_to_i64(colon + 1, 1, 65535, &port) != ERR_OK)
        return false;
    memcpy(app.at.host, arg, (size_t)(colon - arg));
    app.at.port = (int)port;
    return true;
}

static bool parse(int argc, char **argv)
{
    static const struct option options[] = { { "server", required_argument, NULL, 's' },
                                             { "seconds", required_argument, NULL, 't' },
                                             { "connect", required_argument, NULL, 'a' },
                                             { "ca", required_argument, NULL, 'c' },
                                             { "insecure", no_argument, NULL, 'i' },
                                             { "count-only", no_argument, NULL, 'n' },
                                             { "take-over", no_argument, NULL, 'o' },
                                             { "screen", no_argument, NULL, 'x' },
                                             { "voice-only", no_argument, NULL, 'v' },
                                             { "stay", no_argument, NULL, 'y' },
                                             { "events", required_argument, NULL, 'e' },
                                             { "help", no_argument, NULL, 'h' },
                                             { NULL, 0, NULL, 0 } };
    int c;

    app.seconds = 5;
    app.world.decode = true;
    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 's':
            if (!parse_server(optarg))
                return false;
            break;
        case 't':
            app.seconds = strtod(optarg, NULL);
            break;
        case 'a':
            app.at.address = optarg;
            break;
        case 'c':
            app.at.ca = optarg;
            break;
        case 'i':
            app.at.insecure = true;
            break;
        case 'n':
            app.world.decode = false;
            break;
        case 'o':
            app.world.take_over = true;
            break;
        case 'x':
            app.world.send_screen = true;
            break;
        case 'v':
            app.world.voice_only = true;
            break;
        case 'y':
            app.world.stay = true;
            break;
        case 'e':
            app.world.events_us = strtol(optarg, NULL, 10) * US_PER_MS;
            break;
        default:
            return false;
        }
    }
    app.n = argc - optind;
    return app.at.port && app.n >= 1 && app.n <= SEATS_MAX && app.seconds > 0;
}

static enum err prepare(void)
{
    enum err e = dtls_identity_new(&app.world.identity);

    if (e == ERR_OK)
        e = reel_make(&app.world.reel, PICTURE_KBPS);
    for (int i = 0; e == ERR_OK && i < 4; i++) {
        app.world.tone_hz[i] = 440 + 110 * i;
        e = tone_make(&app.world.tones[i], app.world.tone_hz[i]);
    }
    app.lines = mem_zalloc((size_t)app.n, sizeof *app.lines);
    return e == ERR_OK && !app.lines ? ERR_NOMEM : e;
}

static enum err seat_all(char **args)
{
    enum err e = ERR_OK;

    for (int i = 0; e == ERR_OK && i < app.n; i++) {
        app.lines[i].text = mem_zalloc(TEXT_MAX, 1);
        e = app.lines[i].text ? seat_init(&app.lines[i].seat, &app.world, i) : ERR_NOMEM;
        if (e == ERR_OK && !sign_in_seat(&app.lines[i].seat, args[i]))
            e = ERR_DENIED;
    }
    return e;
}

int main(int argc, char **argv)
{
    struct lws_context_creation_info info = { .port = CONTEXT_PORT_NO_LISTEN,
                                              .protocols = protocols,
                                              .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT };
    struct lws_context *ctx;
    int status = 1;

    if (!parse(argc, argv)) {
        fputs(help, stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    srand48(getpid());
    lws_set_log_level(LLL_ERR, NULL);
    info.client_ssl_ca_filepath = app.at.ca;
    info.fd_limit_per_thread = (unsigned)app.n + 64;
    ctx = lws_create_context(&info);
    if (ctx && prepare() == ERR_OK && seat_all(argv + optind) == ERR_OK) {
        hold(ctx);
        status = report();
    }
    lws_context_destroy(ctx); /* first: its last callbacks still look at the seats */
    for (int i = 0; app.lines && i < app.n; i++) {
        seat_deinit(&app.lines[i].seat);
        mem_free(app.lines[i].text);
    }
    mem_free(app.lines);
    reel_free(&app.world.reel);
    dtls_identity_free(app.world.identity);
    return status;
}
