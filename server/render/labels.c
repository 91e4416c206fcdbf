/* SPDX-License-Identifier: Apache-2.0
 *
 * The texts of printed documents in English and Russian. Every row must be
 * filled in every language; a test asks for each.
 */
#include "server/render/labels.h"

#include <string.h>

#include "common/base/str.h"

static const struct labels english = {
    .lang = "en",
    .decimal = ".",
    .text = {
        [LABEL_TITLE] = "Report on lessons",
        [LABEL_VERSION] = "version",
        [LABEL_CENTRE] = "Coordination centre",
        [LABEL_SCHOOL] = "School of registration",
        [LABEL_MENTOR] = "Mentor",
        [LABEL_CHILD] = "Child",
        [LABEL_ORDER] = "order",
        [LABEL_HOURS_WEEK] = "h a week",
        [LABEL_REGISTER_NO] = "register no.",
        [LABEL_GRADE] = "grade",
        [LABEL_TIMES_IN] = "Times of the zone",
        [LABEL_POLICY] = "rules",
        [LABEL_REGISTER_HASH] = "register",
        [LABEL_PRINTED] = "made",
        [LABEL_PAGE] = "page",
        [LABEL_OF] = "of",
        [LABEL_MONTH] = "Month",
        [LABEL_NO] = "No.",
        [LABEL_DATE] = "Date",
        [LABEL_PLAN] = "Planned",
        [LABEL_START] = "Planned start",
        [LABEL_END] = "Planned end",
        [LABEL_SUBJECT] = "Subject",
        [LABEL_TOPIC] = "Topic of the programme",
        [LABEL_HOMEWORK] = "Homework",
        [LABEL_HOMEWORK_SHORT] = "Homework:",
        [LABEL_TOGETHER] = "Together",
        [LABEL_FIRST_CONTACT] = "First contact",
        [LABEL_LAST_CONTACT] = "Last contact",
        [LABEL_CONTACT_MIN] = "Together, min",
        [LABEL_PERCENT] = "Together, %",
        [LABEL_STATUS] = "State",
        [LABEL_OUTCOME] = "Outcome",
        [LABEL_CODE] = "Code",
        [LABEL_CODES] = "Codes",
        [LABEL_AMENDED] = "Amended",
        [LABEL_AMENDED_NOTE] = "amended",
        [LABEL_LATE_MIN] = "Late, min",
        [LABEL_EARLY_MIN] = "Left early, min",
        [LABEL_MENTOR_LATE_MIN] = "Mentor late, min",
        [LABEL_GAPS] = "Gaps",
        [LABEL_GAPS_MIN] = "Gaps, min",
        [LABEL_GAPS_CAUSE] = "Cause of gaps",
        [LABEL_UNCERTAIN_MIN] = "Uncertain, min",
        [LABEL_SCREEN_MIN] = "Screen, min",
        [LABEL_CREDIT] = "Units",
        [LABEL_WAITED] = "Mentor waited",
        [LABEL_REASON] = "Reason",
        [LABEL_DOCUMENT] = "Document",
        [LABEL_MARK] = "Mark",
        [LABEL_MAKE_UP_OF] = "Makes up lesson",
        [LABEL_MAKE_UP_BY] = "Made up by lesson",
        [LABEL_FAMILY] = "Family",
        [LABEL_NOTES] = "Notes",
        [LABEL_LATE] = "late",
        [LABEL_LEFT_EARLY] = "left early",
        [LABEL_MENTOR_LATE] = "mentor late",
        [LABEL_GAP] = "gap",
        [LABEL_UNCERTAIN] = "uncertain",
        [LABEL_MENTOR_WAITED] = "mentor waited",
        [LABEL_MAKES_UP] = "makes up an earlier lesson",
        [LABEL_MADE_UP] = "made up later",
        [LABEL_YES] = "yes",
        [LABEL_MIN] = "min",
        [LABEL_HOUR] = "h",
        [LABEL_TOTALS] = "Totals",
        [LABEL_PLANNED] = "planned",
        [LABEL_HELD] = "held",
        [LABEL_PARTIAL] = "in part",
        [LABEL_NOT_HELD] = "not held",
        [LABEL_CANCELLED] = "cancelled",
        [LABEL_MOVED] = "moved",
        [LABEL_AHEAD] = "still ahead",
        [LABEL_MAKE_UPS_DONE] = "make-ups done",
        [LABEL_MAKE_UPS_OWED] = "make-ups owed",
        [LABEL_CONTACT_HOURS] = "together",
        [LABEL_SCREEN_TIME] = "at the screen",
        [LABEL_CREDIT_UNITS] = "units",
        [LABEL_WAITED_LESSONS] = "mentor waited in vain",
        [LABEL_MISSED] = "missed by the child",
        [LABEL_MISSED_ILL] = "of them ill",
        [LABEL_DAYS_MISSED] = "whole days missed",
        [LABEL_LATE_LESSONS] = "child late",
        [LABEL_EMPTY_MONTH] = "No lessons this month.",
        [LABEL_PROGRESS] = "Progress",
        [LABEL_DIFFICULTIES] = "Difficulties",
        [LABEL_NEXT_MONTH] = "Next month",
        [LABEL_SIGN_HERE] = "signature, date",
        [LABEL_SIGNATURES] = "Signatures",
        [LABEL_ORDER_TITLE] = "Order no.",
        [LABEL_ORDER_ABOUT] = "On hiring a mentor part-time",
        [LABEL_ORDER_HIRE] = "To hire as a mentor, part-time",
        [LABEL_ORDER_AT] = "Coordination centre",
        [LABEL_ORDER_RATE] = "Share of a rate",
        [LABEL_ORDER_WEEK] = "Teaching",
        [LABEL_ORDER_FROM] = "From",
        [LABEL_ORDER_TO] = "To, inclusive",
        [LABEL_ORDER_OPEN] = "until further notice",
        [LABEL_ORDER_PRINCIPAL] = "Principal",
        [LABEL_ORDER_READ] = "I have read the order",
        [LABEL_WEEK_TITLE] = "Timetable of the week",
        [LABEL_WEEK_HOLIDAY] = "holiday",
        [LABEL_WEEK_EMPTY] = "No lessons this week.",
        [LABEL_CONNECTED_NOTE] = "“Together” is the time in which mentor and child were both "
                                 "connected; it says nothing about attention.",
    },
    .month = { "January", "February", "March", "April", "May", "June", "July", "August",
               "September", "October", "November", "December" },
    .weekday = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
    .outcome = {
        [OUTCOME_HELD] = "held",
        [OUTCOME_TECH_SERVER] = "server failure",
        [OUTCOME_BOTH_NO_SHOW] = "nobody came",
        [OUTCOME_TEACHER_NO_SHOW] = "mentor did not come",
        [OUTCOME_TECH_TEACHER] = "mentor's link failed",
        [OUTCOME_CHILD_NO_SHOW] = "child did not come",
        [OUTCOME_TECH_CHILD] = "child's link failed",
        [OUTCOME_NO_OVERLAP] = "did not meet",
        [OUTCOME_PARTIAL] = "held in part",
        [OUTCOME_NOT_HELD] = "not held",
    },
    .status = { [LINE_AHEAD] = "ahead",
                [LINE_OVER] = "over",
                [LINE_CANCELLED] = "cancelled",
                [LINE_MOVED] = "moved" },
    .side = { [SIDE_NONE] = "",
              [SIDE_CHILD] = "by the family",
              [SIDE_MENTOR] = "by the mentor",
              [SIDE_SCHOOL] = "by the school",
              [SIDE_CENTRE] = "by the centre" },
    .family = { [FAMILY_OPEN] = "",
                [FAMILY_CONFIRMED] = "confirmed",
                [FAMILY_SILENT] = "no objection",
                [FAMILY_DISPUTED] = "disputed" },
    .sign = { [SIGN_MENTOR] = "Mentor",
              [SIGN_COORDINATOR] = "Coordinator",
              [SIGN_DELIVERED] = "Delivered to the school",
              [SIGN_SCHOOL] = "Received by the school" },
    .cause = { [LEAVE_STILL_IN] = "still in",
               [LEAVE_LEFT] = "left",
               [LEAVE_TIRED] = "tired",
               [LEAVE_SOCKET_CLOSED] = "connection closed",
               [LEAVE_TIMEOUT] = "link lost",
               [LEAVE_SERVER_RESTART] = "server restart",
               [LEAVE_TAKEN_OVER] = "other device",
               [LEAVE_CUT] = "right ended",
               [LEAVE_WINDOW_END] = "end of lesson" },
    .code = { "present", "late", "left early", "own link failed", "server failed",
              "waited for the mentor", "no reason yet", "ill", "medical procedure",
              "excused", "not excused", "cancelled by the centre", "holiday" },
};

