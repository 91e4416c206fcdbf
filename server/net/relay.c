/* SPDX-License-Identifier: Apache-2.0
 *
 * The relay loop: datagrams to stages, stages' datagrams out, timers, mail.
 * Relay thread, except the functions that say otherwise. The path of a packet
 * allocates nothing, logs nothing and reads no clock of its own.
 */
#include "server/net/relay.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/list.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/timerq.h"
#include "server/media/stage.h"
#include "server/net/drive.h"
#include "server/net/legs.h"
#include "server/net/udp.h"
#include "server/rtc/peer.h"
#include "server/sys/clock.h"

#define TX_BYTES (512u * 1024) /* datagrams of one batch over all stages */
#define BATCHES_MAX 4          /* receives in a row before timers and mail have their turn */
#define REPORT_US (2 * US_PER_S)
/* Unknown addresses whose media is looked up by its source, which anybody can write: so many and
 * no more, lest a flood costs the lessons. What finds no turn waits for the client's check. */
#define STRAY_EVERY_US (5 * US_PER_MS)
#define STRAY_BURST 20

struct relay_stage {
    struct timer timer;   /* first member */
    struct list of_relay; /* of relay.stages */
    struct list dirty;    /* of relay.dirty: has had input in this batch */
    struct stage_key key;
    struct stage *stage; /* owned */
};

struct relay_mail;

struct relay {
    struct relay_config config;
    struct udp *udp;
    int wake_fd;
    struct mailbox box;
    struct relay_mail *last; /* owned: the mail that ends the thread, allocated at the start */
    pthread_t thread;
    bool started, stop;

    struct stage_shared shared;
    struct list
        stages; /* of relay_stage.of_relay; few enough per relay to be walked on a command */
    struct list dirty;
    struct legs legs;
    struct timerq timers;
    struct now now; /* read once per turn of the loop */
    int64_t report_us;
    int64_t stray_us; /* allowance of look-ups is used up to here */
    struct relay_counters counters;
    struct relay_counters reported;
};

/* Net → relay. */
struct relay_mail {
    struct mail mail;
    bool stop;
    struct stage_key stage;
    struct media_command command; /* offer is owned below */
    char *offer;
    uint8_t *frame; /* owned: no command, but a message of command.leg's WebSocket */
    size_t frame_len;
};

static void free_mail(struct relay_mail *m)
{
    mem_free(m->offer);
    mem_free(m->frame);
    mem_free(m);
}

void relay_event_free(struct relay_event *ev)
{
    mem_free(ev->sdp);
    mem_free(ev->frame);
    mem_free(ev);
}

/* Any thread. */
static void wake(void *arg)
{
    uint64_t one = 1;

    /* The counter can only fail to grow when it is full, and then the loop is awake. */
    if (write(((struct relay *)arg)->wake_fd, &one, sizeof one) < 0)
        return;
}

/* Net loop. */
bool relay_command(struct relay *r, struct stage_key stage, const struct media_command *cmd)
{
    struct relay_mail *m = mem_zalloc(1, sizeof *m);

    if (!m)
        return false;
    m->stage = stage;
    m->command = *cmd;
    if (cmd->offer) {
        m->offer = mem_strndup(cmd->offer, cmd->offer_len);
        m->command.offer = m->offer;
    }
    if ((cmd->offer && !m->offer) || mailbox_post(&r->box, &m->mail) != ERR_OK) {
        free_mail(m);
        return false;
    }
    return true;
}

/* Net loop. */
bool relay_frame(struct relay *r, struct stage_key stage, struct leg_id leg, const void *message,
                 size_t len)
{
    struct relay_mail *m = mem_zalloc(1, sizeof *m);

    if (!m)
        return false;
    m->stage = stage;
    m->command.leg = leg;
    m->frame = mem_zalloc(1, len ? len : 1);
    m->frame_len = len;
    if (m->frame && len)
        memcpy(m->frame, message, len);
    if (!m->frame || mailbox_post(&r->box, &m->mail) != ERR_OK) {
        free_mail(m);
        return false;
    }
    return true;
}

/* ---- what stages say ---- */

static void post_event(struct relay *r, const struct relay_stage *rs, const struct media_event *e)
{
    struct relay_event *mail = mem_zalloc(1, sizeof *mail);

    if (!mail) {
        log_error("relay.event", "kind=%d error=nomem", (int)e->kind);
        return;
    }
    mail->kind = r->config.event_kind;
    mail->stage = rs->key;
    mail->event = *e;
    mail->event.sdp = NULL;
    mail->event.sdp_len = 0;
    if (e->sdp) {
        mail->sdp = mem_strndup(e->sdp, e->sdp_len);
        mail->event.sdp = mail->sdp;
        mail->event.sdp_len = e->sdp_len;
    }
    if ((e->sdp && !mail->sdp) || mailbox_post(r->config.to_net, &mail->mail) != ERR_OK)
        relay_event_free(mail);
}

