/* SPDX-License-Identifier: Apache-2.0
 *
 * The net loop: libwebsockets as carrier of TCP, TLS and time. Connections
 * start in its raw role, so that none of its HTTP and WebSocket parsing is
 * ever reached. Everything here runs on the net loop's thread except where it
 * says so.
 */
#include "server/net/loop.h"

#include <libwebsockets.h>
#include <string.h>
#include <sys/socket.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "server/net/conn.h"
#include "server/net/notify.h"
#include "server/net/sockaddr.h"
#include "server/net/tls.h"
#include "server/sys/clock.h"
#include "server/sys/signals.h"

#define TICK_US US_PER_S
#define DRAIN_US (3 * US_PER_S)
#define SLOW_CALLBACK_US (20 * US_PER_MS)
#define RX_BYTES 16384 /* one TLS record */

/* ---- timers ---- */

/* The one timer of libwebsockets that stands for all of ours. */
struct alarm_clock {
    lws_sorted_usec_list_t sul; /* first member */
    struct net *net;
    int64_t at_us; /* what it is set to */
};

static void sul_due(lws_sorted_usec_list_t *sul);

void net_arm(struct net *n)
{
    int64_t at_us = timerq_next(&n->timers);
    struct alarm_clock *alarm = n->alarm;
    int64_t wait_us;

    if (at_us == alarm->at_us)
        return;
    alarm->at_us = at_us;
    if (at_us == NEVER_US) {
        lws_sul_schedule(n->lws, 0, &alarm->sul, sul_due, LWS_SET_TIMER_USEC_CANCEL);
        return;
    }
    wait_us = at_us - n->now.mono_us;
    lws_sul_schedule(n->lws, 0, &alarm->sul, sul_due, wait_us > 1 ? wait_us : 1);
}

void net_timer_set(struct net *n, struct net_timer *t, int64_t at_us)
{
    if (timerq_set(&n->timers, &t->timer, at_us) != ERR_OK)
        log_error("net.timer", "error=nomem");
}

static void run_timers(struct net *n)
{
    struct timer *t;

    while ((t = timerq_pop(&n->timers, n->now.mono_us))) {
        struct net_timer *owner = (struct net_timer *)t;

        owner->due(n, owner);
    }
}

/* Every callback begins and ends here: one reading of the clock, one re-arming. */
static void enter(struct net *n)
{
    n->now = clock_now();
}

static void leave(struct net *n, const char *what)
{
    static struct log_limit limit;
    int64_t end_us = clock_now().mono_us;

    if (end_us - n->now.mono_us > SLOW_CALLBACK_US) {
        n->counters.callbacks_slow++;
        if (log_limit_pass(&limit, end_us, 10, 60 * US_PER_S))
            log_warn("net.slow", "callback=%s us=%lld", what, (long long)(end_us - n->now.mono_us));
    }
    net_arm(n);
}

static void sul_due(lws_sorted_usec_list_t *sul)
{
    struct alarm_clock *alarm = (struct alarm_clock *)sul;
    struct net *n = alarm->net;

    enter(n);
    alarm->at_us = 0;
    run_timers(n);
    leave(n, "timer");
}

/* ---- mail ---- */

void loop_wake(void *arg)
{
    lws_cancel_service(arg); /* the one call that any thread may make */
}

bool net_desk_post(struct net *n, struct desk_request *r)
{
    static struct log_limit limit;

    if (n->desk && desk_post(n->desk, r) == ERR_OK)
        return true;
    if (log_limit_pass(&limit, n->now.mono_us, 10, 60 * US_PER_S))
        log_error("net.desk", "error=refused kind=%d", (int)r->kind);
    desk_request_free(r);
    return false;
}

static void take_reply(struct net *n, struct desk_reply *r)
{
    struct conn *c = conn_by_id(n, (struct conn_id){ .v = r->tag });

    switch (r->kind) {
    case DESK_REPLY_HTTP:
        if (c)
            http_answer_desk(c, r);
        break;
    case DESK_REPLY_CONNECT:
        if (c)
            http_login_answered(c, r);
        break;
    case DESK_REPLY_ADMIT:
        rooms_admitted(n, c && c->ws ? c : NULL, r);
        break;
    case DESK_PUSH_LESSON:
    case DESK_PUSH_PERSON:
    case DESK_PUSH_LOGOUT:
        rooms_push(n, r);
        break;
    }
    desk_reply_free(r);
}

