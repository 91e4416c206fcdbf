/* SPDX-License-Identifier: Apache-2.0
 *
 * The lessons that stand on the page of a day. Desk thread.
 */
#ifndef PARTA_API_LESSON_DAY_H
#define PARTA_API_LESSON_DAY_H

#include "server/api/call.h"
#include "server/store/lesson.h"

/* Neither cancelled nor moved to another time. */
bool lesson_stands(const struct lesson *l);

/* What starts on the day, by start; open_too: and, if now is on it, what began before it or begins
 * after it and has its door open now. The filter's times are not looked at. Free with
 * lesson_list_free. */
enum err lessons_of_day(const struct call *c, const struct lesson_filter *who,
                        const struct day_range *day, bool open_too,
                        struct lesson_list *out) MUST_CHECK;

#endif