/* One message for a WebSocket: copied, since the slab is used again. */
static void post_frame(struct relay *r, const struct relay_stage *rs, const struct stage_out *out)
{
    struct relay_event *mail = mem_zalloc(1, sizeof *mail);

    if (!mail)
        return;
    mail->kind = r->config.event_kind;
    mail->stage = rs->key;
    mail->event.leg = leg_id(out->leg);
    mail->frame = mem_zalloc(1, out->len);
    mail->frame_len = out->len;
    if (mail->frame)
        memcpy(mail->frame, out->data, out->len);
    if (!mail->frame || mailbox_post(r->config.to_net, &mail->mail) != ERR_OK)
        relay_event_free(mail);
}

/* Sends what all stages have put into the slab. */
static void flush(struct relay *r)
{
    udp_flush(r->udp);
    r->shared.tx_len = 0;
}

static void drain(void *owner, void *context)
{
    struct relay_stage *rs = owner;
    struct relay *r = context;
    struct stage_out out;

    while (stage_poll(rs->stage, &out)) {
        switch (out.kind) {
        case STAGE_OUT_DATAGRAMS:
            udp_queue(r->udp, &out.to, out.data, out.len, out.segment);
            break;
        case STAGE_OUT_EVENT:
            post_event(r, rs, out.event);
            break;
        case STAGE_OUT_FRAME:
            post_frame(r, rs, &out);
            break;
        case STAGE_OUT_ADDR:
            legs_move(&r->legs, out.leg, &out.addr);
            break;
        case STAGE_OUT_FULL:
            flush(r);
            break;
        case STAGE_OUT_GONE:
            legs_remove(&r->legs, out.leg);
            break;
        }
    }
}

static void call_timeout(void *machine, struct now now)
{
    stage_timeout(machine, now);
}

static int64_t ask_deadline(const void *machine)
{
    return stage_deadline(machine);
}

static const struct machine stage_machine = {
    .timeout = call_timeout,
    .deadline = ask_deadline,
    .drain = drain,
};

static void free_stage(struct relay *r, struct relay_stage *rs)
{
    timerq_cancel(&r->timers, &rs->timer);
    list_unlink(&rs->of_relay);
    list_unlink(&rs->dirty);
    /* What it has sent lies in the slab, not in the stage. */
    stage_free(rs->stage);
    mem_free(rs);
    r->counters.stages--;
}

/* After any call on the stage. It is freed when its last leg is gone. */
static void settle(struct relay *r, struct relay_stage *rs)
{
    int64_t at_us = drive(&stage_machine, rs->stage, rs, r, r->now);

    if (stage_empty(rs->stage))
        free_stage(r, rs);
    else if (timerq_set(&r->timers, &rs->timer, at_us) != ERR_OK)
        log_error("relay.timer", "error=nomem");
}

/* ---- commands ---- */

static struct relay_stage *find_stage(struct relay *r, struct stage_key key)
{
    LIST_EACH (&r->stages, node) {
        struct relay_stage *rs = LIST_OWNER(node, struct relay_stage, of_relay);

        if (rs->key.v == key.v && rs->key.probe == key.probe)
            return rs;
    }
    return NULL;
}

static struct relay_stage *open_stage(struct relay *r, struct stage_key key)
{
    struct relay_stage *rs = mem_zalloc(1, sizeof *rs);

    if (!rs)
        return NULL;
    if (stage_new(&rs->stage, &r->shared, r->now) != ERR_OK) {
        mem_free(rs);
        return NULL;
    }
    rs->key = key;
    list_init(&rs->dirty);
    list_append(&r->stages, &rs->of_relay);
    r->counters.stages++;
    return rs;
}

static void take_command(struct relay *r, const struct relay_mail *m)
{
    struct relay_stage *rs = find_stage(r, m->stage);
    struct leg *leg;

    if (!rs && m->command.kind == MEDIA_LEG_OPEN)
        rs = open_stage(r, m->stage);
    if (!rs) {
        if (m->command.kind == MEDIA_LEG_OPEN)
            log_error("relay.stage", "error=nomem");
        return;
    }
    stage_command(rs->stage, r->now, &m->command);
    leg = m->command.kind == MEDIA_LEG_OPEN ? stage_leg_by_id(rs->stage, m->command.leg) : NULL;
    if (leg && *leg_ufrag(leg) && legs_add(&r->legs, leg, leg_ufrag(leg), rs) != ERR_OK)
        log_error("relay.leg",
                  "error=nomem"); /* its checks stay unanswered; the client comes back */
    settle(r, rs);
}