static void begin_drain(struct net *n)
{
    if (n->draining)
        return;
    log_info("net.drain", "connections=%d rooms=%zu", n->conns_n, n->rooms.n);
    n->draining = true;
    n->drain_until_us = n->now.mono_us + DRAIN_US;
    notify_stopping(n->notify_fd);
    rooms_drain(n);
    for (int i = 0; i < n->slots_n; i++) {
        struct conn *c = n->slots[i].conn;

        if (c && c->state == CONN_WS)
            ws_server_restart(c);
        else if (c && (c->state == CONN_TLS || (c->state == CONN_HEAD && c->in_len == 0)))
            conn_kill(c);
    }
    net_timer_set(n, &n->tick, n->now.mono_us);
}

static void take_mail(struct net *n)
{
    struct mail *mail = mailbox_take(&n->box);

    while (mail) {
        struct mail *next = mail->next;
        int kind;

        /* Every kind of mail of this box has its kind right behind struct mail. */
        memcpy(&kind, (const char *)mail + offsetof(struct net_mail, kind), sizeof kind);
        switch (kind) {
        case NET_MAIL_RELOAD:
            if (tls_reload(n->tls, n->config.cert_file, n->config.key_file) == ERR_OK)
                log_info("net.reload", "certificate=loaded");
            mem_free(mail);
            break;
        case NET_MAIL_STOP:
            begin_drain(n);
            mem_free(mail);
            break;
        case NET_MAIL_MEDIA:
            rooms_media(n, (struct relay_event *)mail);
            relay_event_free((struct relay_event *)mail);
            break;
        case NET_MAIL_COUNTERS: {
            struct relay_report *report = (struct relay_report *)mail;

            n->relay_counters[report->index] = report->counters;
            mem_free(report);
            break;
        }
        default:
            take_reply(n, (struct desk_reply *)mail);
        }
        mail = next;
    }
}

/* ---- the tick ---- */

static void ticked(struct net *n, struct net_timer *t)
{
    rooms_tick(n);
    notify_alive(n->notify_fd);
    if (n->draining && (n->conns_n == 0 || n->now.mono_us >= n->drain_until_us))
        n->stopped = true;
    net_timer_set(n, t, n->now.mono_us + (n->draining ? TICK_US / 20 : TICK_US));
}

/* ---- libwebsockets ---- */

static bool address_of_fd(int fd, struct addr *out)
{
    struct sockaddr_storage ss;
    socklen_t len = sizeof ss;

    return getpeername(fd, (struct sockaddr *)&ss, &len) == 0 && addr_from_sockaddr(&ss, out);
}

/* Before anything is spent on a connection: true refuses it. */
static bool filter(struct net *n, int fd)
{
    const struct net_config *config = &n->config;
    struct perip_entry *e;
    struct addr peer;

    if (n->draining || n->slots_free >= (uint32_t)n->slots_n) {
        n->counters.refused_full++;
        return true;
    }
    if (!address_of_fd(fd, &peer))
        return true;
    e = perip_get(&n->perip, &peer, n->now.mono_us);
    if (!e || e->open >= config->connections_per_address_max ||
        !rate_take(&e->accepts, n->now.mono_us, config->accepts_per_s, config->accepts_per_s * 4)) {
        n->counters.refused_address++;
        return true;
    }
    return false;
}

static int adopt(struct net *n, struct lws *wsi)
{
    bool inner = lws_get_vhost(wsi) == n->inner;
    struct addr peer;

    if (!address_of_fd(lws_get_socket_fd(wsi), &peer) || conn_adopt(n, wsi, &peer, inner) != ERR_OK)
        return -1;
    return 0;
}

/* The only callback that libwebsockets knows. */
static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct lws_context *context = wsi ? lws_get_context(wsi) : NULL;
    struct alarm_clock *alarm = context ? lws_context_user(context) : NULL;
    struct net *n = alarm ? alarm->net : NULL;
    struct conn *c;
    int result = 0;

    if (!n || !n->lws)
        return 0;
    if (reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) {
        n->tls = user; /* the SSL_CTX of the pages: the only virtual host with TLS */
        return tls_setup(user) == ERR_OK ? 0 : -1;
    }
    c = lws_get_opaque_user_data(wsi);
    enter(n);
    switch (reason) {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
        result = filter(n, (int)(intptr_t)in) ? -1 : 0;
        break;
    case LWS_CALLBACK_RAW_ADOPT:
        result = adopt(n, wsi);
        break;
    case LWS_CALLBACK_RAW_RX:
        result = c && conn_readable(c, in, len) ? 0 : -1;
        break;
    case LWS_CALLBACK_RAW_WRITEABLE:
        result = c && conn_writable(c) ? 0 : -1;
        break;
    case LWS_CALLBACK_RAW_CLOSE:
    case LWS_CALLBACK_WSI_DESTROY:
        if (c)
            conn_closed(c);
        break;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
        take_mail(n);
        break;
    default:
        return 0;
    }
    leave(n, "connection");
    return result;
}

