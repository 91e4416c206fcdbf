/* SPDX-License-Identifier: Apache-2.0
 *
 * Four small hash tables over the same entries. Used by one relay thread.
 */
#include "server/net/legs.h"

#include <string.h>

#include "common/base/mem.h"
#include "server/rtc/peer.h"
#include "server/sys/random.h"

struct entry {
    struct list ufrag_node, leg_node;
    struct list addr_node, asked_node; /* unlinked while there is none */
    struct leg *leg;                   /* borrowed from its stage */
    void *owner;
    struct addr addr, asked;
    char ufrag[PEER_CREDENTIAL_MAX + 1];
};

/* FNV-1a with a secret start and a final mix: short keys, not many, chosen by others. */
static size_t hash(const struct legs *l, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    uint64_t h = UINT64_C(0xcbf29ce484222325) ^ l->seed;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * UINT64_C(0x100000001b3);
    h ^= h >> 32;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h >> 40) % LEGS_BUCKETS;
}

static size_t hash_addr(const struct legs *l, const struct addr *a)
{
    uint8_t key[19];

    key[0] = a->family;
    memcpy(key + 1, a->ip, 16);
    memcpy(key + 17, &a->port, 2);
    return hash(l, key, a->family == 4 ? 5 : 17) ^ (hash(l, key + 17, 2) & (LEGS_BUCKETS - 1));
}

enum err legs_init(struct legs *l)
{
    enum err e = random_bytes(&l->seed, sizeof l->seed);

    for (size_t i = 0; i < LEGS_BUCKETS; i++) {
        list_init(&l->by_ufrag[i]);
        list_init(&l->by_addr[i]);
        list_init(&l->by_asked[i]);
        list_init(&l->by_leg[i]);
    }
    l->n = 0;
    return e;
}

static void free_entry(struct legs *l, struct entry *e)
{
    list_unlink(&e->ufrag_node);
    list_unlink(&e->addr_node);
    list_unlink(&e->asked_node);
    list_unlink(&e->leg_node);
    mem_free(e);
    l->n--;
}

void legs_deinit(struct legs *l)
{
    for (size_t i = 0; i < LEGS_BUCKETS; i++) {
        LIST_EACH (&l->by_leg[i], node)
            free_entry(l, LIST_OWNER(node, struct entry, leg_node));
    }
}

static struct entry *by_leg(const struct legs *l, const struct leg *leg)
{
    const struct list *bucket = &l->by_leg[hash(l, &leg, sizeof leg)];

    LIST_EACH (bucket, node) {
        struct entry *e = LIST_OWNER(node, struct entry, leg_node);

        if (e->leg == leg)
            return e;
    }
    return NULL;
}

enum err legs_add(struct legs *l, struct leg *leg, const char *ufrag, void *owner)
{
    size_t len = strlen(ufrag);
    struct entry *e;

    if (by_leg(l, leg))
        return ERR_OK;
    e = len < sizeof e->ufrag ? mem_zalloc(1, sizeof *e) : NULL;
    if (!e)
        return ERR_NOMEM;
    memcpy(e->ufrag, ufrag, len + 1);
    e->leg = leg;
    e->owner = owner;
    list_init(&e->addr_node);
    list_init(&e->asked_node);
    list_append(&l->by_ufrag[hash(l, ufrag, len)], &e->ufrag_node);
    list_append(&l->by_leg[hash(l, &leg, sizeof leg)], &e->leg_node);
    l->n++;
    return ERR_OK;
}

static struct entry *by_addr(const struct legs *l, const struct addr *a)
{
    const struct list *bucket = &l->by_addr[hash_addr(l, a)];

    LIST_EACH (bucket, node) {
        struct entry *e = LIST_OWNER(node, struct entry, addr_node);

        if (addr_eq(&e->addr, a))
            return e;
    }
    return NULL;
}

void legs_move(struct legs *l, struct leg *leg, const struct addr *to)
{
    struct entry *e = by_leg(l, leg), *before;

    if (!e)
        return;
    before = by_addr(l, to);
    if (before)
        list_unlink(&before->addr_node);
    list_unlink(&e->addr_node);
    e->addr = *to;
    if (to->family)
        list_append(&l->by_addr[hash_addr(l, to)], &e->addr_node);
}

static struct entry *by_asked(const struct legs *l, const struct addr *a)
{
    const struct list *bucket = &l->by_asked[hash_addr(l, a)];

    LIST_EACH (bucket, node) {
        struct entry *e = LIST_OWNER(node, struct entry, asked_node);

        if (addr_eq(&e->asked, a))
            return e;
    }
    return NULL;
}

void legs_ask(struct legs *l, struct leg *leg, const struct addr *at)
{
    struct entry *e = by_leg(l, leg);

    if (!e)
        return;
    list_unlink(&e->asked_node);
    e->asked = *at;
    list_append(&l->by_asked[hash_addr(l, at)], &e->asked_node);
}

void legs_remove(struct legs *l, struct leg *leg)
{
    struct entry *e = by_leg(l, leg);

    if (e)
        free_entry(l, e);
}

struct leg_found legs_by_ufrag(const struct legs *l, const char *ufrag, size_t len)
{
    const struct list *bucket = &l->by_ufrag[hash(l, ufrag, len)];

    LIST_EACH (bucket, node) {
        struct entry *e = LIST_OWNER(node, struct entry, ufrag_node);

        if (strlen(e->ufrag) == len && memcmp(e->ufrag, ufrag, len) == 0)
            return (struct leg_found){ e->leg, e->owner };
    }
    return (struct leg_found){ 0 };
}

struct leg_found legs_by_addr(const struct legs *l, const struct addr *from)
{
    struct entry *e = by_addr(l, from);

    if (!e)
        e = by_asked(l, from);
    return e ? (struct leg_found){ e->leg, e->owner } : (struct leg_found){ 0 };
}
