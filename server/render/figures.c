/* SPDX-License-Identifier: Apache-2.0
 *
 * See figures.h. The one place to translate the figures.
 */
#include "server/render/figures.h"

#include <string.h>

#include "server/render/csv.h"
#include "server/render/format.h"

#define SHARE_AT(s) (FIGURE_COUNT + SHARE_##s)

static const struct figure_words english[FIGURE_WORDS] = {
    [FIGURE_PLANNED] = { "Planned",
                         "Lessons that stand on the published schedule, cancelled ones too, "
                         "without "
                         "those that were moved. A lesson with several children counts once for "
                         "each "
                         "child. A lesson belongs to the month of its date in the zone of the "
                         "child's school." },
    [FIGURE_AHEAD] = { "Still ahead", "Planned lessons that are not over, or whose attendance is "
                                      "not computed yet." },
    [FIGURE_HELD] = { "Held",
                      "Mentor and child were connected together for at least the share of "
                      "the lesson that the centre's setting asks for (75 % unless changed)." },
    [FIGURE_PARTIAL] = { "Held in part", "Connected together for less than that, but for at least "
                                         "the share for a lesson held in part (25 % unless "
                                         "changed)." },
    [FIGURE_NOT_HELD] = { "Not held",
                          "Lessons that are over, were not cancelled, and were held neither wholly "
                          "nor in part. The sum of: somebody did not come, technical failures, did "
                          "not meet, too short." },
    [FIGURE_NO_SHOW] = { "Somebody did not come",
                         "Lessons not held because the child, the mentor or both did not come and "
                         "no "
                         "technical failure is on record. The sum of the three sides." },
    [FIGURE_CHILD_NO_SHOW] = { "Child did not come",
                               "The mentor was there; the child neither came nor tried to." },
    [FIGURE_MENTOR_NO_SHOW] = { "Mentor did not come",
                                "The child was there; the mentor neither came nor tried to." },
    [FIGURE_BOTH_NO_SHOW] = { "Nobody came", "Neither the child nor the mentor came." },
    [FIGURE_TECHNICAL] = { "Technical failures",
                           "Lessons not held because the child's link, the mentor's link or the "
                           "server failed. The sum of the three." },
    [FIGURE_TECH_CHILD] = { "Child's link failed",
                            "The child signed in and tried to come, and did not get in." },
    [FIGURE_TECH_MENTOR] = { "Mentor's link failed",
                             "The mentor signed in and tried to come, and did not get in." },
    [FIGURE_TECH_SERVER] = { "Server failed", "The server was down for a considerable part of the "
                                              "lesson (20 % unless changed by the centre)." },
    [FIGURE_NO_OVERLAP] = { "Did not meet", "Both came, but never at the same time." },
    [FIGURE_TOO_SHORT] = { "Too short",
                           "Connected together, but for less than a lesson held in part needs." },
    [FIGURE_CANCELLED] = { "Cancelled",
                           "Lessons that were taken off the schedule beforehand. The sum of the "
                           "four sides." },
    [FIGURE_CANCELLED_CHILD] = { "Cancelled by the child's side",
                                 "Cancelled for the child or its family." },
    [FIGURE_CANCELLED_MENTOR] = { "Cancelled by the mentor", "Cancelled for the mentor." },
    [FIGURE_CANCELLED_SCHOOL] = { "Cancelled by the school", "Cancelled for the school." },
    [FIGURE_CANCELLED_CENTRE] = { "Cancelled by the centre", "Cancelled by the centre itself." },
    [FIGURE_MOVED] = { "Moved", "Lessons that were given another time. They are not among the "
                                "planned ones; the lesson at the new time is." },
    [FIGURE_CONTACT] = { "Contact time",
                         "Time within the lessons in which mentor and child were both connected, "
                         "summed over the children. It says nothing about attention." },
    [SHARE_AT(HELD)] = { "Held, %", "Held lessons out of all that are due: planned, without those "
                                    "still ahead. Rounded down." },
    [SHARE_AT(NO_SHOW)] = { "Did not come, %",
                            "Lessons to which somebody did not come, out of all that are due. "
                            "Rounded down." },
    [SHARE_AT(
        TECHNICAL)] = { "Technical failures, %",
                        "Lessons lost to technical failures, out of all that are due. Rounded "
                        "down." },
};

