/* SPDX-License-Identifier: Apache-2.0
 *
 * The net loop: libwebsockets as carrier of TCP, TLS and time. Connections
 * start in its raw role, so that none of its HTTP and WebSocket parsing is
 * ever reached. Everything here runs on the net loop's thread except where it
 * says so.
 */
#include "server/net/loop.h"

#include <arpa/inet.h>
#include <libwebsockets.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/net/conn.h"

#include "server/net/notify.h"
#include "server/net/sockaddr.h"
#include "server/net/tls.h"
#include "server/rtc/dtls.h"
#include "server/sys/clock.h"
#include "server/sys/random.h"
#include "server/sys/signals.h"

#define TICK_US US_PER_S
#define DRAIN_US (3 * US_PER_S)
#define SLOW_CALLBACK_US (20 * US_PER_MS)
#define RX_BYTES 16384 /* one TLS record */
#define SPARE_FILES 64 /* descriptors kept for everything but connections */

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

static void any_thread_wake(void *arg)
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

static enum err open_lws(struct net *n, struct alarm_clock *alarm)
{
    struct lws_context_creation_info info = { 0 };

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

/* ---- opening and closing ---- */

int net_host_index(const struct net *n, const char *host)
{
    for (int i = 0; i < n->config.origins_n; i++) {
        const char *own = n->config.origins[i] + strlen("https://");
        size_t len = strlen(own);

        if (strcasecmp(host, own) == 0)
            return i;
        /* The default port may be said or left out (RFC 9110 section 4.2.2). */
        if (!strchr(own, ':') && strncasecmp(host, own, len) == 0 &&
            strcmp(host + len, ":443") == 0)
            return i;
    }
    return -1;
}

static enum err build_policy(struct net *n)
{
    struct strbuf b;
    bool ok;

    strbuf_init(&b);
    strbuf_puts(&b, "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
                    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; "
                    "manifest-src 'self'; connect-src 'self'");
    for (int i = 0; i < n->config.origins_n; i++)
        strbuf_printf(&b, " wss://%s", n->config.origins[i] + strlen("https://"));
    strbuf_puts(&b, "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    ok = strbuf_ok(&b) && str_copy(n->csp, sizeof n->csp, b.s);
    strbuf_deinit(&b);
    return ok ? ERR_OK : ERR_NOMEM;
}

/* As many connections as descriptors allow, so that accept never fails for want of one (F36). */
static int slots_for(int wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
        rlim_t room =
            limit.rlim_cur > SPARE_FILES * 2 ? limit.rlim_cur - SPARE_FILES : limit.rlim_cur / 2;

        if ((rlim_t)wanted > room) {
            log_warn("net.files", "connections_max=%d allowed=%lu", wanted, (unsigned long)room);
            wanted = (int)room;
        }
    }
    return wanted < 1 << 16 ? wanted : (1 << 16) - 1;
}

static enum err open_slots(struct net *n)
{
    n->slots_n = slots_for(n->config.connections_max);
    n->slots = mem_zalloc((size_t)n->slots_n, sizeof *n->slots);
    if (!n->slots)
        return ERR_NOMEM;
    for (uint32_t i = 0; i < (uint32_t)n->slots_n; i++)
        n->slots[i].next_free = i + 1;
    n->slots_free = 0;
    return ERR_OK;
}

static enum err open_relays(struct net *n)
{
    struct relay_config config = { .listen_address = n->config.listen_address,
                                   .to_net = &n->box,
                                   .event_kind = NET_MAIL_MEDIA,
                                   .report_kind = NET_MAIL_COUNTERS };
    enum err e;

    if (!addr_parse(n->config.announce, &config.announce)) {
        log_error("net.announce", "address=%s error=no-address", n->config.announce);
        return ERR_INVAL;
    }
    e = dtls_identity_new(&n->identity);
    config.identity = n->identity;
    for (int i = 0; !e && i < n->config.relays; i++) {
        config.index = i;
        config.port = n->config.udp_port ? n->config.udp_port + i : 0;
        e = relay_open(&n->relays[i], &config);
        n->relays_n += !e;
    }
    return e;
}

enum err net_open(struct net **out, const struct net_config *config)
{
    struct net *n = mem_zalloc(1, sizeof *n);
    struct alarm_clock *alarm = mem_zalloc(1, sizeof *alarm);
    enum err e;

