/* SPDX-License-Identifier: Apache-2.0
 *
 * A stored file on its way out: a worker opens it and compares it with its
 * digest, then it goes to whoever asked, as an attachment that no browser
 * shows or runs (RELIABILITY T12). Whether the person may have it is the
 * endpoint's question, before. Desk thread.
 */
#ifndef PARTA_API_FILE_OUT_H
#define PARTA_API_FILE_OUT_H

#include "server/api/call.h"
#include "server/domain/upload.h"
#include "server/sys/files.h"

struct file_wish {
    char file[FILES_NAME_CHARS + 1]; /* the name it lies under */
    uint8_t sha256[32];              /* of what was sent */
    int64_t bytes;                   /* of what was sent */
    enum upload_type type;
    char saved_as[64]; /* by the browser, without an ending */
    /* Who reads another's papers is written down, with what was read: literals, and the row. */
    const char *action, *entity;
    int64_t id;
};

/* The endpoint's answer. 404: the file is not there; 500: it is not what was sent; 429: too many
 * are on their way. */
enum api_answer file_out(struct call *c, const struct file_wish *wish, struct desk_reply *reply);

#endif
