/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/upload: what is taken for a PDF, a PNG or a JPEG, and the
 * traps of RELIABILITY T12 that are not: every whole file cut at every byte,
 * scripts, archives, pages and pictures that only begin like one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/domain/upload.h"

#define PDF "%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0crcc"
#define PNG_DATA "\0\0\0\2IDATxxcrcc"
#define PNG_END "\0\0\0\0IENDcrcc"
#define PNG PNG_HEAD PNG_DATA PNG_END
#define JPEG_HEAD "\xff\xd8\xff\xe0\0\4xx\xff\xc0\0\5xxx"
#define JPEG_SCAN                                                                                  \
    "\xff\xda\0\3x"                                                                                \
    "data\xff\0more\xff\xd0more"
#define JPEG JPEG_HEAD JPEG_SCAN "\xff\xd9"

static enum upload_type type(const char *bytes, size_t len)
{
    return upload_type_of((const uint8_t *)bytes, len);
}

#define TYPE(text) type(text, sizeof(text) - 1)

static void whole_files_are_known(void **state)
{
    (void)state;
    assert_int_equal(TYPE(PDF), UPLOAD_PDF);
    assert_int_equal(TYPE("%PDF-2.0\nstartxref\n9\n%%EOF"), UPLOAD_PDF);
    assert_int_equal(TYPE(PNG), UPLOAD_PNG);
    assert_int_equal(TYPE(JPEG), UPLOAD_JPEG);
    assert_int_equal(TYPE(JPEG_HEAD JPEG_SCAN "\xff\xda\0\3xmore\xff\xff\xd9"), UPLOAD_JPEG);
    assert_int_equal(TYPE(JPEG_HEAD JPEG_SCAN "\xff\xc4\0\3x" JPEG_SCAN "\xff\xd9"), UPLOAD_JPEG);
    assert_int_equal(TYPE(JPEG "what a telephone puts behind"), UPLOAD_JPEG);
}

static void cut_anywhere_it_is_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i + 6 < sizeof PDF; i++) /* the last line feed may be missing */
        assert_int_equal(type(PDF, i), UPLOAD_UNKNOWN);
    for (size_t i = 0; i < sizeof PNG - 1; i++)
        assert_int_equal(type(PNG, i), UPLOAD_UNKNOWN);
    for (size_t i = 0; i < sizeof JPEG - 1; i++)
        assert_int_equal(type(JPEG, i), UPLOAD_UNKNOWN);
}

#define TRAP(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static void traps_are_nothing(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } traps[] = {
        TRAP(""),
        TRAP("\n" PDF),
        TRAP("GIF89a" PDF),
        TRAP("<html>" PDF),
        TRAP("%PDF-3.0\nstartxref\n9\n%%EOF"),
        TRAP("%PDF-1,7\nstartxref\n9\n%%EOF"),
        TRAP("%PDF-1.x\nstartxref\n9\n%%EOF"),
        TRAP("%PDF-1./\nstartxref\n9\n%%EOF"),
        TRAP("%PDF-1.7\n%%EOF and no table"),
        TRAP("%PDF-1.7\nstartxref and no end"),
        TRAP("%FDF-1.7\nstartxref\n9\n%%EOF"),
        TRAP(PNG "<script>"),
        TRAP(PNG PNG),
        TRAP(PNG_HEAD PNG_END),
        TRAP(PNG_DATA PNG_END),
        TRAP("\x89PNG\r\n\x1a\n" PNG_DATA PNG_END),
        TRAP("\x89PNG\r\n\x1a\n\0\0\0\x0eIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\0crcc" PNG_DATA PNG_END),
        TRAP("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\0\1\x08\0\0\0\0crcc" PNG_DATA PNG_END),
        TRAP("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\0\x08\0\0\0\0crcc" PNG_DATA PNG_END),
        TRAP("\x89PNG\r\n\x1a\n\0\0\0\x0dIDAT\0\0\0\1\0\0\0\1\x08\0\0\0\0crcc" PNG_DATA PNG_END),
        TRAP(PNG_HEAD PNG_DATA "\0\0\0\1IENDxcrcc"),
        TRAP(PNG_HEAD "\xff\xff\xff\xffIDATxxcrcc" PNG_END),
        TRAP("\xff\xd8\xff\xd9"),
        TRAP(JPEG_HEAD "\xff\xd9"),
        TRAP("\xff\xd8" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8\xff\xc4\0\3x" JPEG_SCAN "\xff\xd9"), /* tables are no frame */
        TRAP("\xff\xd8\xff\xc8\0\3x" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8\xff\xcc\0\3x" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8\xff\xe0\0\1" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8\xff\xe0\xff\xffxx"),
        TRAP("\xff\xd8\xff\xbf\0\2" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8\xff\xd0\0\2" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8\xff\xd8\0\2" JPEG_SCAN "\xff\xd9"),
        TRAP("\xff\xd8<svg onload=alert(1)>"),
        TRAP("\xff\xd8\xff\xff\xff"),
        TRAP("PK\3\4 a zip, or an office document"),
        TRAP("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        TRAP("#!/bin/sh\n" PNG),
        TRAP("MZ\x90"),
        TRAP("GIF89a\1\0\1\0"),
        TRAP("RIFF\0\0\0\0WEBPVP8 "),
    };

    (void)state;
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) {
        if (type(traps[i].bytes, traps[i].len) != UPLOAD_UNKNOWN)
            print_error("trap %zu\n", i);
        assert_int_equal(type(traps[i].bytes, traps[i].len), UPLOAD_UNKNOWN);
    }
}

/* The end mark has to stand in the last 1024 bytes. */
static void the_end_of_a_pdf_is_at_its_end(void **state)
{
    static char file[2100];
    static const char mark[] = "startxref\n%%EOF";
    size_t n = sizeof mark - 1;

    (void)state;
    memset(file, ' ', sizeof file);
    memcpy(file, "%PDF-1.4\n", 9);
    memcpy(file + sizeof file - 1024, mark, n);
    assert_int_equal(type(file, sizeof file), UPLOAD_PDF);
    memset(file + sizeof file - 1024, ' ', n);
    memcpy(file + sizeof file - 1025, mark, n);
    assert_int_equal(type(file, sizeof file), UPLOAD_UNKNOWN);
}

static void words_are_stable(void **state)
{
    (void)state;
    for (enum upload_type t = UPLOAD_UNKNOWN; t <= UPLOAD_JPEG; t++)
        assert_int_equal(upload_parse(upload_name(t)), t);
    assert_int_equal(upload_parse("svg"), UPLOAD_UNKNOWN);
    assert_string_equal(upload_name((enum upload_type)9), "unknown");
    assert_string_equal(upload_mime((enum upload_type)9), "application/octet-stream");
    assert_string_equal(upload_ending((enum upload_type)9), "bin");
    assert_string_equal(upload_mime(UPLOAD_JPEG), "image/jpeg");
    assert_string_equal(upload_ending(UPLOAD_JPEG), "jpg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files_are_known), cmocka_unit_test(cut_anywhere_it_is_nothing),
        cmocka_unit_test(traps_are_nothing),     cmocka_unit_test(the_end_of_a_pdf_is_at_its_end),
        cmocka_unit_test(words_are_stable),
    };

    return cmocka_run_group_tests_name("hiring upload", tests, NULL, NULL);
}
