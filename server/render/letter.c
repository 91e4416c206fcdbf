/* SPDX-License-Identifier: Apache-2.0
 *
 * The sentences of mails, and the message around them; see letter.h.
 */
#include "server/render/letter.h"

#include <string.h>

#include "common/base/now.h"
#include "server/domain/zone.h"

/* {centre} {link} {when} {who}: put in as they are. Paragraphs end with \n\n. */
struct text {
    const char *what; /* NULL: whatever it is */
    const char *subject;
    const char *body;
};

#define MOST_TEXTS 5

static const struct text english[NOTIFY_COUNT][MOST_TEXTS] = {
    [NOTIFY_INVITATION] = { { NULL, "An account for you at {centre}",
                              "{who}, {centre} has opened a place for you in Parta, where children "
                              "who are ill have their "
                              "lessons.\n\nOpen this address, choose a sign-in name and a "
                              "password:\n{link}\n\nIt opens "
                              "once, until {when}. If you do not expect this letter, leave it: "
                              "nothing will happen." } },
    [NOTIFY_PASSWORD_RESET] = { { NULL, "A new password for Parta",
                                  "Somebody has asked for a new password for your account at "
                                  "{centre}.\n\nIf it was you, open "
                                  "this address and choose one:\n{link}\n\nIt opens once, until "
                                  "{when}. If it was not you, "
                                  "leave this letter: your password stays as it is." } },
    [NOTIFY_PASSWORD_CHANGED] = { { NULL, "Your password has been changed",
                                    "The password of your account at {centre} was changed on "
                                    "{when}. Your other devices are "
                                    "signed out.\n\nIf it was not you, call the centre at "
                                    "once." } },
    [NOTIFY_SECOND_STEP] = { { "on", "The second step of signing in is on",
                               "From {when} on, signing in to your account at {centre} asks for a "
                               "code from your "
                               "telephone.\n\nIf it was not you, call the centre at once." },
                             { "off", "The second step of signing in is off",
                               "From {when} on, signing in to your account at {centre} asks for no "
                               "code any more.\n\nIf it "
                               "was not you, call the centre at once." } },
    [NOTIFY_EXPIRY] = { { NULL, "A paper of {who} runs out on {when}",
                          "A paper that {who} may teach by runs out on {when}. Without a new one "
                          "the lessons after that "
                          "day need a substitute.\n\nParta shows which one it is:\n{link}" } },
    [NOTIFY_REPORT_DUE] = { { "overdue", "The month's report was due on {when}",
                              "Your report on the month's lessons was due on {when}, and the "
                              "centre "
                              "still waits for it. Parta has filled it in from the register; your "
                              "own words are missing.\n\n{link}" },
                            { NULL, "The month's report is due on {when}",
                              "Your report on the month's lessons is due on {when}. Parta has "
                              "filled it in from the "
                              "register; your own words are still missing.\n\n{link}" } },
    [NOTIFY_SHEET_DUE] = { { "overdue", "The term's marks were due on {when}",
                             "Your mark sheet of the term was due on {when}, and the centre still "
                             "waits for it. Parta has filled in the lessons and proposes the "
                             "marks; you set them.\n\n{link}" },
                           { NULL, "The term's marks are due on {when}",
                             "Your mark sheet of the term is due on {when}. Parta has filled in "
                             "the lessons and proposes the marks; you set them.\n\n{link}" } },
    [NOTIFY_EVENT] = { { "moved", "An event has been moved to {when}",
                         "An event you are invited to has another time or place. It is now on "
                         "{when}. Please answer anew:\n\n{link}" },
                       { "cancelled", "The event of {when} is called off",
                         "The event of {when} that you were invited to will not take "
                         "place.\n\nWhy, stands here:\n{link}" },
                       { "withdrawn", "Your invitation for {when} is withdrawn",
                         "Your invitation to the event of {when} is withdrawn. You need not "
                         "come. If you do not know why, call the centre." },
                       { "child", "May {who} come to an event?",
                         "The centre would like to invite {who} to an event on {when}. {who} "
                         "comes only if you agree. What it is about, and your answer:\n\n{link}" },
                       { NULL, "An invitation for {when}",
                         "You are invited to an event on {when}. What it is about, where it is, "
                         "and your answer:\n\n{link}" } },
    [NOTIFY_WEBHOOK_OFF] = { { NULL, "Messages to {who} are switched off",
                               "{who} has taken no message of Parta's since {when}, so nothing is "
                               "sent there any more. What happens meanwhile waits.\n\nAsk whoever "
                               "runs that program, then switch it on again:\n{link}" } },
    [NOTIFY_NO_SHOW] = { { "mentor", "A mentor is missing in a lesson",
                           "{who} has not come to the lesson of {when}. The child is "
                           "waiting.\n\nThe live board:\n"
                           "{link}" },
                         { "child", "A child is missing in a lesson",
                           "{who} has not come to the lesson of {when}. The mentor is "
                           "waiting.\n\nThe live board:\n"
                           "{link}" },
                         { NULL, "Nobody has come to a lesson",
                           "Nobody has come to the lesson of {when}.\n\nThe live "
                           "board:\n{link}" } },
};

