/* SPDX-License-Identifier: Apache-2.0
 *
 * The links of a bad line: a queue before the rate, then a heap of packets on
 * their way, ordered by the time they are due.
 */
#include "tests/net/impair.h"

#include <math.h>
#include <string.h>

#include "common/base/mem.h"
#include "tests/net/script.h"
#include "tests/support/rnd.h"

/* What one packet draws, needed or not: 0 <= x < 1. */
struct luck {
    double loss, turn, burst, jitter, copy_jitter, reorder, duplicate;
};

struct slot {
    uint8_t bytes[IMPAIR_PACKET_MAX];
    size_t len;
    int64_t bits; /* that the rate has to carry, overhead included */
    int64_t due_us;
    uint64_t order;   /* among equal due times */
    struct luck luck; /* drawn when it came */
};

struct link {
    struct impair_settings set;
    struct rnd rnd;
    bool bad;       /* Gilbert-Elliott's state, */
    int64_t bad_us; /* as of then */

    struct slot *slots; /* owned, of config.slots */
    int *unused;        /* owned: a stack of free slots */
    int unused_n;

    int *queue; /* owned: a ring of slots that wait for the rate; the first is being sent */
    int queue_first, queue_n;
    int64_t queue_bits;
    int64_t sent_us; /* when the first will have been sent; valid while there is one */

    int *flying; /* owned: a heap of slots that are on their way */
    int flying_n;
    int64_t last_us; /* due time of the latest packet that keeps the order */
    uint64_t orders;

    struct impair_counters counters;
};

struct impair {
    struct impair_config config;
    struct link links[IMPAIR_DIRECTIONS];
    bool started;
    int64_t start_us;
    int step; /* next of the script */
    unsigned rebinds;
};

/* 0 <= x < 1 */
static double draw(struct rnd *r)
{
    return (double)(rnd_u64(r) >> 11) * 0x1p-53;
}

static bool before(const struct link *l, int a, int b)
{
    const struct slot *x = &l->slots[a], *y = &l->slots[b];

    return x->due_us != y->due_us ? x->due_us < y->due_us : x->order < y->order;
}

static void heap_up(struct link *l, int i)
{
    while (i > 0 && before(l, l->flying[i], l->flying[(i - 1) / 2])) {
        int parent = (i - 1) / 2, t = l->flying[i];

        l->flying[i] = l->flying[parent];
        l->flying[parent] = t;
        i = parent;
    }
}

static void heap_down(struct link *l, int i)
{
    for (;;) {
        int child = 2 * i + 1, t;

        if (child >= l->flying_n)
            return;
        if (child + 1 < l->flying_n && before(l, l->flying[child + 1], l->flying[child]))
            child++;
        if (!before(l, l->flying[child], l->flying[i]))
            return;
        t = l->flying[i];
        l->flying[i] = l->flying[child];
        l->flying[child] = t;
        i = child;
    }
}

static int64_t sending_us(const struct link *l, int64_t bits)
{
    return l->set.rate_bps ? bits * US_PER_S / l->set.rate_bps : 0;
}

/* How long a packet that comes now waits until its own first bit is sent. */
static int64_t waiting_us(const struct link *l, int64_t now_us)
{
    int64_t first;

    if (l->queue_n == 0)
        return 0;
    first = l->slots[l->queue[l->queue_first]].bits;
    return l->sent_us - now_us + sending_us(l, l->queue_bits - first);
}

/* The slot has passed the rate at from_us and sets out. */
static void fly(struct link *l, int i, int64_t from_us, double jitter)
{
    struct slot *s = &l->slots[i];
    const struct impair_settings *set = &l->set;
    int64_t due = from_us + set->delay_us;

    if (set->jitter_us)
        due += (int64_t)(jitter * (double)(2 * set->jitter_us + 1)) - set->jitter_us;
    if (s->luck.reorder < set->reorder) {
        due += set->reorder_us;
        l->counters.held_back++;
    } else if (!set->overtake) {
        due = due < l->last_us ? l->last_us : due;
        l->last_us = due;
    }
    s->due_us = due;
    s->order = l->orders++;
    l->flying[l->flying_n++] = i;
    heap_up(l, l->flying_n - 1);
}