static const struct labels russian = {
    .lang = "ru",
    .decimal = ",",
    .text = {
        [LABEL_TITLE] = "Отчёт об уроках",
        [LABEL_VERSION] = "версия",
        [LABEL_CENTRE] = "Координационный центр",
        [LABEL_SCHOOL] = "Школа зачисления",
        [LABEL_MENTOR] = "Учитель",
        [LABEL_CHILD] = "Ребёнок",
        [LABEL_ORDER] = "приказ",
        [LABEL_HOURS_WEEK] = "ч в неделю",
        [LABEL_REGISTER_NO] = "личное дело №",
        [LABEL_GRADE] = "класс",
        [LABEL_TIMES_IN] = "Время пояса",
        [LABEL_POLICY] = "правила",
        [LABEL_REGISTER_HASH] = "журнал",
        [LABEL_PRINTED] = "составлен",
        [LABEL_PAGE] = "страница",
        [LABEL_OF] = "из",
        [LABEL_MONTH] = "Месяц",
        [LABEL_NO] = "№",
        [LABEL_DATE] = "Дата",
        [LABEL_PLAN] = "По плану",
        [LABEL_START] = "Начало по плану",
        [LABEL_END] = "Конец по плану",
        [LABEL_SUBJECT] = "Предмет",
        [LABEL_TOPIC] = "Тема программы",
        [LABEL_HOMEWORK] = "Домашнее задание",
        [LABEL_HOMEWORK_SHORT] = "Д/з:",
        [LABEL_TOGETHER] = "Вместе",
        [LABEL_FIRST_CONTACT] = "Начало контакта",
        [LABEL_LAST_CONTACT] = "Конец контакта",
        [LABEL_CONTACT_MIN] = "Вместе, мин",
        [LABEL_PERCENT] = "Вместе, %",
        [LABEL_STATUS] = "Состояние",
        [LABEL_OUTCOME] = "Итог",
        [LABEL_CODE] = "Код",
        [LABEL_CODES] = "Коды",
        [LABEL_AMENDED] = "Исправлено",
        [LABEL_AMENDED_NOTE] = "исправлено",
        [LABEL_LATE_MIN] = "Опоздание, мин",
        [LABEL_EARLY_MIN] = "Ушёл раньше, мин",
        [LABEL_MENTOR_LATE_MIN] = "Опоздание учителя, мин",
        [LABEL_GAPS] = "Перерывы",
        [LABEL_GAPS_MIN] = "Перерывы, мин",
        [LABEL_GAPS_CAUSE] = "Причина перерывов",
        [LABEL_UNCERTAIN_MIN] = "Неточность, мин",
        [LABEL_SCREEN_MIN] = "Экран, мин",
        [LABEL_CREDIT] = "Единицы",
        [LABEL_WAITED] = "Учитель ждал",
        [LABEL_REASON] = "Причина",
        [LABEL_DOCUMENT] = "Документ",
        [LABEL_MARK] = "Отметка",
        [LABEL_MAKE_UP_OF] = "Взамен урока",
        [LABEL_MAKE_UP_BY] = "Восполнен уроком",
        [LABEL_FAMILY] = "Семья",
        [LABEL_NOTES] = "Примечания",
        [LABEL_LATE] = "опоздание",
        [LABEL_LEFT_EARLY] = "раньше на",
        [LABEL_MENTOR_LATE] = "учитель опоздал на",
        [LABEL_GAP] = "перерыв",
        [LABEL_UNCERTAIN] = "неточность",
        [LABEL_MENTOR_WAITED] = "учитель ждал",
        [LABEL_MAKES_UP] = "взамен прежнего урока",
        [LABEL_MADE_UP] = "восполнен позже",
        [LABEL_YES] = "да",
        [LABEL_MIN] = "мин",
        [LABEL_HOUR] = "ч",
        [LABEL_TOTALS] = "Итоги",
        [LABEL_PLANNED] = "по плану",
        [LABEL_HELD] = "проведено",
        [LABEL_PARTIAL] = "частично",
        [LABEL_NOT_HELD] = "не проведено",
        [LABEL_CANCELLED] = "отменено",
        [LABEL_MOVED] = "перенесено",
        [LABEL_AHEAD] = "ещё впереди",
        [LABEL_MAKE_UPS_DONE] = "восполнено",
        [LABEL_MAKE_UPS_OWED] = "надо восполнить",
        [LABEL_CONTACT_HOURS] = "вместе",
        [LABEL_SCREEN_TIME] = "у экрана",
        [LABEL_CREDIT_UNITS] = "единиц",
        [LABEL_WAITED_LESSONS] = "учитель ждал напрасно",
        [LABEL_MISSED] = "пропущено ребёнком",
        [LABEL_MISSED_ILL] = "из них по болезни",
        [LABEL_DAYS_MISSED] = "пропущено полных дней",
        [LABEL_LATE_LESSONS] = "опозданий ребёнка",
        [LABEL_EMPTY_MONTH] = "В этом месяце уроков не было.",
        [LABEL_PROGRESS] = "Успехи",
        [LABEL_DIFFICULTIES] = "Трудности",
        [LABEL_NEXT_MONTH] = "Следующий месяц",
        [LABEL_SIGN_HERE] = "подпись, дата",
        [LABEL_SIGNATURES] = "Подписи",
        [LABEL_ORDER_TITLE] = "Приказ №",
        [LABEL_ORDER_ABOUT] = "О приёме дистанционного учителя на работу по совместительству",
        [LABEL_ORDER_HIRE] = "Принять дистанционным учителем по совместительству",
        [LABEL_ORDER_AT] = "Координационный центр",
        [LABEL_ORDER_RATE] = "Доля ставки",
        [LABEL_ORDER_WEEK] = "Нагрузка",
        [LABEL_ORDER_FROM] = "С",
        [LABEL_ORDER_TO] = "По (включительно)",
        [LABEL_ORDER_OPEN] = "без срока",
        [LABEL_ORDER_PRINCIPAL] = "Директор",
        [LABEL_ORDER_READ] = "С приказом ознакомлен(а)",
        [LABEL_WEEK_TITLE] = "Расписание на неделю",
        [LABEL_WEEK_HOLIDAY] = "каникулы",
        [LABEL_WEEK_EMPTY] = "На этой неделе уроков нет.",
        [LABEL_CONNECTED_NOTE] = "«Вместе» — время, когда учитель и ребёнок были на связи "
                                 "одновременно; о внимании оно не говорит.",
    },
    .month = { "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь",
               "октябрь", "ноябрь", "декабрь" },
    .weekday = { "пн", "вт", "ср", "чт", "пт", "сб", "вс" },
    .outcome = {
        [OUTCOME_HELD] = "проведён",
        [OUTCOME_TECH_SERVER] = "сбой сервера",
        [OUTCOME_BOTH_NO_SHOW] = "никто не пришёл",
        [OUTCOME_TEACHER_NO_SHOW] = "учитель не пришёл",
        [OUTCOME_TECH_TEACHER] = "сбой связи у учителя",
        [OUTCOME_CHILD_NO_SHOW] = "ребёнок не пришёл",
        [OUTCOME_TECH_CHILD] = "сбой связи у ребёнка",
        [OUTCOME_NO_OVERLAP] = "не встретились",
        [OUTCOME_PARTIAL] = "проведён частично",
        [OUTCOME_NOT_HELD] = "не проведён",
    },
    .status = { [LINE_AHEAD] = "впереди",
                [LINE_OVER] = "прошёл",
                [LINE_CANCELLED] = "отменён",
                [LINE_MOVED] = "перенесён" },
    .side = { [SIDE_NONE] = "",
              [SIDE_CHILD] = "семьёй",
              [SIDE_MENTOR] = "учителем",
              [SIDE_SCHOOL] = "школой",
              [SIDE_CENTRE] = "центром" },
    .family = { [FAMILY_OPEN] = "",
                [FAMILY_CONFIRMED] = "верно",
                [FAMILY_SILENT] = "без возражений",
                [FAMILY_DISPUTED] = "оспорено" },
    .sign = { [SIGN_MENTOR] = "Учитель",
              [SIGN_COORDINATOR] = "Координатор",
              [SIGN_DELIVERED] = "Передано школе",
              [SIGN_SCHOOL] = "Получено школой" },
    .cause = { [LEAVE_STILL_IN] = "ещё на уроке",
               [LEAVE_LEFT] = "вышел",
               [LEAVE_TIRED] = "устал",
               [LEAVE_SOCKET_CLOSED] = "соединение закрылось",
               [LEAVE_TIMEOUT] = "связь пропала",
               [LEAVE_SERVER_RESTART] = "перезапуск сервера",
               [LEAVE_TAKEN_OVER] = "другое устройство",
               [LEAVE_CUT] = "право закончилось",
               [LEAVE_WINDOW_END] = "конец урока" },
    .code = { "был", "опоздал", "ушёл раньше", "сбой своей связи", "сбой сервера",
              "ждал учителя", "причина пока не названа", "болен", "лечебная процедура",
              "уважительная причина", "без уважительной причины", "отменён центром",
              "каникулы" },
};

