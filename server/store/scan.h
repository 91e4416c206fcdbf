/* SPDX-License-Identifier: Apache-2.0
 *
 * Scans of a referral's papers: which file it is, what it was when it was
 * sent. The bytes lie sealed in a file beside the database and are no matter
 * of this room. Desk thread.
 */
#ifndef PARTA_STORE_SCAN_H
#define PARTA_STORE_SCAN_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/upload.h"
#include "server/store/db.h"
#include "server/store/paper.h"

#define SCAN_NAME_CHARS 43

struct scan {
    int64_t id;
    struct referral_id referral;
    enum medical kind; /* MEDICAL_BASIS or MEDICAL_RECOMMENDATION */
    enum upload_type type;
    char name[SCAN_NAME_CHARS + 1]; /* of its file */
    uint8_t sha256[32];             /* of what was sent */
    int64_t bytes;                  /* of what was sent */
};

/* "basis", "recommendation"; "unknown" for what has no scan. */
const char *scan_kind_name(enum medical kind);
bool scan_kind_parse(const char *name, enum medical *out);

/* Puts the scan in the place of the paper's former one; by becomes an author of the referral.
 * ERR_NOTFOUND: the referral has no such paper yet. ERR_STATE "paper_fixed": it is no longer the
 * school's to write. */
enum err scan_add(struct db *db, const struct scan *s, int64_t now_ms, struct user_id by,
                  int64_t *out_id) MUST_CHECK;

/* Is the file the one of the referral's other paper? */
enum err scan_same(struct db *db, const struct scan *s, bool *out) MUST_CHECK;

/* The scan that counts, with an audit row "medical.read" by reader with why. ERR_NOTFOUND: none. */
enum err scan_read(struct db *db, struct referral_id referral, enum medical kind,
                   struct user_id reader, const char *why, int64_t now_ms,
                   struct scan *out) MUST_CHECK;

/* One scan that no paper names any more. ERR_NOTFOUND: none is left. */
enum err scan_orphan(struct db *db, struct scan *out) MUST_CHECK;
/* Forgets it; its file is gone already. */
enum err scan_forget(struct db *db, int64_t id) MUST_CHECK;

#endif
