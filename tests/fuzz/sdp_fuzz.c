/* SPDX-License-Identifier: Apache-2.0
 *
 * Any text as SDP. What is accepted is answered; the answer must itself be
 * accepted, and write the same text again (so nothing from the offer can
 * smuggle a line into it).
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/rtc/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *written(const struct sdp_session *s)
{
    struct strbuf b;
    char *text = NULL;

    strbuf_init(&b);
    sdp_write(s, &b);
    if (strbuf_take(&b, &text) != ERR_OK)
        abort();
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sdp_session offer, answer, again;
    const char *why = NULL;
    bool used = false;
    char *one, *two;

    if (sdp_parse((const char *)data, size, &offer, &why) != ERR_OK) {
        if (!why)
            abort();
        return 0;
    }
    answer = offer;
    answer.ice_lite = true;
    answer.setup = SDP_SETUP_PASSIVE;
    for (int i = 0; i < offer.media_n; i++) {
        sdp_answer_media(&offer.media[i], &answer.media[i]);
        used |= !answer.media[i].rejected;
    }
    if (!used)
        return 0;
    one = written(&answer);
    if (sdp_parse(one, strlen(one), &again, &why) != ERR_OK)
        abort();
    two = written(&again);
    if (strcmp(one, two) != 0)
        abort();
    mem_free(one);
    mem_free(two);
    return 0;
}
