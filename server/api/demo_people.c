/* SPDX-License-Identifier: Apache-2.0
 *
 * The invented people of the demo; see demo.h.
 */
#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/demo_world.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/user.h"

const char *const demo_cards[2] = { "417302", "583916" };

struct person {
    const char *login, *name, *given, *animal, *phone;
};

static const struct person coordinator = { "irina", "Ирина Олеговна Белова", "Ирина", "owl",
                                           "8 800 555-10-12" };
static const struct person officer = { "gromova", "Наталья Юрьевна Громова", "Наталья Юрьевна",
                                       "bear", "8 800 555-10-20" };

static const struct person mentors[DEMO_MENTORS] = {
    { "anna", "Анна Сергеевна Лаптева", "Анна Сергеевна", "owl", "8 800 555-10-31" },
    { "pavel", "Павел Ильич Денисов", "Павел Ильич", "bear", "8 800 555-10-32" },
    { "elena", "Елена Викторовна Орлова", "Елена Викторовна", "fox", "8 800 555-10-33" },
    { "ksenia", "Ксения Андреевна Новик", "Ксения Андреевна", "owl", "8 800 555-10-34" },
    { "david", "David Kim", "David", "bear", "8 800 555-10-35" },
    { "olga", "Ольга Павловна Лебедь", "Ольга Павловна", "fox", "8 800 555-10-36" },
};

/* subject of each mentor; the last one also teaches music */
static const int subject_of[DEMO_MENTORS] = { 0, 1, 2, 3, 4, 5 };

static const struct {
    const char *code, *ru, *en;
    int colour;
} subjects[DEMO_SUBJECTS] = {
    { "maths", "Математика", "Mathematics", 1 },
    { "language", "Русский язык", "Russian", 2 },
    { "reading", "Чтение", "Reading", 3 },
    { "nature", "Окружающий мир", "Nature", 4 },
    { "foreign", "Английский язык", "English", 5 },
    { "art", "Рисование", "Art", 6 },
    { "music", "Музыка", "Music", 6 },
};

struct pupil {
    const char *login, *name, *given, *animal;
    int grade;
    const char *guardian;
};

/* Even ones go to the first school (Yekaterinburg), odd ones to the second (Moscow). */
static const struct pupil pupils[DEMO_CHILDREN] = {
    { "misha", "Миша Рыбаков", "Миша", "fox", 5, "Мария Рыбакова" },
    { "sonya", "Соня Климова", "Соня", "owl", 3, "Ольга Климова" },
    { "timur", "Тимур Ахметов", "Тимур", "bear", 7, "Алия Ахметова" },
    { "liza", "Лиза Морозова", "Лиза", "fox", 2, "Сергей Морозов" },
    { "egor", "Егор Тихонов", "Егор", "bear", 4, "Анна Тихонова" },
    { "vera", "Вера Никитина", "Вера", "owl", 6, "Игорь Никитин" },
    { "daniil", "Даниил Сорокин", "Даниил", "fox", 8, "Елена Сорокина" },
    { "maria", "Маша Лебедева", "Маша", "owl", 9, "Юлия Лебедева" },
    { "kostya", "Костя Панин", "Костя", "bear", 1, "Дарья Панина" },
    { "emily", "Emily Carter", "Emily", "owl", 4, "Susan Carter" },
    { "anya", "Аня Воронцова", "Аня", "fox", 3, "Пётр Воронцов" },
    { "artem", "Артём Жуков", "Артём", "bear", 10, "Нина Жукова" },
    { "noah", "Noah Brooks", "Noah", "fox", 5, "Linda Brooks" },
    { "polina", "Полина Зайцева", "Полина", "owl", 2, "Ирина Зайцева" },
    { "gleb", "Глеб Семёнов", "Глеб", "bear", 6, "Оксана Семёнова" },
    { "alina", "Алина Гарифуллина", "Алина", "fox", 7, "Рустам Гарифуллин" },
    { "ilya", "Илья Кузьмин", "Илья", "owl", 11, "Татьяна Кузьмина" },
    { "dasha", "Даша Фёдорова", "Даша", "fox", 1, "Андрей Фёдоров" },
    { "roma", "Рома Белкин", "Рома", "bear", 8, "Светлана Белкина" },
    { "zoya", "Зоя Абрамова", "Зоя", "owl", 9, "Марина Абрамова" },
};

int demo_subject_of(int mentor)
{
    return subject_of[mentor];
}

const char *demo_subject_code(int subject)
{
    return subjects[subject].code;
}

const char *demo_zone_of_child(int child)
{
    return child % DEMO_SCHOOLS == 0 ? "Asia/Yekaterinburg" : "Europe/Moscow";
}

