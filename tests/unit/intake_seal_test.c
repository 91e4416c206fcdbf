/* SPDX-License-Identifier: Apache-2.0
 *
 * server/sys/seal: a value opens in its own place under its own key and
 * nowhere else, and the key file is read strictly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/sys/seal.h"

#define ok(call) assert_int_equal(call, ERR_OK)

#define TEXT "J45.0 бронхиальная астма"

static const struct seal_place place = { "medical_basis", "sealed", 41 };

struct room {
    char dir[64];
    char path[96];
    struct seal_ring ring;
};

static int open_room(void **state)
{
    static struct room r;

    memset(&r, 0, sizeof r);
    assert_true(str_copy(r.dir, sizeof r.dir, "/tmp/parta-seal-XXXXXX"));
    assert_non_null(mkdtemp(r.dir));
    assert_true(str_format(r.path, sizeof r.path, "%s/keys", r.dir));
    ok(seal_ring_load(r.path, true, &r.ring));
    *state = &r;
    return 0;
}

static int close_room(void **state)
{
    struct room *r = *state;

    (void)unlink(r->path);
    return rmdir(r->dir);
}

static uint8_t *sealed(const struct room *r, const char *text, size_t *len)
{
    uint8_t *v;

    ok(seal_close(&r->ring, &place, text, strlen(text), &v, len));
    assert_int_equal(*len, strlen(text) + SEAL_OVERHEAD);
    return v;
}

/* Opens at, expecting an error and an untouched result. */
static void stays_shut(const struct seal_ring *ring, const struct seal_place *at,
                       const uint8_t *value, size_t len, enum err want)
{
    char *text = (char *)1;
    size_t text_len = 77;

    assert_int_equal(seal_open(ring, at, value, len, &text, &text_len), want);
    assert_ptr_equal(text, (char *)1);
    assert_int_equal(text_len, 77);
}

static void a_value_opens_in_its_place(void **state)
{
    static const char *const texts[] = { TEXT, "", "x" };
    struct room *r = *state;

    for (size_t i = 0; i < 3; i++) {
        size_t len, text_len;
        uint8_t *v = sealed(r, texts[i], &len);
        char *text;

        ok(seal_open(&r->ring, &place, v, len, &text, &text_len));
        assert_int_equal(text_len, strlen(texts[i]));
        assert_string_equal(text, texts[i]);
        seal_text_free(text, text_len);
        mem_free(v);
    }
}

static void a_value_tells_nothing(void **state)
{
    struct room *r = *state;
    size_t a_len, b_len;
    uint8_t *a = sealed(r, TEXT, &a_len), *b = sealed(r, TEXT, &b_len);

    assert_int_equal(a_len, b_len);
    assert_null(memmem(a, a_len, "J45", 3));
    assert_memory_not_equal(a + 5, b + 5, a_len - 5); /* the same text twice: nothing in common */
    assert_memory_not_equal(a + 17, b + 17, 8);
    mem_free(a);
    mem_free(b);
}

static void a_value_of_another_place_does_not_open(void **state)
{
    static const struct seal_place others[] = {
        { "medical_basis", "sealed", 42 },  { "medical_basis", "sealed", 41 + (1LL << 32) },
        { "recommendation", "sealed", 41 }, { "medical_basis", "words", 41 },
        { "medical_basissealed", "", 41 },  { "medical_basi", "ssealed", 41 },
    };
    struct room *r = *state;
    size_t len;
    uint8_t *v = sealed(r, TEXT, &len);

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        stays_shut(&r->ring, &others[i], v, len, ERR_DENIED);
    mem_free(v);
}

static void a_changed_value_does_not_open(void **state)
{
    struct room *r = *state;
    size_t len;
    uint8_t *v = sealed(r, TEXT, &len);

    for (size_t i = 0; i < len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            v[i] ^= (uint8_t)(1 << bit);
            stays_shut(&r->ring, &place, v, len,
                       i == 0  ? ERR_PARSE
                       : i < 5 ? ERR_NOTFOUND
                               : ERR_DENIED);
            v[i] ^= (uint8_t)(1 << bit);
        }
    }
    mem_free(v);
}

static void a_value_cut_short_does_not_open(void **state)
{
    struct room *r = *state;
    size_t len;
    uint8_t *v = sealed(r, TEXT, &len);

    for (size_t n = 0; n < len; n++)
        stays_shut(&r->ring, &place, v, n, n < SEAL_OVERHEAD ? ERR_PARSE : ERR_DENIED);
    mem_free(v);
}

static void another_key_does_not_open(void **state)
{
    struct room *r = *state;
    struct seal_ring other = r->ring, none = { 0 };
    size_t len;
    uint8_t *v = sealed(r, TEXT, &len);

    other.keys[0].key[31] ^= 1;
    stays_shut(&other, &place, v, len, ERR_DENIED);
    other.keys[0].id = 9;
    stays_shut(&other, &place, v, len, ERR_NOTFOUND);
    stays_shut(&none, &place, v, len, ERR_NOTFOUND);
    assert_int_equal(seal_close(&none, &place, "x", 1, &v, &len), ERR_INVAL);
    mem_free(v);
}