static void set_out(struct link *l, int i, int64_t from_us)
{
    const struct slot *s = &l->slots[i];
    int copy;

    fly(l, i, from_us, s->luck.jitter);
    if (s->luck.duplicate >= l->set.duplicate)
        return;
    if (l->unused_n == 0) {
        l->counters.full++;
        l->counters.duplicated++; /* made and dropped, so that the sum holds */
        return;
    }
    copy = l->unused[--l->unused_n];
    l->slots[copy] = *s;
    l->counters.duplicated++;
    fly(l, copy, from_us, s->luck.copy_jitter);
}

/* Everything that the rate has let through until now sets out. */
static void link_advance(struct link *l, int64_t now_us)
{
    while (l->queue_n > 0 && l->sent_us <= now_us) {
        int i = l->queue[l->queue_first];
        int64_t at = l->sent_us;

        l->queue_first++;
        l->queue_n--;
        l->queue_bits -= l->slots[i].bits;
        set_out(l, i, at);
        if (l->queue_n > 0)
            l->sent_us = at + sending_us(l, l->slots[l->queue[l->queue_first]].bits);
    }
}

static void give_back(struct link *l, int i)
{
    l->unused[l->unused_n++] = i;
}

/* A cut: what has not arrived by now never does. */
static void link_cut(struct link *l, int64_t now_us)
{
    int kept = 0;

    for (int i = 0; i < l->flying_n; i++) {
        if (l->slots[l->flying[i]].due_us <= now_us) {
            l->flying[kept++] = l->flying[i];
        } else {
            give_back(l, l->flying[i]);
            l->counters.lost_outage++;
        }
    }
    l->flying_n = kept;
    for (int i = kept / 2; i >= 0; i--)
        heap_down(l, i);
    for (int i = 0; i < l->queue_n; i++) {
        give_back(l, l->queue[l->queue_first + i]);
        l->counters.lost_outage++;
    }
    l->queue_n = l->queue_first = 0;
    l->queue_bits = 0;
    l->last_us = 0;
}

static void link_set(struct link *l, const struct impair_settings *set, int64_t now_us)
{
    int64_t old = l->set.rate_bps;

    l->set = *set;
    if (set->burst_loss <= 0)
        l->bad = false;
    if (set->outage)
        link_cut(l, now_us);
    /* The rest of the packet that is being sent goes at the new rate. */
    if (l->queue_n > 0 && old != set->rate_bps)
        l->sent_us = set->rate_bps ? now_us + (int64_t)((double)(l->sent_us - now_us) *
                                                        (double)old / (double)set->rate_bps)
                                   : now_us;
    link_advance(l, now_us);
}

static void apply(struct impair *m, const struct impair_step *step, int64_t now_us)
{
    if (step->rebind) {
        m->rebinds++;
        return;
    }
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++)
        link_set(&m->links[d], &step->settings[d], now_us);
}

static int64_t next_step_us(const struct impair *m)
{
    const struct impair_script *script = m->config.script;

    if (!m->started || !script || m->step == script->n)
        return NEVER_US;
    return m->start_us + script->steps[m->step].at_us;
}

/* Steps of the script happen at their own time, however late the machine is called. */
static void advance(struct impair *m, int64_t now_us)
{
    int64_t at;

    while ((at = next_step_us(m)) <= now_us) {
        for (int d = 0; d < IMPAIR_DIRECTIONS; d++)
            link_advance(&m->links[d], at);
        apply(m, &m->config.script->steps[m->step++], at);
    }
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++)
        link_advance(&m->links[d], now_us);
}

static enum err link_init(struct link *l, const struct impair_config *config, int direction)
{
    size_t n = (size_t)config->slots;