bool demo_teaches(int mentor, int child)
{
    int step = (mentor - child % DEMO_MENTORS + DEMO_MENTORS) % DEMO_MENTORS;

    return step == 0 || step == 1 || step == 3;
}

static enum err add_org(struct demo_world *w, enum org_type type, const char *code,
                        const char *name, const char *tz, struct org_id parent, struct org_id *out)
{
    struct org o = { .type = type, .parent = parent };

    if (!str_copy(o.code, sizeof o.code, code) || !str_copy(o.name, sizeof o.name, name) ||
        !str_copy(o.tz, sizeof o.tz, tz) || !str_copy(o.phone, sizeof o.phone, "8 800 555-10-12"))
        return ERR_INVAL;
    return org_save(w->db, &o, w->now_ms, (struct user_id){ 0 }, out);
}

static enum err add_person(struct demo_world *w, const struct person *p, const char *tz,
                           enum role role, struct org_id org, int64_t from_ms, struct user_id *out)
{
    struct user u = { .status = USER_ACTIVE };
    struct grant g = { .role = role, .org = org, .from_ms = from_ms, .to_ms = FOREVER_MS };
    struct face face = { .theme = "system", .hand = "right" };
    bool latin = (unsigned char)p->name[0] < 0x80;
    int64_t grant;
    enum err err;

    if (!str_copy(u.login, sizeof u.login, p->login) || !str_copy(u.name, sizeof u.name, p->name) ||
        !str_copy(u.short_name, sizeof u.short_name, p->given) ||
        !str_copy(u.animal, sizeof u.animal, p->animal) ||
        !str_copy(u.locale, sizeof u.locale, latin ? "en" : "ru") ||
        !str_copy(u.tz, sizeof u.tz, tz) || !str_copy(face.phone, sizeof face.phone, p->phone))
        return ERR_INVAL;
    err = user_save(w->db, &u, w->now_ms, (struct user_id){ 0 }, out);
    g.user = *out;
    if (!err)
        err = grant_add(w->db, &g, w->now_ms, (struct user_id){ 0 }, &grant);
    return err ? err : face_save(w->db, *out, &face);
}

static enum err add_mentor(struct demo_world *w, int i, int64_t from_ms)
{
    enum err err = add_person(w, &mentors[i], DEMO_CENTRE_TZ, ROLE_MENTOR, w->centre, from_ms,
                              &w->mentor_users[i]);

    if (!err)
        err = mentor_add(w->db, w->mentor_users[i], w->centre, w->now_ms, w->coordinator,
                         &w->mentors[i]);
    return err;
}

static enum err add_guardian(struct demo_world *w, int i, int64_t from_ms)
{
    char login[40], phone[24];
    struct person p = { login, pupils[i].guardian, pupils[i].guardian, "owl", phone };
    int64_t id;
    enum err err;

    if (!str_format(login, sizeof login, "%s.family", pupils[i].login) ||
        !str_format(phone, sizeof phone, "8 800 555-11-%02d", i + 10))
        return ERR_INVAL;
    err = add_person(w, &p, demo_zone_of_child(i), ROLE_GUARDIAN, w->centre, from_ms,
                     &w->guardians[i]);
    if (!err)
        err = guardian_add(w->db, w->guardians[i], w->children[i], "full", from_ms, w->coordinator,
                           &id);
    if (!err)
        err = consent_give(w->db, w->children[i], "lessons", "1", w->guardians[i], from_ms,
                           FOREVER_MS);
    return err ? err
               : consent_give(w->db, w->children[i], "group", "1", w->guardians[i], from_ms,
                              FOREVER_MS);
}

static enum err add_child(struct demo_world *w, int i, int64_t from_ms)
{
    const struct pupil *p = &pupils[i];
    struct person person = { p->login, p->name, p->given, p->animal, "" };
    struct child c = { .centre = w->centre,
                       .school = w->schools[i % DEMO_SCHOOLS],
                       .grade = p->grade };
    enum err err = add_person(w, &person, demo_zone_of_child(i), ROLE_CHILD, w->centre, from_ms,
                              &w->child_users[i]);

    c.user = w->child_users[i];
    if (!err && !str_format(c.register_no, sizeof c.register_no, "Д-%03d", i + 1))
        err = ERR_INVAL;
    if (!err)
        err = child_save(w->db, &c, w->now_ms, w->coordinator, &w->children[i]);
    return err ? err : add_guardian(w, i, from_ms);
}

static enum err add_assignments(struct demo_world *w, int64_t from_ms)
{
    int64_t id;
    enum err err = ERR_OK;

