/* SPDX-License-Identifier: Apache-2.0
 *
 * See archive.h. The one place to translate its words.
 */
#include "server/render/archive.h"

#include <string.h>

#include "server/render/csv.h"
#include "server/render/format.h"
#include "server/render/xlsx.h"

struct words {
    const char *file, *act, *form, *accepted, *draft, *correcting;
    const char *states[FLOW_STATE_COUNT];
    const char *acts[ARCHIVE_ACT_COUNT];
};

static const struct words english = {
    .file = "File",
    .act = "Who has to act",
    .form = "In the file",
    .accepted = "as accepted",
    .draft = "draft",
    .correcting = "as accepted; a correction is being written",
    .states = { [FLOW_NOT_DUE] = "the month is not over",
                [FLOW_DUE] = "nothing is written yet",
                [FLOW_DRAFT] = "being written",
                [FLOW_SUBMITTED] = "at the centre",
                [FLOW_RETURNED] = "returned to the mentor",
                [FLOW_ACCEPTED] = "accepted, not at the school yet",
                [FLOW_DUPLICATED] = "at the school",
                [FLOW_ACKNOWLEDGED] = "acknowledged by the school" },
    .acts = { [ARCHIVE_ACT_NONE] = "",
              [ARCHIVE_ACT_LATER] = "nobody before the month is over",
              [ARCHIVE_ACT_MENTOR] = "the mentor: write the report and send it",
              [ARCHIVE_ACT_COORDINATOR] = "the coordinator: accept it and see that the school "
                                          "has it",
              [ARCHIVE_ACT_SCHOOL] = "the school: open and acknowledge it" },
};

static const struct words russian = {
    .file = "Файл",
    .act = "За кем дело",
    .form = "В архиве",
    .accepted = "как принят",
    .draft = "черновик",
    .correcting = "как принят; пишется исправление",
    .states = { [FLOW_NOT_DUE] = "месяц ещё не закончился",
                [FLOW_DUE] = "ещё ничего не написано",
                [FLOW_DRAFT] = "пишется",
                [FLOW_SUBMITTED] = "в центре",
                [FLOW_RETURNED] = "возвращён учителю",
                [FLOW_ACCEPTED] = "принят, школа ещё не получила",
                [FLOW_DUPLICATED] = "у школы",
                [FLOW_ACKNOWLEDGED] = "школа подтвердила" },
    .acts = { [ARCHIVE_ACT_NONE] = "",
              [ARCHIVE_ACT_LATER] = "ни за кем, пока месяц не закончился",
              [ARCHIVE_ACT_MENTOR] = "за учителем: написать отчёт и отправить",
              [ARCHIVE_ACT_COORDINATOR] = "за координатором: принять отчёт и передать школе",
              [ARCHIVE_ACT_SCHOOL] = "за школой: открыть отчёт и подтвердить" },
};

static void head(struct csv *c, const struct labels *l, const struct words *w)
{
    static const enum label who[] = { LABEL_SCHOOL, LABEL_MENTOR, LABEL_CHILD, LABEL_STATUS };
    static const enum label sums[] = { LABEL_VERSION,    LABEL_PLANNED,  LABEL_HELD,
                                       LABEL_PARTIAL,    LABEL_NOT_HELD, LABEL_CANCELLED,
                                       LABEL_CONTACT_MIN };

    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++)
        csv_text(c, l->text[who[i]]);
    csv_text(c, w->act);
    csv_text(c, w->form);
    csv_text(c, w->file);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        csv_text(c, l->text[sums[i]]);
    csv_end_row(c);
}

static void sums(struct csv *c, const struct report_totals *t)
{
    char text[FORMAT_MAX];

    csv_int(c, t->planned);
    csv_int(c, t->held);
    csv_int(c, t->partial);
    csv_int(c, t->not_held);
    csv_int(c, t->cancelled);
    format_minutes(text, t->contact_ms, ".");
    csv_plain(c, text);
    csv_end_row(c);
}

static void line(struct csv *c, const struct archive_line *l, const struct words *w)
{
    const struct archive_entry *e = &l->entry;

    csv_text(c, l->school);
    csv_text(c, l->mentor);
    csv_text(c, l->child);
    csv_text(c, w->states[e->state]);
    csv_text(c, w->acts[e->act]);
    csv_text(c, e->correcting ? w->correcting : e->frozen ? w->accepted : w->draft);
    csv_text(c, l->file);
    csv_int(c, e->version);
    sums(c, &l->totals);
}

static void rows(struct csv *c, const struct archive_line *lines, size_t n, bool missing,
                 const char *lang)
{
    const struct labels *l = labels_for(lang);
    const struct words *w = strcmp(l->lang, "ru") == 0 ? &russian : &english;
    struct report_totals all = { 0 };

    head(c, l, w);
    for (size_t i = 0; i < n; i++) {
        const struct report_totals *t = &lines[i].totals;

        if (missing && lines[i].entry.act == ARCHIVE_ACT_NONE)
            continue;
        line(c, &lines[i], w);
        all.planned += t->planned;
        all.held += t->held;
        all.partial += t->partial;
        all.not_held += t->not_held;
        all.cancelled += t->cancelled;
        all.contact_ms += t->contact_ms;
    }
    if (missing)
        return;
    csv_text(c, l->text[LABEL_TOTALS]);
    for (int i = 0; i < 7; i++)
        csv_text(c, NULL);
    sums(c, &all);
}

enum err archive_csv(const struct archive_line *lines, size_t n, bool missing, const char *lang,
                     uint8_t **bytes, size_t *len)
{
    struct strbuf b;
    struct csv c = { .out = &b };
    char *text = NULL;
    size_t all;
    enum err e;

    strbuf_init(&b);
    rows(&c, lines, n, missing, lang);
    all = b.len;
    e = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    if (e)
        return e;
    *bytes = (uint8_t *)text;
    *len = all;
    return ERR_OK;
}

enum err archive_xlsx(const struct archive_line *lines, size_t n, const char *lang, int64_t made_ms,
                      uint8_t **bytes, size_t *len)
{
    struct xlsx x;
    struct csv c;
    enum err e = xlsx_open(&x, labels_for(lang)->text[LABEL_MONTH], made_ms);

    if (e)
        return e;
    c = xlsx_rows(&x);
    rows(&c, lines, n, false, lang);
    return xlsx_close(&x, ERR_OK, bytes, len);
}
