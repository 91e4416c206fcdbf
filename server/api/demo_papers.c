/* SPDX-License-Identifier: Apache-2.0
 *
 * The hiring set of the demo's mentors; see demo_world.h. Their documents are
 * one-page PDFs that name what they stand for.
 */
#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/demo.h"
#include "server/api/demo_world.h"
#include "server/domain/zone.h"
#include "server/store/hiring.h"
#include "server/store/staff.h"
#include "server/store/user.h"
#include "server/sys/files.h"

#define CERTIFICATE_DAYS_OLD 60
#define MUSIC (DEMO_SUBJECTS - 1)

/* One page that says what it stands for: a PDF of five objects with its table of places. */
static enum err draw_document(int mentor, enum document_kind kind, struct strbuf *b)
{
    char text[120], content[160];
    const char *const objects[] = { "<</Type/Catalog/Pages 2 0 R>>",
                                    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                                    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
                                    "/Resources<</Font<</F1 5 0 R>>>>>>",
                                    content, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>" };
    size_t places[sizeof objects / sizeof objects[0]], n = sizeof objects / sizeof objects[0], end;

    if (!str_format(text, sizeof text, "BT /F1 20 Tf 72 740 Td (Demo %d: %s) Tj ET", mentor + 1,
                    document_name(kind)) ||
        !str_format(content, sizeof content, "<</Length %zu>>stream\n%s\nendstream", strlen(text),
                    text))
        return ERR_INVAL;
    strbuf_printf(b, "%%PDF-1.4\n");
    for (size_t i = 0; i < n; i++) {
        places[i] = b->len;
        strbuf_printf(b, "%zu 0 obj%s endobj\n", i + 1, objects[i]);
    }
    end = b->len;
    strbuf_printf(b, "xref\n0 %zu\n0000000000 65535 f \n", n + 1);
    for (size_t i = 0; i < n; i++)
        strbuf_printf(b, "%010zu 00000 n \n", places[i]);
    strbuf_printf(b, "trailer<</Size %zu/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", n + 1, end);
    return strbuf_ok(b) ? ERR_OK : ERR_NOMEM;
}

/* Its digest, and the name of its file: made of what it is, so that it is found again. */
static enum err name_document(int mentor, enum document_kind kind, const struct strbuf *file,
                              struct staff_document *d)
{
    uint8_t of[STAFF_SHA_BYTES];
    char text[64], hex[2 * STAFF_SHA_BYTES + 1];

    if (!str_format(text, sizeof text, "demo %d %d", mentor, (int)kind) ||
        !EVP_Digest(text, strlen(text), of, NULL, EVP_sha256(), NULL) ||
        !EVP_Digest(file->s, file->len, d->sha256, NULL, EVP_sha256(), NULL))
        return ERR_INVAL;
    str_hex(of, sizeof of, hex);
    hex[STAFF_FILE_CHARS] = '\0';
    d->bytes = (int64_t)file->len;
    return str_copy(d->name, sizeof d->name, hex) ? ERR_OK : ERR_INVAL;
}

static enum err add_document(struct demo_world *w, int mentor, enum document_kind kind,
                             int64_t issued_ms)
{
    struct staff_document d = { .mentor = w->mentors[mentor],
                                .kind = kind,
                                .type = UPLOAD_PDF,
                                .issued_ms = issued_ms,
                                .expires_ms = TERM_OPEN_MS };
    struct strbuf file;
    int64_t id;
    enum err err;

    strbuf_init(&file);
    err = draw_document(mentor, kind, &file);
    if (!err)
        err = name_document(mentor, kind, &file, &d);
    strbuf_deinit(&file);
    if (!err)
        err = staff_document_add(w->db, &d, w->now_ms, w->mentor_users[mentor], &id);
    return err ? err : staff_document_verify(w->db, id, true, w->now_ms, w->coordinator);
}

/* Stores the file of a row that waits for it. */
static enum err store_document(const char *folder, int mentor, enum document_kind kind)
{
    struct staff_document d;
    struct strbuf file;
    int64_t len;
    int fd = -1;
    enum err err;