    /* The two directions must not lose the same packets. */
    l->rnd.s = config->seed;
    for (int i = 0; i <= direction; i++)
        l->rnd.s = rnd_u64(&l->rnd);
    l->slots = mem_zalloc(n, sizeof *l->slots);
    l->unused = mem_zalloc(n, sizeof *l->unused);
    l->queue = mem_zalloc(2 * n, sizeof *l->queue);
    l->flying = mem_zalloc(n, sizeof *l->flying);
    if (!l->slots || !l->unused || !l->queue || !l->flying)
        return ERR_NOMEM;
    while (l->unused_n < config->slots) {
        l->unused[l->unused_n] = l->unused_n;
        l->unused_n++;
    }
    return ERR_OK;
}

enum err impair_new(struct impair **out, const struct impair_config *config)
{
    struct impair *m;

    if (config->slots < 1 || config->slots > IMPAIR_SLOTS_MAX || config->overhead_bytes < 0)
        return ERR_INVAL;
    m = mem_zalloc(1, sizeof *m);
    if (!m)
        return ERR_NOMEM;
    m->config = *config;
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++) {
        if (link_init(&m->links[d], config, d) != ERR_OK) {
            impair_free(m);
            return ERR_NOMEM;
        }
    }
    for (int i = 0; config->script && i < config->script->n; i++) {
        const struct impair_step *s = &config->script->steps[i];

        if (s->at_us == 0 && !s->rebind)
            apply(m, s, 0);
    }
    *out = m;
    return ERR_OK;
}

void impair_free(struct impair *m)
{
    if (!m)
        return;
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++) {
        mem_free(m->links[d].slots);
        mem_free(m->links[d].unused);
        mem_free(m->links[d].queue);
        mem_free(m->links[d].flying);
    }
    mem_free(m);
}

void impair_start(struct impair *m, int64_t start_us)
{
    m->started = true;
    m->start_us = start_us;
}

static struct luck draw_luck(struct rnd *r)
{
    struct luck k;

    k.loss = draw(r);
    k.turn = draw(r);
    k.burst = draw(r);
    k.jitter = draw(r);
    k.copy_jitter = draw(r);
    k.reorder = draw(r);
    k.duplicate = draw(r);
    return k;
}

/* A chain of two states in continuous time forgets where it was by exp(-t / tau), where 1 / tau is
 * the sum of the rates of leaving and entering. */
static bool turns(const struct link *l, int64_t now_us, double turn)
{
    const struct impair_settings *set = &l->set;
    double there, tau;

    if (set->burst_us == 0)
        return turn < (l->bad ? set->burst_leave : set->burst_enter);
    tau = (1 - set->burst_share) * (double)set->burst_us;
    there = l->bad ? 1 - set->burst_share : set->burst_share;
    return turn < there * (1 - exp(-(double)(now_us - l->bad_us) / tau));
}

/* The counter of what takes the packet away before the queue, or NULL. */
static uint64_t *taken_by(struct link *l, unsigned kinds, size_t len, const struct luck *k,
                          int64_t now_us)
{
    if (turns(l, now_us, k->turn))
        l->bad = !l->bad;
    l->bad_us = now_us;
    if (l->set.outage)
        return &l->counters.lost_outage;
    if (len > IMPAIR_PACKET_MAX)
        return &l->counters.oversize;
    if (kinds & l->set.drop)
        return &l->counters.dropped;
    if (l->bad && k->burst < l->set.burst_loss)
        return &l->counters.lost_burst;
    if (k->loss < l->set.loss)
        return &l->counters.lost;
    return NULL;
}

/* An empty queue takes a packet of any length: else a slow line would carry nothing. */
static bool queue_is_full(const struct link *l, int64_t now_us, int64_t bits)
{
    if (!l->set.rate_bps || l->queue_n == 0)
        return false;
    if (l->set.queue_bytes)
        return l->queue_bits + bits > l->set.queue_bytes * 8;
    return waiting_us(l, now_us) + sending_us(l, bits) > l->set.queue_us;
}