    if (!n || !alarm) {
        mem_free(n);
        mem_free(alarm);
        return ERR_NOMEM;
    }
    n->config = *config;
    n->alarm = alarm;
    n->tick.due = ticked;
    n->notify_fd = -1;
    n->now = clock_now();
    n->started_us = n->now.mono_us;
    alarm->net = n;
    timerq_init(&n->timers);
    rooms_init(&n->rooms);
    e = mailbox_init(&n->box, NULL, NULL);
    if (e) {
        mem_free(n);
        mem_free(alarm);
        return e;
    }
    e = build_policy(n);
    if (!e)
        e = random_token(24, n->address_salt, sizeof n->address_salt);
    if (!e)
        e = perip_init(&n->perip);
    if (!e)
        e = open_slots(n);
    if (!e)
        e = static_load(&n->files, config->static_dir);
    if (!e)
        e = open_lws(n, alarm);
    if (!e)
        e = open_relays(n);
    if (e) {
        net_free(n);
        return e;
    }
    /* Nobody posts before net_start. */
    n->box.wake = any_thread_wake;
    n->box.wake_arg = n->lws;
    *out = n;
    return ERR_OK;
}

struct mailbox *net_mailbox(struct net *n)
{
    return &n->box;
}

int net_port(const struct net *n)
{
    return lws_get_vhost_listen_port(n->pages);
}

int net_metrics_port(const struct net *n)
{
    return n->inner ? lws_get_vhost_listen_port(n->inner) : 0;
}

struct relay *net_next_relay(struct net *n)
{
    struct relay *r = n->relays[n->next_relay];

    n->next_relay = (n->next_relay + 1) % n->relays_n;
    return r;
}

/* The net loop's thread. */
static void *run(void *arg)
{
    struct net *n = arg;

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

enum err net_start(struct net *n, struct desk *desk)
{
    sigset_t all, before;
    enum err e = ERR_OK;

    n->desk = desk;
    for (int i = 0; !e && i < n->relays_n; i++)
        e = relay_start(n->relays[i]);
    if (e)
        return e;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    n->started = pthread_create(&n->thread, NULL, run, n) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n->started ? ERR_OK : ERR_NOMEM;
}

static void post_once(struct net *n, enum net_mail_kind kind)
{
    /* A heap copy each, so that two signals in a row are two mails. */
    struct net_mail *mail = mem_zalloc(1, sizeof *mail);

    if (!mail)
        return;
    mail->kind = kind;
    if (mailbox_post(&n->box, &mail->mail) != ERR_OK)
        mem_free(mail);
}

void net_reload(struct net *n)
{
    post_once(n, NET_MAIL_RELOAD);
}

void net_stop(struct net *n)
{
    if (!n->started)
        return;
    post_once(n, NET_MAIL_STOP);
    pthread_join(n->thread, NULL);
    n->started = false;
}

/* Mail that nobody will read any more. */
static void drop_mail(struct net *n)
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

void net_free(struct net *n)
{
    if (!n)
        return;
    for (int i = 0; i < n->relays_n; i++)
        relay_close(n->relays[i]);
    mailbox_close(&n->box);
    n->desk = NULL; /* what the end of the connections would tell it has been told by the drain */
    rooms_deinit(n);
    if (n->lws)
        lws_context_destroy(n->lws);
    drop_mail(n);
    mailbox_deinit(&n->box);
    timerq_deinit(&n->timers);
    static_free(&n->files);
    perip_deinit(&n->perip);
    dtls_identity_free(n->identity);
    notify_close(n->notify_fd);
    mem_free(n->slots);
    mem_free(n->alarm);
    mem_free(n);
}
