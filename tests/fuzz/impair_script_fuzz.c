/* SPDX-License-Identifier: Apache-2.0
 *
 * Any text as a script of an impaired line. What is refused has a sentence
 * with its line; what is accepted holds what a line relies on: chances within
 * 0..1, no packet before it was sent, times that never go back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/net/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool chance(double p)
{
    return p >= 0 && p <= 1;
}

static bool sound(const struct impair_settings *s)
{
    return chance(s->loss) && chance(s->burst_enter) && chance(s->burst_leave) &&
           chance(s->burst_loss) && chance(s->reorder) && chance(s->duplicate) &&
           (s->burst_enter <= 0 || s->burst_leave > 0) && (s->reorder <= 0 || s->reorder_us > 0) &&
           s->delay_us >= 0 && s->jitter_us >= 0 && s->jitter_us <= s->delay_us &&
           s->rate_bps >= 0 && (!s->rate_bps || s->queue_us > 0 || s->queue_bytes > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct impair_script script;
    char why[SCRIPT_WHY_MAX] = "";
    int64_t at = 0;
    int rebinds = 0;

    if (script_parse((const char *)data, size, &script, why) != ERR_OK) {
        if (strncmp(why, "line ", 5) != 0 || !memchr(why, '\0', sizeof why))
            abort();
        return 0;
    }
    for (int i = 0; i < script.n; i++) {
        const struct impair_step *s = &script.steps[i];

        if (s->at_us < at || s->at_us > SCRIPT_TIME_MAX_US)
            abort();
        at = s->at_us;
        rebinds += s->rebind;
        if (!s->rebind && (!sound(&s->settings[IMPAIR_UP]) || !sound(&s->settings[IMPAIR_DOWN])))
            abort();
    }
    if (rebinds != script.rebinds)
        abort();
    return 0;
}