    for (int c = 0; !err && c < DEMO_CHILDREN; c++) {
        err = assignment_add(w->db, w->children[c], w->mentors[c % DEMO_MENTORS], 0, from_ms,
                             FOREVER_MS, w->now_ms, w->coordinator, &id);
        for (int m = 0; !err && m < DEMO_MENTORS; m++) {
            if (demo_teaches(m, c))
                err =
                    assignment_add(w->db, w->children[c], w->mentors[m], w->subjects[subject_of[m]],
                                   from_ms, FOREVER_MS, w->now_ms, w->coordinator, &id);
        }
    }
    return err;
}

static enum err add_subjects(struct demo_world *w)
{
    for (int i = 0; i < DEMO_SUBJECTS; i++) {
        struct subject s = { .colour = subjects[i].colour };
        enum err err;

        if (!str_copy(s.code, sizeof s.code, subjects[i].code) ||
            !str_copy(s.name_ru, sizeof s.name_ru, subjects[i].ru) ||
            !str_copy(s.name_en, sizeof s.name_en, subjects[i].en))
            return ERR_INVAL;
        err = subject_save(w->db, &s, &w->subjects[i]);
        if (err)
            return err;
    }
    return ERR_OK;
}

enum err demo_people(struct demo_world *w, int64_t from_ms)
{
    struct org_id none = { 0 };
    enum err err = add_org(w, ORG_CENTRE, "centre", "Координационный центр «Парта»", DEMO_CENTRE_TZ,
                           none, &w->centre);

    if (!err)
        err = policy_set(w->db, w->centre, "demo", "1", from_ms, "", w->now_ms,
                         (struct user_id){ 0 });
    if (!err)
        err = add_org(w, ORG_SCHOOL, "school12", "Школа № 12, Екатеринбург", "Asia/Yekaterinburg",
                      w->centre, &w->schools[0]);
    if (!err)
        err = add_org(w, ORG_SCHOOL, "school57", "Школа № 57, Москва", "Europe/Moscow", w->centre,
                      &w->schools[1]);
    if (!err)
        err = add_subjects(w);
    if (!err)
        err = add_person(w, &coordinator, DEMO_CENTRE_TZ, ROLE_COORDINATOR, w->centre, from_ms,
                         &w->coordinator);
    if (!err)
        err = add_person(w, &officer, "Asia/Yekaterinburg", ROLE_SCHOOL_OFFICER, w->schools[0],
                         from_ms, &w->officer);
    for (int i = 0; !err && i < DEMO_MENTORS; i++)
        err = add_mentor(w, i, from_ms);
    for (int i = 0; !err && i < DEMO_CHILDREN; i++)
        err = add_child(w, i, from_ms);
    if (!err)
        err = add_assignments(w, from_ms);
    if (!err)
        err = demo_programmes(w, from_ms);
    return err ? err : demo_papers(w, from_ms);
}

static enum err find_user(struct demo_world *w, const char *login, struct user_id *out)
{
    struct user u;
    enum err err = user_by_login(w->db, login, &u);

    if (!err)
        *out = u.id;
    return err;
}

static enum err find_orgs(struct demo_world *w)
{
    struct org_list l = { 0 };
    enum err err = org_list(w->db, NULL, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        if (strcmp(l.items[i].code, "centre") == 0)
            w->centre = l.items[i].id;
        else if (strcmp(l.items[i].code, "school12") == 0)
            w->schools[0] = l.items[i].id;
        else if (strcmp(l.items[i].code, "school57") == 0)
            w->schools[1] = l.items[i].id;
    }
    org_list_free(&l);
    return err ? err : w->centre.v && w->schools[0].v && w->schools[1].v ? ERR_OK : ERR_NOTFOUND;
}

enum err demo_people_find(struct demo_world *w)
{
    enum err err = find_orgs(w);

    for (int i = 0; !err && i < DEMO_SUBJECTS; i++) {
        struct subject s;

        err = subject_by_code(w->db, subjects[i].code, &s);
        w->subjects[i] = s.id;
    }
    if (!err)
        err = find_user(w, coordinator.login, &w->coordinator);
    if (!err)
        err = find_user(w, officer.login, &w->officer);
    for (int i = 0; !err && i < DEMO_MENTORS; i++) {
        struct mentor m = { 0 };

        err = find_user(w, mentors[i].login, &w->mentor_users[i]);
        if (!err)
            err = mentor_by_user(w->db, w->mentor_users[i], &m);
        w->mentors[i] = m.id;
    }
    for (int i = 0; !err && i < DEMO_CHILDREN; i++) {
        struct child c = { 0 };
        char login[40];

        err = find_user(w, pupils[i].login, &w->child_users[i]);
        if (!err)
            err = child_by_user(w->db, w->child_users[i], &c);
        w->children[i] = c.id;
        if (!err && !str_format(login, sizeof login, "%s.family", pupils[i].login))
            err = ERR_INVAL;
        if (!err)
            err = find_user(w, login, &w->guardians[i]);
    }
    return err;
}
