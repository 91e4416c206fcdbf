/* SPDX-License-Identifier: Apache-2.0
 *
 * The one error type of the house. 0 is success, every function that returns
 * it must be checked, and results travel through pointer arguments that are
 * written only on success. A refusal ("you are too early") is not an error:
 * decisions return enums of their own.
 */
#ifndef PARTA_BASE_ERR_H
#define PARTA_BASE_ERR_H

/* code, name, what it means */
#define ERR_LIST(X)                                                                                \
    X(OK, "ok", "success")                                                                         \
    X(INVAL, "inval", "a caller inside Parta broke a contract: our own bug")                       \
    X(PARSE, "parse", "bytes that do not follow their format")                                     \
    X(PROTO, "proto", "well-formed bytes that break the protocol's rules")                         \
    X(DENIED, "denied", "authentication or authorisation failed")                                  \
    X(NOTFOUND, "notfound", "no such thing")                                                       \
    X(STATE, "state", "not possible in the present state")                                         \
    X(AGAIN, "again", "nothing now, try later")                                                    \
    X(NOMEM, "nomem", "out of memory or a fixed bound is full")                                    \
    X(IO, "io", "the operating system refused")                                                    \
    X(DB, "db", "the database refused")

enum err {
#define X(code, name, text) ERR_##code,
    ERR_LIST(X)
#undef X
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Short stable name for logs, for example "parse". Never NULL. */
const char *err_name(enum err e);

#endif
