/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a list that somebody brings along. The first byte chooses the kind; one that is '@'
 * packs the rest as the first sheet of a workbook, because no fuzzer invents an archive. What is
 * read without a fault has the rows and texts it says.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/api/import.h"
#include "server/tables/read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct import *i)
{
    const struct roster *r = &i->roster;

    for (size_t k = 0; k < r->children_n; k++) {
        if (!r->children[k].register_no[0] || r->children[k].grade < 1 || r->children[k].grade > 11)
            abort();
    }
    for (size_t k = 0; k < r->mentors_n; k++) {
        if (!roster_login_ok(r->mentors[k].login))
            abort();
    }
    for (size_t k = 0; k < r->lessons_n; k++) {
        if (r->lessons[k].end_min <= r->lessons[k].start_min || r->lessons[k].end_min >= 1440)
            abort();
    }
}

static void read_as(enum roster_kind kind, const uint8_t *data, size_t size)
{
    static struct roster_policy policy;
    struct import *i = mem_zalloc(1, sizeof *i);

    policy = roster_policy_default();
    policy.unpacked_kib = 256;
    if (!i)
        return;
    if (import_read(i, kind, data, size, &policy) == ERR_OK)
        check(i);
    import_deinit(i);
    mem_free(i);
}

static void read_sheet(const uint8_t *data, size_t size)
{
    static const char book[] = "<workbook><sheets><sheet r:id=\"a\"/></sheets></workbook>";
    static const char rels[] = "<R><Relationship Id=\"a\" Target=\"s.xml\"/></R>";
    static const char strings[] = "<sst><si><t>name</t></si><si><t>login</t></si></sst>";
    struct pack_out *p;
    uint8_t *bytes;
    size_t len;

    if (pack_new(&p) != ERR_OK)
        return;
    if (pack_add(p, "xl/workbook.xml", book, sizeof book - 1) ||
        pack_add(p, "xl/_rels/workbook.xml.rels", rels, sizeof rels - 1) ||
        pack_add(p, "xl/sharedStrings.xml", strings, sizeof strings - 1) ||
        pack_add(p, "xl/s.xml", data, size)) {
        pack_drop(p);
        return;
    }
    if (pack_take(p, &bytes, &len) != ERR_OK)
        return;
    read_as(ROSTER_MENTORS, bytes, len);
    mem_free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == '@')
        read_sheet(data + 1, size - 1);
    else
        read_as((enum roster_kind)(data[0] % ROSTER_KIND_COUNT), data + 1, size - 1);
    return 0;
}
