/* SPDX-License-Identifier: Apache-2.0
 *
 * Mark sheets between the endpoints (item 33): who asks for which sheet and as
 * what, which version that person is shown, its content, its moves. A sheet
 * goes the way of a month report, so its way is a struct month whose key names
 * mentor, child and school; what is a report's alone is not asked of it. Desk
 * thread.
 */
#ifndef PARTA_API_SHEET_H
#define PARTA_API_SHEET_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/api/month.h"
#include "server/render/labels.h"
#include "server/store/sheet.h"

struct sheet_view {
    struct sheet_key key;
    struct month way;
    struct marks_policy policy;
    char id[REPORT_ID_CHARS];
};

/* SheetId: mentor-child-school-terms a year-first day, of users and the school:
 * 12-40-3-4-2026-09-01 is that of a quarter, ...-2-... of a half-year. */
enum err sheet_id_text(const struct call *c, const struct sheet_key *key, char *out,
                       size_t cap) MUST_CHECK;

/* The sheet of that id, if the person may know of it. *refused: answered already (404). */
enum err sheet_open(struct call *c, const char *id, struct sheet_view *out,
                    bool *refused) MUST_CHECK;
/* The same without asking who. */
enum err sheet_of_key(const struct call *c, const struct sheet_key *key,
                      struct sheet_view *out) MUST_CHECK;

/* When the term of a sheet ends and by when it is due, with the centre's policies; fills two fields
 * of out. */
enum err sheet_times(struct db *db, const struct sheet_key *key, int64_t now_ms,
                     struct marks_policy *marks, struct report_policy *report,
                     struct flow_facts *out) MUST_CHECK;

/* The newest version that the school has. ERR_NOTFOUND: none. */
enum err sheet_sent(const struct call *c, const struct sheet_view *v, struct doc_row *row,
                    struct delivery *copy) MUST_CHECK;

/* As month_shown. */
enum err sheet_shown(struct call *c, const struct sheet_view *v, struct month_shown *out,
                     bool *refused) MUST_CHECK;

/* The newest version as lessons and marks make it now, with signatures. */
enum err sheet_view_load(const struct call *c, const struct sheet_view *v, const char *locale,
                         struct mark_sheet *out) MUST_CHECK;

/* ---- JSON -------------------------------------------------------------------------------- */

/* MarkSheet: the newest version live, or the frozen body; with ETag. */
enum err sheet_answer(struct call *c, int status, const struct sheet_view *v,
                      const struct month_shown *shown) MUST_CHECK;
/* The same of the sheet as it is now for this person, read anew. */
enum err sheet_answer_now(struct call *c, int status, const char *id) MUST_CHECK;
/* The body that is frozen, with its differences from the version before. */
enum err sheet_body_json(const struct call *c, const struct sheet_view *v,
                         const struct mark_sheet *s, json_t **out) MUST_CHECK;
/* SheetItem. */
enum err sheet_item_json(struct call *c, const struct sheet_view *v, json_t **out) MUST_CHECK;

/* ---- moves ------------------------------------------------------------------------------- */

/* The sheet in the path, for this move, at the version named by If-Match. */
enum err sheet_move_open(struct call *c, enum flow_move move, struct sheet_view *v,
                         bool *refused) MUST_CHECK;
/* domain/report_flow and domain/sheet over the sheet as it is now. */
enum err sheet_move_decide(struct call *c, const struct sheet_view *v, enum flow_move move,
                           bool note, enum flow_row *next, bool *refused) MUST_CHECK;
/* What holds up sending or accepting it: a gate's name, "ok" for nothing. *line: 0 for none. */
const char *sheet_holds(const struct sheet_view *v, const struct mark_sheet *s,
                        const struct flow_ask *ask, int64_t now_ms, enum flow_row *next, int *line);
enum err sheet_move_note(struct call *c, const struct sheet_view *v, enum doc_step_kind step,
                         const char *note, const char *action) MUST_CHECK;

/* ---- files ------------------------------------------------------------------------------- */

enum sheet_format { SHEET_PDF, SHEET_CSV, SHEET_XLSX, SHEET_FORMATS };

extern const struct sheet_format_name {
    const char *name, *type;
} sheet_formats[SHEET_FORMATS];

struct sheet_file {
    uint8_t *bytes; /* owned (mem_free) */
    size_t len;
};
/* Worker thread. *out is only set on success. */
enum err sheet_draw(const struct mark_sheet *s, const struct labels *labels,
                    enum sheet_format format, struct sheet_file *out) MUST_CHECK;

#endif