static void an_endless_text_is_refused(void **state)
{
    struct room *r = *state;
    uint8_t *v = NULL;
    size_t len;

    assert_int_equal(seal_close(&r->ring, &place, TEXT, SEAL_TEXT_MAX + 1, &v, &len), ERR_INVAL);
    assert_null(v);
}

static void a_renewed_key_seals_and_the_old_one_still_opens(void **state)
{
    struct room *r = *state;
    struct seal_ring both;
    size_t old_len, new_len, n;
    uint8_t *old = sealed(r, TEXT, &old_len), *fresh;
    char *text;

    ok(seal_ring_renew(r->path));
    ok(seal_ring_load(r->path, false, &both));
    assert_int_equal(both.n, 2);
    assert_memory_equal(both.keys[0].key, r->ring.keys[0].key, SEAL_KEY_BYTES);
    ok(seal_open(&both, &place, old, old_len, &text, &n));
    assert_string_equal(text, TEXT);
    seal_text_free(text, n);
    ok(seal_close(&both, &place, TEXT, strlen(TEXT), &fresh, &new_len));
    assert_int_equal(fresh[4], 2); /* the key's number */
    stays_shut(&r->ring, &place, fresh, new_len, ERR_NOTFOUND);
    mem_free(old);
    mem_free(fresh);
    for (int i = 2; i < SEAL_KEYS_MAX; i++)
        ok(seal_ring_renew(r->path));
    assert_int_equal(seal_ring_renew(r->path), ERR_NOMEM); /* and the file is as it was */
    ok(seal_ring_load(r->path, false, &both));
    assert_int_equal(both.n, SEAL_KEYS_MAX);
}

static void the_file_is_the_owners_alone(void **state)
{
    struct room *r = *state;
    struct seal_ring again;
    struct stat st;

    assert_int_equal(stat(r->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    ok(seal_ring_load(r->path, true, &again));
    assert_memory_equal(&again, &r->ring, sizeof again); /* not made anew */
    assert_int_equal(chmod(r->path, 0640), 0);
    assert_int_equal(seal_ring_load(r->path, true, &again), ERR_DENIED);
    assert_int_equal(unlink(r->path), 0);
    assert_int_equal(seal_ring_load(r->path, false, &again), ERR_NOTFOUND);
    assert_int_equal(seal_ring_renew(r->path), ERR_NOTFOUND);
    assert_int_equal(access(r->path, F_OK), -1);
}

#define HEX8 "01234567"
#define HEX32 HEX8 HEX8 HEX8 HEX8
#define HEX HEX32 HEX32

static void only_a_key_file_is_read(void **state)
{
    static const struct {
        const char *text;
        enum err want;
    } t[] = {
        { "1 " HEX "\n", ERR_OK },
        { "3 " HEX "\n7 " HEX "\n", ERR_OK },
        { "4294967295 " HEX "\n", ERR_OK },
        { "", ERR_PARSE },
        { "1 " HEX, ERR_PARSE }, /* cut */
        { "1 " HEX "\n2 " HEX32 "\n", ERR_PARSE },
        { "1 " HEX "\n1 " HEX "\n", ERR_PARSE },
        { "2 " HEX "\n1 " HEX "\n", ERR_PARSE },
        { "0 " HEX "\n", ERR_PARSE },
        { "4294967296 " HEX "\n", ERR_PARSE },
        { "99999999999 " HEX "\n", ERR_PARSE },
        { "1  " HEX "\n", ERR_PARSE },
        { "1 " HEX "0\n", ERR_PARSE },
        { "1 " HEX32 HEX8 HEX8 HEX8 "0123456G\n", ERR_PARSE },
        { "1 " HEX "\n\n", ERR_PARSE },
        { "key " HEX "\n", ERR_PARSE },
    };
    struct room *r = *state;

    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        FILE *f = fopen(r->path, "w");
        struct seal_ring ring;

        assert_non_null(f);
        assert_true(fputs(t[i].text, f) >= 0);
        assert_int_equal(fclose(f), 0);
        if (seal_ring_load(r->path, true, &ring) != t[i].want)
            fail_msg("row %zu", i);
    }
}

#define t(f) cmocka_unit_test_setup_teardown(f, open_room, close_room)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(a_value_opens_in_its_place),
        t(a_value_tells_nothing),
        t(a_value_of_another_place_does_not_open),
        t(a_changed_value_does_not_open),
        t(a_value_cut_short_does_not_open),
        t(another_key_does_not_open),
        t(an_endless_text_is_refused),
        t(a_renewed_key_seals_and_the_old_one_still_opens),
        t(the_file_is_the_owners_alone),
        t(only_a_key_file_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