static const struct lws_protocols protocols[] = {
    { .name = "parta", .callback = callback, .rx_buffer_size = RX_BYTES },
    { 0 },
};

static void log_lws(int level, const char *line)
{
    static struct log_limit limit;
    size_t len = strcspn(line, "\r\n");

    if (log_limit_pass(&limit, clock_now().mono_us, 20, 60 * US_PER_S))
        log_line(level & LLL_ERR ? LOG_ERROR : LOG_WARN, "lws", "text=\"%.*s\"", (int)len, line);
}

static struct lws_vhost *open_vhost(struct net *n, const char *name, const char *interface,
                                    int port, bool tls)
{
    struct lws_context_creation_info info = { 0 };
    struct lws_vhost *vh;

    info.vhost_name = name;
    info.iface = *interface ? interface : NULL;
    info.port = port;
    info.protocols = protocols;
    info.listen_accept_role = "raw-skt";
    info.listen_accept_protocol = protocols[0].name;
    info.options = LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG |
                   LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
    if ((*interface && !strchr(interface, ':')) || !machine_has_ipv6())
        info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
    else
        info.options |= LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY; /* "any" means both families */
    if (tls) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = n->config.cert_file;
        info.ssl_private_key_filepath = n->config.key_file;
        info.alpn = "http/1.1";
    }
    vh = lws_create_vhost(n->lws, &info);
    if (!vh)
        log_error("net.listen", "name=%s address=%s port=%d error=failed", name,
                  *interface ? interface : "any", port);
    return vh;
}

enum err loop_open(struct net *n)
{
    struct lws_context_creation_info info = { 0 };
    struct alarm_clock *alarm = mem_zalloc(1, sizeof *alarm);

    if (!alarm)
        return ERR_NOMEM;
    alarm->net = n;
    n->alarm = alarm;
    lws_set_log_level(LLL_ERR | LLL_WARN, log_lws);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.user = alarm;
    info.gid = -1;
    info.uid = -1;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.pt_serv_buf_size = RX_BYTES;
    info.timeout_secs = 10;
    n->lws = lws_create_context(&info);
    if (!n->lws)
        return ERR_IO;
    n->pages = open_vhost(n, "pages", n->config.listen_address, n->config.port, true);
    if (n->pages && n->config.metrics_port != 0)
        n->inner = open_vhost(n, "metrics", "127.0.0.1",
                              n->config.metrics_port > 0 ? n->config.metrics_port : 0, false);
    if (!n->pages || (n->config.metrics_port != 0 && !n->inner))
        return ERR_IO;
    return n->tls ? ERR_OK : ERR_IO;
}

void *loop_run(void *arg)
{
    struct net *n = arg;

    n->tick.due = ticked;
    enter(n);
    n->notify_fd = notify_open();
    notify_ready(n->notify_fd);
    net_timer_set(n, &n->tick, n->now.mono_us);
    take_mail(n);
    leave(n, "start");
    while (!n->stopped) {
        if (lws_service(n->lws, 0) < 0) {
            log_error("net.service", "error=failed");
            signals_stop_self();
            break;
        }
    }
    timerq_cancel(&n->timers, &n->tick.timer);
    return NULL;
}

void loop_drop_mail(struct net *n)
{
    struct mail *mail = mailbox_take(&n->box);

    while (mail) {
        struct mail *next = mail->next;
        int kind;

        memcpy(&kind, (const char *)mail + offsetof(struct net_mail, kind), sizeof kind);
        if (kind < NET_MAIL_RELOAD)
            desk_reply_free((struct desk_reply *)mail);
        else if (kind == NET_MAIL_MEDIA)
            relay_event_free((struct relay_event *)mail);
        else
            mem_free(mail);
        mail = next;
    }
}
