/* SPDX-License-Identifier: Apache-2.0
 *
 * See hiring_json.h.
 */
#include "server/api/hiring_json.h"

#include "server/api/person.h"

json_t *gates_json(const struct teach_verdict *v, bool failed_only)
{
    json_t *array = json_array();

    for (enum teach_gate g = 0; array && g < TEACH_GATE_COUNT; g++) {
        const struct gate_state *s = &v->gates[g];
        bool ends = s->cause == CAUSE_HOLDS && s->until_ms != TERM_OPEN_MS;

        if (s->cause == CAUSE_NOT_ASKED || (failed_only && s->cause == CAUSE_HOLDS))
            continue;
        if (json_push(array, json_pack("{s:s,s:s,s:o,s:s}", "gate", teach_gate_name(g), "cause",
                                       gate_cause_name(s->cause), "until",
                                       json_time_or_null(ends ? s->until_ms : 0, 0), "actor",
                                       actor_name(s->actor)))) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

json_t *expiring_json(const struct teach_verdict *v, const struct hiring_policy *policy,
                      int64_t now_ms)
{
    json_t *array = json_array();

    for (enum teach_gate g = 0; array && g < TEACH_GATE_COUNT; g++) {
        const struct gate_state *s = &v->gates[g];
        int days = s->cause == CAUSE_HOLDS ? hiring_warning(s->until_ms, policy, now_ms) : 0;

        if (days > 0 &&
            json_push(array, json_pack("{s:s,s:I,s:i}", "gate", teach_gate_name(g), "until",
                                       (json_int_t)s->until_ms, "days", days))) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}