    strbuf_init(&file);
    err = draw_document(mentor, kind, &file);
    if (!err)
        err = name_document(mentor, kind, &file, &d);
    if (!err)
        err = files_open(folder, d.name, &fd, &len);
    if (fd >= 0)
        (void)close(fd);
    if (err == ERR_NOTFOUND)
        err = files_store_as(folder, d.name, file.s, file.len);
    strbuf_deinit(&file);
    return err;
}

enum err demo_files(const char *folder)
{
    enum err err = ERR_OK;

    for (int i = 0; !err && i < DEMO_MENTORS; i++)
        for (enum document_kind k = 0; !err && k < DOCUMENT_COUNT; k++)
            if (document_required(k))
                err = store_document(folder, i, k);
    return err;
}

static enum err add_course(struct demo_world *w, int mentor, int64_t from_ms)
{
    struct training t = { .mentor = w->mentors[mentor],
                          .course = "Контакт с больным ребёнком",
                          .provider = "Институт развития образования",
                          .hours = 72,
                          .issued_ms = from_ms,
                          .expires_ms = TERM_OPEN_MS,
                          .topics = 1u << TOPIC_CONTACT_PSYCHOLOGY,
                          .verified_by = w->coordinator };
    int64_t id;

    return training_add(w->db, &t, w->now_ms, w->coordinator, &id);
}

static enum err add_qualification(struct demo_world *w, int mentor, int subject, int64_t from_ms)
{
    struct qualification q = { .mentor = w->mentors[mentor],
                               .subject_id = w->subjects[subject],
                               .grade_from = 1,
                               .grade_to = 11,
                               .issued_ms = from_ms,
                               .verified_by = w->coordinator };
    int64_t id;

    return qualification_add(w->db, &q, w->now_ms, w->coordinator, &id);
}

static enum err add_order(struct demo_world *w, int mentor, int school, int64_t from_ms)
{
    struct employment_order o = { .mentor = w->mentors[mentor],
                                  .school = w->schools[school],
                                  .signed_ms = from_ms,
                                  .rate_percent = 50,
                                  .week_minutes = 9 * 60,
                                  .from_ms = from_ms,
                                  .to_ms = TERM_OPEN_MS,
                                  .acquainted_ms = from_ms };
    int month, day;
    int64_t id;

    date_from_days(from_ms / MS_PER_DAY, &o.year, &month, &day);
    if (!str_format(o.number, sizeof o.number, "%d-%d", 48 + mentor, school + 1))
        return ERR_INVAL;
    return order_add(w->db, &o, w->now_ms, w->coordinator, &id);
}

static enum err hire(struct demo_world *w, int mentor, int64_t from_ms)
{
    enum err err = add_course(w, mentor, from_ms);

    for (enum document_kind k = 0; !err && k < DOCUMENT_COUNT; k++)
        if (document_required(k))
            err = add_document(
                w, mentor, k,
                k == DOCUMENT_NO_RECORD ? w->now_ms - CERTIFICATE_DAYS_OLD * MS_PER_DAY : from_ms);
    if (!err)
        err = add_qualification(w, mentor, demo_subject_of(mentor), from_ms);
    if (!err && mentor == DEMO_MENTORS - 1) /* who also teaches music */
        err = add_qualification(w, mentor, MUSIC, from_ms);
    for (int s = 0; !err && s < DEMO_SCHOOLS; s++)
        err = add_order(w, mentor, s, from_ms);
    for (int c = 0; !err && c < DEMO_CHILDREN; c++)
        if (demo_teaches(mentor, c))
            err = introduction_add(w->db, w->mentors[mentor], w->children[c], from_ms, w->now_ms,
                                   w->coordinator);
    return err;
}

enum err demo_papers(struct demo_world *w, int64_t from_ms)
{
    struct staff_document_list l = { 0 };
    enum err err = staff_document_list(w->db, w->mentors[0], &l);
    bool there = l.n > 0;

    staff_document_list_free(&l);
    for (int i = 0; !err && !there && i < DEMO_MENTORS; i++)
        err = hire(w, i, from_ms);
    return err;
}