static const struct text russian[NOTIFY_COUNT][MOST_TEXTS] = {
    [NOTIFY_INVITATION] = { { NULL, "Для вас открыт доступ: {centre}",
                              "{who}, {centre} приглашает вас в «Парту»: здесь учатся дети, "
                              "которые болеют.\n\nОткройте этот "
                              "адрес, придумайте имя для входа и пароль:\n{link}\n\nАдрес "
                              "открывается один раз, до {when}. "
                              "Если вы не ждали этого письма, ничего не делайте." } },
    [NOTIFY_PASSWORD_RESET] = { { NULL, "Новый пароль для «Парты»",
                                  "Кто-то попросил новый пароль для вашего входа "
                                  "({centre}).\n\nЕсли это вы, откройте этот адрес и "
                                  "придумайте пароль:\n{link}\n\nАдрес открывается один раз, до "
                                  "{when}. Если это не вы, ничего не "
                                  "делайте: пароль останется прежним." } },
    [NOTIFY_PASSWORD_CHANGED] = { { NULL, "Ваш пароль изменён",
                                    "Пароль для вашего входа ({centre}) изменён {when}. На других "
                                    "устройствах нужно войти "
                                    "заново.\n\nЕсли это не вы, сразу позвоните в центр." } },
    [NOTIFY_SECOND_STEP] = { { "on", "Второй шаг входа включён",
                               "Теперь при входе ({centre}) нужен код с вашего телефона. Включено "
                               "{when}.\n\nЕсли это не вы, "
                               "сразу позвоните в центр." },
                             { "off", "Второй шаг входа выключен",
                               "Теперь при входе ({centre}) код с телефона не нужен. Выключено "
                               "{when}.\n\nЕсли это не вы, "
                               "сразу позвоните в центр." } },
    [NOTIFY_EXPIRY] = { { NULL, "{when}: истекает документ, {who}",
                          "{when} истекает документ, без которого {who} не может вести уроки. Если "
                          "нового не будет, на "
                          "уроки после этого дня понадобится замена.\n\nКакой это документ, видно "
                          "в «Парте»:\n{link}" } },
    [NOTIFY_REPORT_DUE] = { { "overdue", "Отчёт за месяц нужно было сдать до {when}",
                              "Отчёт об уроках месяца нужно было сдать до {when}, центр его ещё "
                              "ждёт. "
                              "«Парта» заполнила его по журналу; не хватает ваших "
                              "слов.\n\n{link}" },
                            { NULL, "Отчёт за месяц нужно сдать до {when}",
                              "Отчёт об уроках за месяц нужно сдать до {when}. «Парта» заполнила "
                              "его по журналу, не хватает "
                              "только ваших слов.\n\n{link}" } },
    [NOTIFY_SHEET_DUE] = { { "overdue", "Ведомость нужно было сдать до {when}",
                             "Ведомость с оценками за четверть или полугодие нужно было сдать до "
                             "{when}, центр её ещё ждёт. «Парта» внесла уроки и предлагает оценки, "
                             "выставляете их вы.\n\n{link}" },
                           { NULL, "Ведомость нужно сдать до {when}",
                             "Ведомость с оценками за четверть или полугодие нужно сдать до "
                             "{when}. «Парта» внесла уроки и предлагает оценки, выставляете их "
                             "вы.\n\n{link}" } },
    [NOTIFY_EVENT] = { { "moved", "Мероприятие перенесено: {when}",
                         "У мероприятия, на которое вас пригласили, другое время или место. Теперь "
                         "оно будет {when}. Пожалуйста, ответьте ещё раз:\n\n{link}" },
                       { "cancelled", "Мероприятие отменяется: {when}",
                         "Мероприятия, на которое вас пригласили ({when}), не "
                         "будет.\n\nПричина указана здесь:\n{link}" },
                       { "withdrawn", "Приглашение отозвано: {when}",
                         "Приглашение на мероприятие ({when}) отозвано. Приходить не нужно. Если "
                         "причина вам неизвестна, позвоните в центр." },
                       { "child", "Можно ли пригласить: {who}?",
                         "Центр хотел бы пригласить на мероприятие ({when}) вашего ребёнка: {who}. "
                         "Без вашего согласия это невозможно. О чём оно, и ваш ответ:\n\n{link}" },
                       { NULL, "Приглашение на мероприятие: {when}",
                         "Вас приглашают на мероприятие. Время: {when}. О чём оно, где и ваш "
                         "ответ:\n\n{link}" } },
    [NOTIFY_WEBHOOK_OFF] = { { NULL, "Сообщения для {who} отключены",
                               "{who} не принимает сообщений «Парты» с {when}, поэтому туда больше "
                               "ничего не отправляется. Новые сообщения ждут.\n\nСпросите тех, кто "
                               "отвечает за эту программу, и включите отправку снова:\n{link}" } },
    [NOTIFY_NO_SHOW] = { { "mentor", "На урок не пришёл наставник",
                           "На урок ({when}) не пришёл наставник: {who}. Ребёнок "
                           "ждёт.\n\nТабло:\n{link}" },
                         { "child", "На урок не пришёл ученик",
                           "На урок ({when}) не пришёл ученик: {who}. Наставник "
                           "ждёт.\n\nТабло:\n{link}" },
                         { NULL, "На урок никто не пришёл",
                           "На урок ({when}) никто не пришёл.\n\nТабло:\n{link}" } },
};

