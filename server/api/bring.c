/* SPDX-License-Identifier: Apache-2.0
 *
 * Things to bring, by subject code. Pure.
 */
#include "server/api/bring.h"

#include <stddef.h>
#include <string.h>

#define THINGS_MAX 3

static const struct {
    const char *subject;
    const char *things[THINGS_MAX];
} table[] = {
    { "maths", { "notebook", "ruler", "pencil" } },
    { "language", { "notebook", "textbook" } },
    { "reading", { "reader" } },
    { "nature", { "textbook", "pencil" } },
    { "foreign", { "notebook", "textbook" } },
    { "art", { "album", "paints", "pencil" } },
    { "music", { "instrument" } },
};

json_t *bring_json(const char *subject)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].subject, subject) != 0)
            continue;
        for (size_t k = 0; array && k < THINGS_MAX && table[i].things[k]; k++) {
            if (json_array_append_new(array, json_string(table[i].things[k])) != 0) {
                json_decref(array);
                array = NULL;
            }
        }
    }
    return array;
}