static void enqueue(struct link *l, int i, int64_t now_us)
{
    int64_t wait = waiting_us(l, now_us);

    /* The ring has twice the room, so that it is moved back to its start seldom. */
    if (l->queue_n == 0)
        l->queue_first = 0;
    l->queue[l->queue_first + l->queue_n++] = i;
    l->queue_bits += l->slots[i].bits;
    if (l->queue_n == 1)
        l->sent_us = now_us + sending_us(l, l->slots[i].bits);
    if ((uint64_t)wait > l->counters.queue_max_us)
        l->counters.queue_max_us = (uint64_t)wait;
}

static void make_room_in_ring(struct link *l, int slots)
{
    if (l->queue_first + l->queue_n < 2 * slots)
        return;
    memmove(l->queue, l->queue + l->queue_first, (size_t)l->queue_n * sizeof *l->queue);
    l->queue_first = 0;
}

void impair_input(struct impair *m, int64_t now_us, enum impair_direction direction, unsigned kinds,
                  const uint8_t *bytes, size_t len)
{
    struct link *l = &m->links[direction];
    int64_t bits = 8 * ((int64_t)len + m->config.overhead_bytes);
    struct luck k = draw_luck(&l->rnd);
    uint64_t *taken;
    int i;

    advance(m, now_us);
    l->counters.in++;
    l->counters.in_bytes += len;
    taken = taken_by(l, kinds, len, &k, now_us);
    if (!taken && queue_is_full(l, now_us, bits))
        taken = &l->counters.lost_queue;
    if (!taken && l->unused_n == 0)
        taken = &l->counters.full;
    if (taken) {
        ++*taken;
        return;
    }
    i = l->unused[--l->unused_n];
    memcpy(l->slots[i].bytes, bytes, len);
    l->slots[i].len = len;
    l->slots[i].bits = bits;
    l->slots[i].luck = k;
    make_room_in_ring(l, m->config.slots);
    enqueue(l, i, now_us);
    link_advance(l, now_us);
}

static int64_t link_due_us(const struct link *l)
{
    return l->flying_n ? l->slots[l->flying[0]].due_us : NEVER_US;
}

bool impair_poll(struct impair *m, int64_t now_us, struct impair_out *out)
{
    enum impair_direction d;
    struct link *l;
    int i;

    advance(m, now_us);
    d = link_due_us(&m->links[IMPAIR_DOWN]) < link_due_us(&m->links[IMPAIR_UP]) ? IMPAIR_DOWN
                                                                                : IMPAIR_UP;
    l = &m->links[d];
    if (link_due_us(l) > now_us)
        return false;
    i = l->flying[0];
    l->flying[0] = l->flying[--l->flying_n];
    heap_down(l, 0);
    *out = (struct impair_out){ .direction = d,
                                .bytes = l->slots[i].bytes,
                                .len = l->slots[i].len,
                                .due_us = l->slots[i].due_us };
    l->counters.out++;
    l->counters.out_bytes += out->len;
    give_back(l, i);
    return true;
}

int64_t impair_deadline(const struct impair *m)
{
    int64_t at = next_step_us(m);

    for (int d = 0; d < IMPAIR_DIRECTIONS; d++) {
        const struct link *l = &m->links[d];

        at = earlier_us(at, link_due_us(l));
        if (l->queue_n > 0)
            at = earlier_us(at, l->sent_us);
    }
    return at;
}

unsigned impair_rebinds(const struct impair *m)
{
    return m->rebinds;
}

int impair_inside(const struct impair *m, enum impair_direction direction)
{
    return m->links[direction].flying_n + m->links[direction].queue_n;
}

const struct impair_counters *impair_counters(const struct impair *m,
                                              enum impair_direction direction)
{
    return &m->links[direction].counters;
}