/* ---- words ------------------------------------------------------------------------------ */

static const struct text *text_of(const struct letter *l)
{
    const struct text *texts = strcmp(l->locale, "en") == 0 ? english[l->kind] : russian[l->kind];
    int i = 0;

    while (texts[i].what && strcmp(texts[i].what, l->what) != 0 && i + 1 < MOST_TEXTS &&
           texts[i + 1].subject)
        i++;
    return &texts[i];
}

static const char *value_of(const struct letter *l, const char *name, size_t n)
{
    const struct {
        const char *name, *value;
    } all[] = {
        { "centre", l->centre }, { "link", l->link }, { "when", l->when }, { "who", l->who }
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strlen(all[i].name) == n && memcmp(all[i].name, name, n) == 0)
            return all[i].value;
    return "";
}

static void fill(const struct letter *l, const char *text, struct strbuf *out)
{
    while (*text) {
        size_t n = strcspn(text, "{");
        const char *end;

        strbuf_printf(out, "%.*s", (int)n, text);
        text += n;
        end = *text ? strchr(text, '}') : NULL;
        if (!end)
            return;
        strbuf_puts(out, value_of(l, text + 1, (size_t)(end - text) - 1));
        text = end + 1;
    }
}

enum err letter_write(const struct letter *l, struct strbuf *subject, struct strbuf *body)
{
    const struct text *t = (unsigned)l->kind < NOTIFY_COUNT ? text_of(l) : NULL;