const struct labels *labels_for(const char *lang)
{
    bool ru = lang && strncmp(lang, "ru", 2) == 0 && (lang[2] == 0 || lang[2] == '-');

    return ru ? &russian : &english;
}

const char *label_code(const struct labels *l, char code)
{
    const char *at = code ? strchr(ATTENDANCE_CODES, code) : NULL;

    return at ? l->code[at - ATTENDANCE_CODES] : "";
}

/* The words of one cause name of len bytes, or the name itself. */
static const char *cause_words(const struct labels *l, const char *name, size_t *len)
{
    for (int c = 0; c <= LEAVE_WINDOW_END; c++) {
        const char *known = leave_cause_name((enum leave_cause)c);

        if (strlen(known) == *len && strncmp(known, name, *len) == 0) {
            *len = strlen(l->cause[c]);
            return l->cause[c];
        }
    }
    return name;
}

void label_causes(const struct labels *l, const char *names, char *out, size_t cap)
{
    size_t used = 0;

    out[0] = 0;
    while (names && *names) {
        size_t gap = strspn(names, ", "), len = strcspn(names + gap, ",");
        const char *name = names + gap, *words;
        size_t words_len = len;

        names = name + len;
        if (len == 0)
            continue;
        words = cause_words(l, name, &words_len);
        if (used + words_len + 3 > cap)
            return;
        if (used) {
            memcpy(out + used, ", ", 2);
            used += 2;
        }
        memcpy(out + used, words, words_len);
        used += words_len;
        out[used] = 0;
    }
}
