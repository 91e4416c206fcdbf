/* SPDX-License-Identifier: Apache-2.0
 *
 * What the command line does with the records: first coordinator, users,
 * verify, backup. Each function opens what it needs and leaves nothing open.
 * ERR_AGAIN from the writing ones: the server is running and owns the
 * database. Main thread of a command.
 */
#ifndef PARTA_API_ADMIN_H
#define PARTA_API_ADMIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/err.h"
#include "server/api/account.h"
#include "server/store/audit.h"
#include "server/store/org.h"
#include "server/store/user.h"

struct admin_coordinator {
    const char *centre_name; /* the centre is made if none has centre_code */
    const char *centre_code;
    const char *tz;
    const char *name;
    const char *login;
    bool also_admin; /* grants ROLE_ADMIN too */
};

/* *token: a one-time link, valid 24 h. ERR_STATE: login taken. ERR_INVAL: name, login or zone. */
enum err admin_create_coordinator(const char *db_path, const struct admin_coordinator *c,
                                  char token[ACCOUNT_TOKEN_CHARS + 1]) MUST_CHECK;

/* A fresh one-time link for a login. ERR_NOTFOUND. */
enum err admin_new_link(const char *db_path, const char *login,
                        char token[ACCOUNT_TOKEN_CHARS + 1]) MUST_CHECK;

/* One line per user: id, login, status, roles, name. Works beside a running server. */
enum err admin_list_users(const char *db_path, FILE *out) MUST_CHECK;

enum err admin_lock_user(const char *db_path, const char *login, bool lock) MUST_CHECK;

struct verify_result {
    bool database_ok;
    char database_fault[256];
    struct chain_report chain;
    char head[2 * CHAIN_HASH_BYTES + 1];
};
/* Works beside a running server. ERR_OK: it could be looked at; the findings are in out. */
enum err admin_verify(const char *db_path, struct verify_result *out) MUST_CHECK;
bool verify_clean(const struct verify_result *r);

/* A consistent copy, checked like admin_verify before it is called good; deleted if it is not.
 * ERR_STATE: target exists. ERR_DB: the copy is damaged or its chain is broken. */
enum err admin_backup(const char *db_path, const char *target,
                      struct verify_result *out) MUST_CHECK;

#endif