    if (!t)
        return ERR_INVAL;
    fill(l, t->subject, subject);
    fill(l, t->body, body);
    strbuf_puts(body, "\n\n-- \n");
    strbuf_puts(body, l->centre);
    strbuf_puts(body, "\n");
    return strbuf_ok(subject) && strbuf_ok(body) ? ERR_OK : ERR_NOMEM;
}

/* ---- the message ------------------------------------------------------------------------ */

static void base64(const char *s, size_t n, struct strbuf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)(unsigned char)s[i] << 16;
        char four[5] = "====";

        if (i + 1 < n)
            v |= (unsigned)(unsigned char)s[i + 1] << 8;
        if (i + 2 < n)
            v |= (unsigned char)s[i + 2];
        four[0] = digits[v >> 18];
        four[1] = digits[v >> 12 & 63];
        if (i + 1 < n)
            four[2] = digits[v >> 6 & 63];
        if (i + 2 < n)
            four[3] = digits[v & 63];
        strbuf_puts(out, four);
    }
}

/* The longest piece of at most max bytes that ends with a whole letter. */
static size_t piece(const char *s, size_t max)
{
    size_t n = strlen(s);

    if (n <= max)
        return n;
    n = max;
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* RFC 2047: a word has at most 75 characters and a line with one at most 76. "=?UTF-8?B?" and "?="
 * are 12, 36 bytes make 48 more, which leaves room for the longest name before it. */
static void words(const char *s, struct strbuf *out)
{
    while (*s) {
        size_t n = piece(s, 36);

        if (n == 0)
            return;
        strbuf_puts(out, "=?UTF-8?B?");
        base64(s, n, out);
        strbuf_puts(out, "?=");
        s += n;
        if (*s)
            strbuf_puts(out, "\r\n ");
    }
}

/* The canonical form of text has CRLF before it is encoded (RFC 2045 6.8). */
static enum err write_body(const char *text, struct strbuf *out)
{
    struct strbuf lines;
    const char *body;
    enum err e;

    strbuf_init(&lines);
    for (; *text; text += strcspn(text, "\n") + (strchr(text, '\n') ? 1 : 0))
        strbuf_printf(&lines, "%.*s\r\n", (int)strcspn(text, "\n"), text);
    e = strbuf_ok(&lines) ? ERR_OK : ERR_NOMEM;
    body = e || !lines.s ? "" : lines.s;
    /* 57 bytes make a line of 76 (RFC 2045 6.8) */
    for (size_t n = strlen(body), i = 0; i < n; i += 57) {
        base64(body + i, n - i < 57 ? n - i : 57, out);
        strbuf_puts(out, "\r\n");
    }
    strbuf_deinit(&lines);
    return e;
}

static bool one_line(const char *s)
{
    return !strpbrk(s, "\r\n");
}

static void write_date(int64_t at_ms, struct strbuf *out)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int64_t day = at_ms / MS_PER_DAY, s = at_ms % MS_PER_DAY / MS_PER_S;
    int year, month, mday;

    date_from_days(day, &year, &month, &mday);
    strbuf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[date_weekday(day) - 1],
                  mday, months[month - 1], year, (int)(s / 3600), (int)(s / 60 % 60),
                  (int)(s % 60));
}

enum err letter_message(const struct letter_head *h, const char *subject, const char *body,
                        struct strbuf *out)
{
    const char *host = strchr(h->from, '@');

    if (!host || !one_line(h->from) || !one_line(h->to) || !one_line(h->from_name) ||
        !one_line(subject))
        return ERR_INVAL;
    write_date(h->at_ms, out);
    strbuf_puts(out, "From: ");
    words(h->from_name, out);
    strbuf_printf(out, "\r\n <%s>\r\nTo: <%s>\r\nSubject: ", h->from, h->to);
    words(subject, out);
    strbuf_printf(out, "\r\nMessage-ID: <parta.%lld%s>\r\n", (long long)h->id, host);
    strbuf_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: base64\r\n\r\n");
    if (write_body(body, out))
        return ERR_NOMEM;
    return strbuf_ok(out) ? ERR_OK : ERR_NOMEM;
}
