/* SPDX-License-Identifier: Apache-2.0
 *
 * The figures in words and as a table. The name and the definition of each
 * stand here once; page, CSV and API print the same sentence.
 */
#ifndef PARTA_RENDER_FIGURES_H
#define PARTA_RENDER_FIGURES_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/figures.h"

struct figure_words {
    const char *name;
    const char *about; /* what is counted, one sentence or two */
};

/* Of a language tag ("ru", "en"; English for any other). Figures stand first, in their order, the
 * shares behind them. Never NULL. */
#define FIGURE_WORDS (FIGURE_COUNT + SHARE_COUNT)
const struct figure_words *figure_words(const char *lang, int i);

struct figures_line {
    const char *name; /* of the group; NULL: the total */
    const struct figures *figures;
};

/* A row of names, a row of definitions, a row per line. Durations are minutes, shares percents,
 * both with one decimal place, floored; a share of nothing is an empty field. *bytes is owned
 * (mem_free). ERR_NOMEM. */
enum err figures_csv(enum figures_by by, const struct figures_line *lines, size_t n,
                     const char *lang, uint8_t **bytes, size_t *len) MUST_CHECK;

#endif
