/* SPDX-License-Identifier: Apache-2.0
 *
 * The words of printed documents, one table per language. Renderers hold no
 * text of their own; labels.c is the one file to translate.
 */
#ifndef PARTA_RENDER_LABELS_H
#define PARTA_RENDER_LABELS_H

#include "server/domain/report.h"

struct labels; /* laid out in labels.c's table; see label() */

/* The table of a language tag ("ru", "en", "ru-RU"). English for any other. Never NULL. */
const struct labels *labels_for(const char *lang);

#endif