static const struct figure_words russian[FIGURE_WORDS] = {
    [FIGURE_PLANNED] = { "Запланировано",
                         "Уроки опубликованного расписания, в том числе отменённые, без "
                         "перенесённых. Урок с несколькими детьми считается по разу на каждого "
                         "ребёнка. Урок относится к месяцу по своей дате в часовом поясе школы "
                         "ребёнка." },
    [FIGURE_AHEAD] = { "Ещё впереди",
                       "Запланированные уроки, которые не закончились или посещаемость которых ещё "
                       "не рассчитана." },
    [FIGURE_HELD] = { "Проведено",
                      "Учитель и ребёнок были на связи одновременно не меньше той доли "
                      "урока, которую требует настройка центра (75 %, если не "
                      "изменено)." },
    [FIGURE_PARTIAL] = { "Проведено частично",
                         "На связи одновременно меньше этого, но не меньше доли для частично "
                         "проведённого урока (25 %, если не изменено)." },
    [FIGURE_NOT_HELD] = { "Не проведено",
                          "Уроки, которые закончились, не были отменены и не проведены ни "
                          "полностью, "
                          "ни частично. Сумма: кто-то не пришёл, технические сбои, не встретились, "
                          "слишком коротко." },
    [FIGURE_NO_SHOW] = { "Кто-то не пришёл",
                         "Уроки, не проведённые потому, что не пришёл ребёнок, учитель или оба, а "
                         "технического сбоя не записано. Сумма трёх сторон." },
    [FIGURE_CHILD_NO_SHOW] = { "Не пришёл ребёнок",
                               "Учитель был на месте; ребёнок не вошёл и не пытался войти." },
    [FIGURE_MENTOR_NO_SHOW] = { "Не пришёл учитель",
                                "Ребёнок был на месте; учитель не вошёл и не пытался войти." },
    [FIGURE_BOTH_NO_SHOW] = { "Не пришёл никто", "Не пришли ни ребёнок, ни учитель." },
    [FIGURE_TECHNICAL] = { "Технические сбои",
                           "Уроки, не проведённые из-за связи ребёнка, связи учителя или сбоя "
                           "сервера. Сумма трёх." },
    [FIGURE_TECH_CHILD] = { "Сбой связи у ребёнка",
                            "Ребёнок пытался войти под своим именем, но связь не установилась." },
    [FIGURE_TECH_MENTOR] = { "Сбой связи у учителя",
                             "Учитель пытался войти под своим именем, но связь не установилась." },
    [FIGURE_TECH_SERVER] = { "Сбой сервера", "Сервер не работал заметную часть урока (20 %, если "
                                             "центр не изменил)." },
    [FIGURE_NO_OVERLAP] = { "Не встретились", "Пришли оба, но ни разу не одновременно." },
    [FIGURE_TOO_SHORT] = { "Слишком коротко",
                           "На связи одновременно, но меньше, чем нужно для частично проведённого "
                           "урока." },
    [FIGURE_CANCELLED] = { "Отменено",
                           "Уроки, снятые с расписания заранее. Сумма четырёх сторон." },
    [FIGURE_CANCELLED_CHILD] = { "Отменено со стороны ребёнка",
                                 "Отменено из-за ребёнка или по просьбе семьи." },
    [FIGURE_CANCELLED_MENTOR] = { "Отменено со стороны учителя", "Отменено из-за учителя." },
    [FIGURE_CANCELLED_SCHOOL] = { "Отменено со стороны школы", "Отменено из-за школы." },
    [FIGURE_CANCELLED_CENTRE] = { "Отменено центром", "Отменено самим центром." },
    [FIGURE_MOVED] = { "Перенесено", "Уроки, которым назначили другое время. Среди запланированных "
                                     "их нет; урок в новое время там есть." },
    [FIGURE_CONTACT] = { "Время вместе", "Время уроков, когда учитель и ребёнок были на связи "
                                         "одновременно, в сумме "
                                         "по детям. О внимании оно ничего не говорит." },
    [SHARE_AT(HELD)] = { "Проведено, %", "Проведённые уроки среди всех, чей срок настал: "
                                         "запланированные без тех, что ещё впереди. Округлено "
                                         "вниз." },
    [SHARE_AT(NO_SHOW)] = { "Не пришли, %",
                            "Уроки, на которые кто-то не пришёл, среди всех, чей срок настал. "
                            "Округлено вниз." },
    [SHARE_AT(TECHNICAL)] = { "Технические сбои, %",
                              "Уроки, потерянные из-за технических сбоев, среди всех, чей срок "
                              "настал. Округлено вниз." },
};