static void take_frame(struct relay *r, const struct relay_mail *m)
{
    struct relay_stage *rs = find_stage(r, m->stage);
    struct leg *leg = rs ? stage_leg_by_id(rs->stage, m->command.leg) : NULL;

    if (!leg)
        return; /* closed meanwhile */
    stage_frame(rs->stage, r->now, leg, m->frame, m->frame_len);
    settle(r, rs);
}

static void take_mail(struct relay *r)
{
    struct mail *mail = mailbox_take(&r->box);

    while (mail) {
        struct relay_mail *m = (struct relay_mail *)mail;

        mail = mail->next;
        if (m->stop)
            r->stop = true;
        else if (m->frame)
            take_frame(r, m);
        else
            take_command(r, m);
        free_mail(m);
    }
}

/* ---- datagrams ---- */

static struct leg_found leg_of(struct relay *r, const struct udp_datagram *d)
{
    const char *ufrag;
    size_t ufrag_len;

    /* A binding request names its leg, also from an address that is still unknown (RFC 8445). */
    if (peer_stun_local_ufrag(d->data, d->len, &ufrag, &ufrag_len))
        return legs_by_ufrag(&r->legs, ufrag, ufrag_len);
    return legs_by_addr(&r->legs, &d->from);
}

/* Media from an unknown address: a NAT may have forgotten its client's. */
static struct leg_found stray_of(struct relay *r, const struct udp_datagram *d)
{
    uint32_t ssrc;

    if (!peer_media_ssrc(d->data, d->len, &ssrc) || r->stray_us > r->now.mono_us)
        return (struct leg_found){ 0 };
    if (r->stray_us < r->now.mono_us - STRAY_BURST * STRAY_EVERY_US)
        r->stray_us = r->now.mono_us - STRAY_BURST * STRAY_EVERY_US;
    r->stray_us += STRAY_EVERY_US;
    LIST_EACH (&r->stages, node) {
        struct relay_stage *rs = LIST_OWNER(node, struct relay_stage, of_relay);
        struct leg *leg = stage_leg_by_source(rs->stage, ssrc);

        if (leg)
            return (struct leg_found){ leg, rs };
    }
    return (struct leg_found){ 0 };
}

static void take_datagram(struct relay *r, const struct udp_datagram *d)
{
    struct leg_found found = leg_of(r, d);
    bool stray = !found.leg;
    struct relay_stage *rs;

    if (stray)
        found = stray_of(r, d);
    rs = found.owner;
    if (!rs) {
        r->counters.unknown++;
        return;
    }
    if (list_empty(&rs->dirty))
        list_append(&r->dirty, &rs->dirty);
    stage_input(rs->stage, r->now, found.leg, &d->from, d->data, d->len);
    if (stray && leg_asks(found.leg, &d->from))
        legs_ask(&r->legs, found.leg, &d->from);
}

/* True if there may be more. */
static bool receive(struct relay *r)
{
    struct udp_datagram batch[UDP_BATCH];
    size_t n = udp_receive(r->udp, batch);

    for (size_t i = 0; i < n; i++)
        take_datagram(r, &batch[i]);
    LIST_EACH (&r->dirty, node) {
        struct relay_stage *rs = LIST_OWNER(node, struct relay_stage, dirty);

        list_unlink(&rs->dirty);
        stage_timeout(rs->stage, r->now);
        settle(r, rs);
    }
    flush(r);
    return n == UDP_BATCH;
}

/* ---- the loop ---- */

static void report(struct relay *r)
{
    const struct udp_counters *u = udp_counters(r->udp);
    struct relay_report *mail;

    r->report_us = r->now.mono_us + REPORT_US;
    r->counters.packets_in = u->packets_in;
    r->counters.bytes_in = u->bytes_in;
    r->counters.packets_out = u->packets_out;
    r->counters.bytes_out = u->bytes_out;
    r->counters.receives = u->receives;
    r->counters.sends = u->sends;
    r->counters.send_full = u->full;
    r->counters.send_failed = u->failed;
    r->counters.legs = r->legs.n;
    r->counters.gso = udp_gso(r->udp);
    if (memcmp(&r->counters, &r->reported, sizeof r->counters) == 0)
        return;
    mail = mem_zalloc(1, sizeof *mail);
    if (!mail)
        return; /* the next report says it */
    mail->kind = r->config.report_kind;
    mail->index = r->config.index;
    mail->counters = r->counters;
    if (mailbox_post(r->config.to_net, &mail->mail) != ERR_OK)
        mem_free(mail);
    else
        r->reported = r->counters;
}

