/* SPDX-License-Identifier: Apache-2.0
 *
 * Putting the net together and taking it apart. Main thread; the loop itself
 * is in loop.c.
 */
#include <libwebsockets.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/net/loop.h"
#include "server/net/notify.h"
#include "server/net/sockaddr.h"
#include "server/rtc/dtls.h"
#include "server/sys/clock.h"
#include "server/sys/random.h"

#define SPARE_FILES 64 /* descriptors kept for everything but connections */

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
        config.announce.port =
            (uint16_t)(n->config.announce_port ? n->config.announce_port + i : 0);
        config.port = n->config.udp_port ? n->config.udp_port + i : 0;
        e = relay_open(&n->relays[i], &config);
        n->relays_n += !e;
    }
    return e;
}

enum err net_open(struct net **out, const struct net_config *config)
{
    struct net *n = mem_zalloc(1, sizeof *n);
    enum err e;

    if (!n)
        return ERR_NOMEM;
    n->config = *config;
    n->notify_fd = -1;
    n->now = clock_now();
    n->started_us = n->now.mono_us;
    timerq_init(&n->timers);
    rooms_init(&n->rooms);
    e = mailbox_init(&n->box, NULL, NULL);
    if (e) {
        mem_free(n);
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
        e = loop_open(n);
    if (!e)
        e = open_relays(n);
    if (e) {
        net_free(n);
        return e;
    }
    /* Nobody posts before net_start. */
    n->box.wake = loop_wake;
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
    n->started = pthread_create(&n->thread, NULL, loop_run, n) == 0;
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
    loop_drop_mail(n);
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