static bool is_russian(const char *lang)
{
    return strcmp(labels_for(lang)->lang, "ru") == 0;
}

const struct figure_words *figure_words(const char *lang, int i)
{
    return is_russian(lang) ? &russian[i] : &english[i];
}

static const char *group_name(enum figures_by by, const char *lang)
{
    const struct labels *l = labels_for(lang);

    switch (by) {
    case FIGURES_BY_CENTRE:
        return l->text[LABEL_CENTRE];
    case FIGURES_BY_SCHOOL:
        return l->text[LABEL_SCHOOL];
    case FIGURES_BY_MENTOR:
        return l->text[LABEL_MENTOR];
    case FIGURES_BY_SUBJECT:
        return l->text[LABEL_SUBJECT];
    case FIGURES_BY_MONTH:
    case FIGURES_BY_COUNT:
        break;
    }
    return l->text[LABEL_MONTH];
}

static void heads(struct csv *c, enum figures_by by, const char *lang)
{
    csv_text(c, group_name(by, lang));
    for (int i = 0; i < FIGURE_WORDS; i++) {
        char text[120];
        const struct figure_words *w = figure_words(lang, i);
        bool minutes = i == FIGURE_CONTACT && str_format(text, sizeof text, "%s, %s", w->name,
                                                         labels_for(lang)->text[LABEL_MIN]);

        csv_text(c, minutes ? text : w->name);
    }
    csv_end_row(c);
    csv_text(c, NULL);
    for (int i = 0; i < FIGURE_WORDS; i++)
        csv_text(c, figure_words(lang, i)->about);
    csv_end_row(c);
}

static void row(struct csv *c, const struct figures_line *l, const char *lang)
{
    char text[FORMAT_MAX];

    csv_text(c, l->name ? l->name : labels_for(lang)->text[LABEL_TOTALS]);
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (i == FIGURE_CONTACT) {
            format_minutes(text, l->figures->n[i], ".");
            csv_plain(c, text);
        } else {
            csv_int(c, l->figures->n[i]);
        }
    }
    for (int i = 0; i < SHARE_COUNT; i++) {
        int tenths = figures_share(l->figures, (enum share)i);

        if (tenths >= 0)
            format_tenths(text, tenths, ".");
        csv_plain(c, tenths >= 0 ? text : "");
    }
    csv_end_row(c);
}

enum err figures_csv(enum figures_by by, const struct figures_line *lines, size_t n,
                     const char *lang, uint8_t **bytes, size_t *len)
{
    struct strbuf b;
    struct csv c = { .out = &b };
    char *text = NULL;
    size_t all;
    enum err e;

    strbuf_init(&b);
    heads(&c, by, lang);
    for (size_t i = 0; i < n; i++)
        row(&c, &lines[i], lang);
    all = b.len;
    e = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    if (e)
        return e;
    *bytes = (uint8_t *)text;
    *len = all;
    return ERR_OK;
}
