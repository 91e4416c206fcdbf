/* SPDX-License-Identifier: Apache-2.0
 *
 * By what a person knows an own sign-in again: "Firefox · Windows". The
 * browser's own long name is not kept. Desk thread.
 */
#ifndef PARTA_API_DEVICE_H
#define PARTA_API_DEVICE_H

#include "common/base/err.h"
#include "server/api/api.h"

#define DEVICE_MAX 80

/* Browser and system in a User-Agent (RFC 9110 10.1.5), "" for what is not known. Pure. */
void device_name(const char *user_agent, char out[DEVICE_MAX + 1]);

/* Notes the request's device and network beginning with a fresh sign-in. */
enum err device_note(struct api_ctx *ctx, int64_t login) MUST_CHECK;

#endif
