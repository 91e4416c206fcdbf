/* SPDX-License-Identifier: Apache-2.0
 *
 * The settings file (INI). Every setting stands in one table with its
 * fallback, its limits and a sentence; server/parta.ini is that table for
 * people. A name that is not in the table is refused by name: a misspelt
 * setting must not silently mean its fallback. Main thread.
 */
#ifndef PARTA_CONFIG_H
#define PARTA_CONFIG_H

#include <stdbool.h>
#include <stdio.h>

#include "common/base/err.h"
#include "common/base/log.h"
#include "common/base/str.h"
#include "server/api/desk.h"
#include "server/net/net.h"

#define CONFIG_TEXT_MAX 512

struct config {
    /* as written; paths are made relative to the file's own folder */
    char listen[NET_ANNOUNCE_MAX];
    char origin[CONFIG_TEXT_MAX];
    char certificate[CONFIG_TEXT_MAX], key[CONFIG_TEXT_MAX], pages[CONFIG_TEXT_MAX];
    char announce[NET_ANNOUNCE_MAX];
    char database[CONFIG_TEXT_MAX], secret[CONFIG_TEXT_MAX], ring[CONFIG_TEXT_MAX];
    char level[8];
    char smtp[CONFIG_TEXT_MAX], smtp_user[CONFIG_TEXT_MAX], smtp_password[CONFIG_TEXT_MAX];
    char mail_from[CONFIG_TEXT_MAX], mail_ca[CONFIG_TEXT_MAX];
    char hooks_ca[CONFIG_TEXT_MAX];
    int64_t hooks_inside;
    int64_t port, metrics_port, announce_port, udp_port, relays, workers;
    int64_t connections, per_address, per_person, accepts, requests, uploads;
    int64_t request_s, upload_s, idle_s, answer_s, ping_s, hangup_s, write_s;

    /* made from them by config_load */
    struct net_config net;
    enum log_level log_level;
    char password[256]; /* what the file smtp_password holds; "" without one */
};

/* The fallbacks. */
void config_defaults(struct config *c);

/* Reads the file over the fallbacks. ERR_IO: cannot be read; ERR_PARSE: problems, one sentence per
 * line in problems (also for ERR_IO). */
enum err config_load(const char *path, struct config *c, struct strbuf *problems) MUST_CHECK;

/* Makes net and log_level from the text fields; for settings that did not come from a file. */
enum err config_finish(struct config *c, struct strbuf *problems) MUST_CHECK;

/* What would go wrong at the start or soon after, as sentences; the number of them. Looks at files
 * and the certificate, opens no port. */
int config_check(const struct config *c, struct strbuf *problems);

/* Every setting: section, name, fallback and its sentence. */
void config_print_settings(FILE *out);

#endif