static void run_timers(struct relay *r)
{
    struct timer *t;

    while ((t = timerq_pop(&r->timers, r->now.mono_us))) {
        struct relay_stage *rs = (struct relay_stage *)t;

        stage_timeout(rs->stage, r->now);
        settle(r, rs);
    }
    flush(r);
    if (r->now.mono_us >= r->report_us)
        report(r);
}

static void wait_for_something(struct relay *r)
{
    struct pollfd fds[2] = { { .fd = udp_fd(r->udp), .events = POLLIN },
                             { .fd = r->wake_fd, .events = POLLIN } };
    int64_t wait_us = earlier_us(timerq_next(&r->timers), r->report_us) - clock_now().mono_us;
    struct timespec ts = { 0 };
    uint64_t count;

    if (wait_us > 0) {
        ts.tv_sec = wait_us / US_PER_S;
        ts.tv_nsec = wait_us % US_PER_S * 1000;
    }
    if (ppoll(fds, 2, &ts, NULL) > 0 && (fds[1].revents & POLLIN) &&
        read(r->wake_fd, &count, sizeof count) < 0)
        log_error("relay.wake", "error=read");
}

static void *run(void *arg)
{
    struct relay *r = arg;

    while (!r->stop) {
        r->now = clock_now();
        for (int i = 0; i < BATCHES_MAX && receive(r); i++)
            r->now = clock_now();
        take_mail(r);
        run_timers(r);
        if (!r->stop)
            wait_for_something(r);
    }
    return NULL;
}

enum err relay_open(struct relay **out, const struct relay_config *config)
{
    struct relay *r = mem_zalloc(1, sizeof *r);
    enum err e;

    if (!r)
        return ERR_NOMEM;
    r->config = *config;
    list_init(&r->stages);
    list_init(&r->dirty);
    timerq_init(&r->timers);
    r->wake_fd = -1;
    e = legs_init(&r->legs);
    if (!e)
        e = mailbox_init(&r->box, wake, r);
    if (e) {
        mem_free(r);
        return e;
    }
    r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    r->shared.tx = mem_zalloc(1, TX_BYTES);
    r->last = mem_zalloc(1, sizeof *r->last);
    e = r->wake_fd < 0 ? ERR_IO : r->shared.tx && r->last ? ERR_OK : ERR_NOMEM;
    if (r->last)
        r->last->stop = true;
    if (!e)
        e = udp_open(&r->udp, config->listen_address, config->port);
    if (e) {
        relay_close(r);
        return e;
    }
    r->shared.identity = config->identity;
    r->shared.announce = config->announce;
    if (config->announce.port == 0)
        r->shared.announce.port = (uint16_t)udp_port(r->udp);
    r->shared.tx_cap = TX_BYTES;
    r->shared.legs_max = config->legs_max;
    log_info("relay.open", "index=%d port=%d told_port=%d gso=%d", config->index, udp_port(r->udp),
             r->shared.announce.port, udp_gso(r->udp));
    *out = r;
    return ERR_OK;
}

int relay_port(const struct relay *r)
{
    return udp_port(r->udp);
}

enum err relay_start(struct relay *r)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    r->started = pthread_create(&r->thread, NULL, run, r) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r->started ? ERR_OK : ERR_NOMEM;
}

static void stop_thread(struct relay *r)
{
    if (mailbox_post(&r->box, &r->last->mail) == ERR_OK)
        r->last = NULL; /* the thread frees it */
    pthread_join(r->thread, NULL);
    r->started = false;
}

void relay_close(struct relay *r)
{
    struct mail *mail;

    if (!r)
        return;
    if (r->started)
        stop_thread(r);
    mailbox_close(&r->box);
    for (mail = mailbox_take(&r->box); mail;) {
        struct relay_mail *m = (struct relay_mail *)mail;

        mail = mail->next;
        free_mail(m);
    }
    LIST_EACH (&r->stages, node)
        free_stage(r, LIST_OWNER(node, struct relay_stage, of_relay));
    legs_deinit(&r->legs);
    timerq_deinit(&r->timers);
    mailbox_deinit(&r->box);
    udp_close(r->udp);
    if (r->wake_fd >= 0)
        close(r->wake_fd);
    mem_free(r->shared.tx);
    mem_free(r->last);
    mem_free(r);
}
