/* SPDX-License-Identifier: Apache-2.0
 *
 * The numbers of the timetable's rules: key, default, bounds and where the
 * number comes from, in one table. A centre's dated rows override them. A
 * number that no source confirms says so: it is a setting, not "the law".
 */
#include "server/domain/schedule.h"

#define SP "SP 2.4.3648-20"
#define SANPIN "SanPiN 1.2.3685-21"
#define OWN "proposal of the programme's makers"
#define UNCONFIRMED "customary, not confirmed by a source: "

#define ONE(field, key, fallback, min, max, source)                                                \
    {                                                                                              \
        key, offsetof(struct schedule_policy, field), 0, 0, fallback, min, max, source             \
    }
#define GRADES(field, first, last, key, fallback, min, max, source)                                \
    {                                                                                              \
        key, offsetof(struct schedule_policy, field), first, last, fallback, min, max, source      \
    }

static const struct schedule_setting settings[] = {
    ONE(min_minutes, "lesson.min_min", 10, 1, 240, OWN),
    ONE(max_minutes, "lesson.max_min", 45, 1, 240, SP ": a lesson has at most 45 minutes"),
    ONE(turn_round_minutes, "lesson.turn_round_min", 5, 0, 120, OWN),
    ONE(break_minutes, "lesson.break_min", 10, 0, 120, SP ": a break has at least 10 minutes"),
    ONE(online_break_minutes, "lesson.break_online_min", 15, 0, 120,
        "a school's rules of distance teaching: at least 15 minutes between lessons on a screen"),
    ONE(long_break_minutes, "lesson.long_break_min", 20, 0, 120,
        SP ": one break of 20 to 30 minutes after the 2nd or the 3rd lesson"),
    ONE(long_break_lessons, "lesson.long_break_lessons", 4, 3, 24,
        OWN ": with three lessons the day may end after the 3rd, so the rule begins with four"),
    ONE(day_from_minute, "day.from_minute", 8 * 60, 0, 1440, SP ": not before 08:00"),
    ONE(day_to_minute, "day.to_minute", 19 * 60, 0, 1440, SP ": not after 19:00"),
    ONE(distance_to_minute, "day.to_minute_distance", 18 * 60, 0, 1440,
        UNCONFIRMED "distance lessons end by 18:00"),
    ONE(per_day, "day.lessons", 7, 1, 24, SP ": at most 7 lessons a day"),
    ONE(rest_weekdays, "day.rest_weekdays", 1 << 7, 0, 254, SP ": no lessons on Sundays"),
    ONE(grade_1_rest, "day.rest_weekdays.grade_1", 1 << 6 | 1 << 7, 0, 254,
        SP ": a week of five days in grade 1"),
    ONE(grade_1_autumn_minutes, "lesson.max_min.grade_1_autumn", 35, 1, 240,
        SP ": grade 1 has lessons of 35 minutes from September to December"),
    ONE(grade_1_first_lessons, "day.lessons.grade_1_first", 3, 1, 24,
        SP ": grade 1 has three lessons a day in September and October"),
    GRADES(lesson_minutes, 1, 1, "lesson.max_min.grade_1", 40, 1, 240,
           SP ": grade 1 has lessons of 40 minutes from January on"),
    GRADES(lesson_minutes, 2, 11, "lesson.max_min.grade_2_11", 40, 1, 240,
           UNCONFIRMED "a distance lesson has at most 40 minutes; " SP " allows 45"),
    GRADES(screen_lesson_minutes, 1, 2, "screen.lesson_min.grade_1_2", 20, 1, 240, SANPIN),
    GRADES(screen_lesson_minutes, 3, 4, "screen.lesson_min.grade_3_4", 25, 1, 240, SANPIN),
    GRADES(screen_lesson_minutes, 5, 9, "screen.lesson_min.grade_5_9", 30, 1, 240, SANPIN),
    GRADES(screen_lesson_minutes, 10, 11, "screen.lesson_min.grade_10_11", 35, 1, 240, SANPIN),
    GRADES(screen_day_minutes, 1, 2, "screen.day_min.grade_1_2", 80, 1, 1440, SANPIN ", at home"),
    GRADES(screen_day_minutes, 3, 4, "screen.day_min.grade_3_4", 90, 1, 1440, SANPIN ", at home"),
    GRADES(screen_day_minutes, 5, 9, "screen.day_min.grade_5_9", 120, 1, 1440, SANPIN ", at home"),
    GRADES(screen_day_minutes, 10, 11, "screen.day_min.grade_10_11", 170, 1, 1440,
           SANPIN ", at home"),
    GRADES(lessons_per_day, 1, 1, "day.lessons.grade_1", 4, 1, 24, SP),
    GRADES(lessons_per_day, 2, 4, "day.lessons.grade_2_4", 5, 1, 24, SP),
    GRADES(lessons_per_day, 5, 6, "day.lessons.grade_5_6", 6, 1, 24, SP),
    GRADES(lessons_per_day, 7, 11, "day.lessons.grade_7_11", 7, 1, 24, SP),
    GRADES(screen_lessons, 1, 4, "day.screen_lessons.grade_1_4", 1, 1, 24,
           "recommended: lessons on a computer a day"),
    GRADES(screen_lessons, 5, 8, "day.screen_lessons.grade_5_8", 2, 1, 24,
           "recommended: lessons on a computer a day"),
    GRADES(screen_lessons, 9, 11, "day.screen_lessons.grade_9_11", 3, 1, 24,
           "recommended: lessons on a computer a day"),
    GRADES(week_hours_max, 1, 4, "week.hours_max.grade_1_4", 8, 1, 60,
           UNCONFIRMED "letter 17-253-6 of 14.11.1988, as school regulations cite it"),
    GRADES(week_hours_max, 5, 8, "week.hours_max.grade_5_8", 10, 1, 60,
           UNCONFIRMED "letter 17-253-6 of 14.11.1988, as school regulations cite it"),
    GRADES(week_hours_max, 9, 9, "week.hours_max.grade_9", 11, 1, 60,
           UNCONFIRMED "letter 17-253-6 of 14.11.1988, as school regulations cite it"),
    GRADES(week_hours_max, 10, 11, "week.hours_max.grade_10_11", 12, 1, 60,
           UNCONFIRMED "letter 17-253-6 of 14.11.1988, as school regulations cite it"),
    GRADES(week_hours_min, 1, 6, "week.hours_min.grade_1_6", 0, 0, 60,
           "none in Russia; New York asks for 10 hours a week"),
    GRADES(week_hours_min, 7, 11, "week.hours_min.grade_7_11", 0, 0, 60,
           "none in Russia; New York asks for 15 hours a week"),
    ONE(academic_hour_minutes, "week.academic_hour_min", 40, 1, 60,
        UNCONFIRMED
        "an hour of a plan is one distance lesson; 60 where the law counts by the clock"),
    ONE(sections_min, "section.min", 2, 0, 24, "the founding document: 2-3 sections or circles"),
    ONE(sections_max, "section.max", 3, 1, 24, "the founding document: 2-3 sections or circles"),
    ONE(section_gap_minutes, "section.gap_min", 30, 0, 240,
        UNCONFIRMED "half an hour between lessons and sections"),
    ONE(section_screen_gap_minutes, "section.gap_screen_min", 60, 0, 240,
        "recommended: computer clubs an hour after lessons"),
    ONE(hours_hard, "hours.hard", 0, 0, 1, OWN),
    ONE(screen_hard, "screen.hard", 0, 0, 1, OWN ": the room pauses the screen at its limit"),
    ONE(norm_week_minutes, "mentor.norm_week_min", 36 * 60, 1, 10080,
        "Labour Code, article 333: a teacher's week has at most 36 hours"),
    ONE(part_time_percent, "mentor.part_time_percent", 50, 1, 100,
        "decree 41: a part-time job has at most half of the norm"),
    ONE(group_max, "group.max", 6, 2, LESSON_CHILDREN_MAX, OWN),
    ONE(late_change_minutes, "change.late_min", 24 * 60, 0, 10080,
        "a district's rules of homebound teaching: 24 hours of notice"),
};

const struct schedule_setting *schedule_settings(size_t *n)
{
    *n = sizeof settings / sizeof settings[0];
    return settings;
}

void schedule_policy_put(struct schedule_policy *p, const struct schedule_setting *s, int value)
{
    int *at = (int *)(void *)((char *)p + s->offset);

    if (s->first_grade == 0)
        *at = value;
    for (int g = s->first_grade; g > 0 && g <= s->last_grade; g++)
        at[g] = value;
}

struct schedule_policy schedule_policy_default(void)
{
    struct schedule_policy p = { 0 };

    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        schedule_policy_put(&p, &settings[i], settings[i].fallback);
    return p;
}
