// SPDX-License-Identifier: Apache-2.0
//
// The walk: one child's case from the school's referral to the month report that the school acknowledges,
// through every role, on the real server, by the pages alone. Nobody types an address or knows a number; the
// API is only asked what a page cannot show. Days pass by starting the server again on a later one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { SIZES } from "./mock.mjs";
import { button, inSheet, link, meets, menu, pdf, says, sheetGone, Stage } from "./walk.mjs";
import { api, enter, launchChromium, tool, until } from "./world.mjs";

const CHILD = "Лиза Лисицына";
const PARENT = "Вера Лисицына";
const MENTOR = "Марина Лескова";
const SCHOOL = "Школа № 12, Екатеринбург";
const REFERRED = "2027-02-03T06:00:00"; // a Wednesday, 11:00 at the school
const REPORTED = "2027-03-02T06:00:00";
// Both are in the lesson in earnest, but for a minute of its ten: here half of that is enough to have held it. The
// planner need not look for the best week of the whole centre.
const POLICIES = [["attendance.held_percent", "4", "the walk"], ["attendance.partial_percent", "2", "the walk"], ["plan.seconds_max", "8", "the walk"]];
const TOGETHER_MS = 62_000;

let browser, stage;
before(async () => {
  browser = await launchChromium();
  stage = await Stage.begin(browser, REFERRED, POLICIES);
});
after(async () => {
  await stage?.end();
  await browser?.close();
});

/** A step; the walk ends where one fails, and says what was to be seen there. */
let broken = false;
function step(name, run) {
  test(name, { timeout: 300_000 }, async (t) => {
    if (broken) return t.skip("an earlier step failed");
    const begun = Date.now();
    try {
      await run(stage.people, t);
    } catch (e) {
      broken = true;
      for (const [who, page] of Object.entries(stage.people)) {
        t.diagnostic(`${who} at ${page.url()}: ${(await page.locator("body").innerText().catch(() => "")).replace(/\s+/g, " ").slice(0, 3000)}`);
        await stage.picture("broken", who).catch(() => undefined);
      }
      throw e;
    }
    t.diagnostic(`${Date.now() - begun} ms`);
  });
}

step("the school declares its number and refers a child with both papers and a scan", async () => {
  const school = await stage.demo("school", "school_officer");
  await menu(school, "Сведения");
  await button(school, /^Заявить/).first().click();
  await school.getByLabel("Нуждаются, детей").fill("1");
  await button(school, "Отправить в центр").click();
  await says(school, "1 ребёнок без направления");

  await menu(school, "Направления");
  await button(school, "Новое направление").click();
  await school.getByLabel("Имя и фамилия ребёнка").fill(CHILD);
  await school.getByLabel("Дата рождения").fill("2016-05-09");
  await school.getByLabel("Класс").selectOption("4");
  await school.getByLabel("Имя родителя").fill(PARENT);
  await school.getByLabel("Телефон родителя").fill("+7 900 000-00-00");
  await school.getByLabel("Заявление родителей").fill(stage.day(-2));
  await school.getByLabel("Согласие на обработку сведений о здоровье").fill(stage.day(-2));
  const paper = (name) => school.getByRole("region", { name });
  for (const [name, more] of [
    ["Медицинское заключение", { "Номер документа": "№ 114", "Кем выдано": "Поликлиника № 7", "Основание": "слова о болезни" }],
    ["Рекомендации педиатра", { "Врач": "А. Б. Врач", "Поликлиника": "Поликлиника № 7", "Что пишет врач": "слова о нагрузке", "Минут на урок": "30", "Уроков в день": "3" }],
  ]) {
    await paper(name).getByRole("button", { name: "Внести" }).click();
    await paper(name).getByLabel("Дата выдачи").fill(stage.day(-3));
    await paper(name).getByLabel("Действует с").fill(stage.day(-3));
    await paper(name).getByLabel("Последний день").fill(stage.day(120));
    for (const [label, text] of Object.entries(more)) await paper(name).getByLabel(label, { exact: true }).fill(text);
  }
  await button(school, "Сохранить черновик").click();
  await says(school, "черновик");
  await paper("Медицинское заключение").locator("input[type=file]").setInputFiles(pdf("basis"));
  await says(school, "Скан приложен и запечатан.");
  await stage.picture("1-referral", "school");
  await button(school, "Отправить в центр").click();
  await says(school, /Отправлено\. Решает центр/);
});

step("intake reviews it and accepts; whoever wrote the referral cannot", async ({ school }) => {
  const office = await stage.demo("office", "coordinator");
  assert.equal(await button(school, "Взять на рассмотрение").count(), 0);
  const id = Number(new URL(school.url()).pathname.split("/")[2]);
  await assert.rejects(api(school, `/referrals/${id}/take`, "POST"), /403/);
  await menu(office, "Приём");
  await link(office, new RegExp(CHILD)).click();
  await button(office, "Взять на рассмотрение").click();
  await says(office, "Рассматриваете вы.");
  await stage.picture("2-intake", "office");
  await button(office, "Решить").click();
  await office.getByLabel("Причина").fill("Бумаги в порядке");
  await inSheet(office, "Принять").click();
  await button(office, "Открыть дело").click();
  await office.getByRole("list", { name: "Шаги дела" }).waitFor();
  await says(office, "Вход для родителя");
});

/** A link of the case page, for the parent or for the child. */
async function familyLink(office, which) {
  await button(office, which).click();
  return office.getByRole("textbox", { name: which === "Ссылка для ребёнка" ? /^Ссылка для устройства ребёнка/ : /^Ссылка для родителя/ }).inputValue();
}

step("the family gets its way in and agrees to the lessons", async ({ office }) => {
  const parentsWay = await familyLink(office, "Ссылка для родителя");
  const childsWay = await familyLink(office, "Ссылка для ребёнка");
  await stage.picture("3-case", "office");
  await link(office, "Согласия").first().click();
  await button(office, "Спросить семью: Дистанционные уроки").click();
  await says(office, "Семья видит вопрос на этой странице.");

  const parent = await stage.enter("parent", parentsWay, SIZES.phone);
  await link(parent, "Согласия").click();
  await button(parent, "Даю согласие: Дистанционные уроки").click();
  await says(parent, "Сохранено: согласие дано.");
  await button(parent, "Назад").click();
  await link(parent, "Свободное время и процедуры").click();
  for (const day of ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница"]) await button(parent, day).click();
  await parent.getByLabel("С", { exact: true }).fill("10:00");
  await parent.getByLabel("До", { exact: true }).fill("16:00");
  await button(parent, "Добавить").click();
  await stage.picture("3-hours", "parent");
  await button(parent, "Сохранить время").click();
  await until("kept", () => button(parent, "Сохранить время").getAttribute("aria-disabled"), (v) => v === "true");

  const child = await stage.enter("child", childsWay, SIZES.phone);
  await stage.picture("3-home", "child");
  assert.equal(await child.locator(".button.main").count(), 0); // no lesson yet, and nothing to press
});

/** Chooses a file and a day in the sheet that this button opens, and sends it. */
async function sendPaper(mentor, name) {
  await button(mentor, `Отправить: ${name}`).click();
  await mentor.locator("input[type=file]").setInputFiles(pdf(name));
  await mentor.getByLabel("Дата выдачи").fill(stage.day(-20));
  await inSheet(mentor, "Отправить").click();
  await sheetGone(mentor);
}

const PAPERS = ["Трудовая книжка", "Заявление", "Справка об отсутствии судимости", "Подтверждение курсов", "Оценочный лист"];

step("a mentor applies with five papers, a course and a subject", async () => {
  const mentor = await stage.demo("mentor", "newcomer");
  await menu(mentor, "Мои бумаги");
  await button(mentor, "Подать заявление в школу").click();
  await mentor.getByLabel("Школа", { exact: true }).selectOption({ label: SCHOOL });
  await inSheet(mentor, "Подать заявление").click();
  await sheetGone(mentor);
  for (const name of PAPERS) await sendPaper(mentor, name);
  await button(mentor, "Добавить курс").click();
  await mentor.getByLabel("Название курса").fill("Контакт с больным ребёнком");
  await mentor.getByLabel("Кто проводил").fill("Институт");
  await mentor.getByText("контакт с больным ребёнком", { exact: true }).click();
  await mentor.getByLabel("Часов").fill("72");
  await mentor.getByLabel("Дата выдачи").fill(stage.day(-30));
  await inSheet(mentor, "Сохранить").click();
  await sheetGone(mentor);
  await button(mentor, "Добавить предмет").click();
  await mentor.getByLabel("Категория").fill("высшая");
  await mentor.getByLabel("По класс").selectOption("11");
  await mentor.getByLabel("Дата выдачи").fill(stage.day(-900));
  await inSheet(mentor, "Сохранить").click();
  await sheetGone(mentor);
  await button(mentor, `Отправить в центр: ${SCHOOL}`).click();
  await says(mentor, /Очередь центра/);
  await stage.picture("4-papers", "mentor");
});

step("the centre verifies each paper with its original and recommends the mentor", async ({ office }) => {
  await menu(office, "Наставники");
  await link(office, MENTOR).click();
  for (const name of PAPERS) {
    await button(office, `Проверить: ${name}`).click();
    await office.getByRole("dialog").getByText("Оригинал предъявлен").click();
    await inSheet(office, "Документ в порядке").click();
    await sheetGone(office);
  }
  for (const name of ["Контакт с больным ребёнком", "Математика"]) {
    await button(office, `В порядке: ${name}`).click();
    await button(office, `В порядке: ${name}`).waitFor({ state: "detached" });
  }
  await button(office, `Рекомендовать школе: ${SCHOOL}`).click();
  await says(office, /Очередь школы/);
  await stage.picture("5-verified", "office");
});

/** The case page of the child, by the register. */
async function openCase(office) {
  await menu(office, "Дела");
  await link(office, `Открыть дело: ${CHILD}`).click();
  await office.getByRole("list", { name: "Шаги дела" }).waitFor();
}

async function choose(office, what, who, why) {
  await office.getByLabel("Кого ищем").selectOption({ label: what });
  const card = office.getByRole("article", { name: who });
  await card.getByRole("button", { name: `Назначить: ${who}` }).click();
  await office.getByLabel("Почему этот учитель").fill(why);
  await inSheet(office, "Назначить").click();
  await sheetGone(office);
}

step("out of ranked candidates the centre picks a lead mentor and those of the subjects", async ({ office }) => {
  await openCase(office);
  await link(office, "Выбрать наставника").click();
  const scores = await until("ranked", () => office.locator(".candidate-score").allInnerTexts(), (all) => all.length > 1);
  const points = scores.map((words) => Number.parseInt(words, 10));
  assert.deepEqual(points, [...points].sort((a, b) => b - a));
  await stage.picture("6-candidates", "office");
  await choose(office, "Ведущий наставник", MENTOR, "Ближе всех по времени");
  await choose(office, "Учитель: Математика", MENTOR, "Её предмет");
  await choose(office, "Учитель: Чтение", "Елена Викторовна Орлова", "Учит чтению в этой школе");
});

step("the school orders the hiring; the mentor reads the order and meets the family", async ({ school, mentor, office }) => {
  await menu(school, "Наставники");
  await link(school, MENTOR).click();
  await button(school, `Оформить приказ: ${SCHOOL}`).click();
  await school.getByLabel("Номер").fill("77-к");
  await school.getByLabel("Часов в неделю").fill("9");
  await inSheet(school, "Оформить приказ").click();
  await sheetGone(school);
  await stage.picture("7-order", "school");

  await menu(mentor, "Мой день");
  await menu(mentor, "Мои бумаги");
  const [order] = await Promise.all([mentor.waitForEvent("download"), link(mentor, "Приказ в PDF").click()]);
  const bytes = readFileSync(await order.path());
  assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
  await says(mentor, /77-к/);
  await button(mentor, `Подтверждаю: приказ прочитан: ${SCHOOL}`).click();
  await says(mentor, /скоро начало работы|на работе/);

  await menu(office, "Наставники");
  await link(office, MENTOR).click();
  await button(office, "Кого может учить").click();
  const options = office.getByLabel("Ребёнок").locator("option");
  const whose = await until("in the list", () => options.allInnerTexts(), (all) => all.some((o) => o.includes(CHILD)));
  await office.getByLabel("Ребёнок").selectOption({ label: whose.find((o) => o.includes(CHILD)) });
  await button(office, "Знакомство уже было").click();
  await office.getByLabel("День", { exact: true }).fill(stage.day());
  await inSheet(office, "Сохранить").click();
  await sheetGone(office);
  await stage.picture("7-can-teach", "office");
});

step("the mentor writes when lessons may be placed and proposes a programme; the centre approves", async ({ mentor, office }) => {
  await button(mentor, "Когда можно ставить уроки").click();
  for (const day of ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница"]) await button(mentor, day).click();
  await mentor.getByLabel("С", { exact: true }).fill("08:00");
  await mentor.getByLabel("До", { exact: true }).fill("14:00");
  await button(mentor, "Добавить").click();
  await button(mentor, "Сохранить время").click();
  await until("kept", () => button(mentor, "Сохранить время").getAttribute("aria-disabled"), (v) => v === "true");

  await menu(mentor, "Дети");
  await link(mentor, new RegExp(CHILD)).click();
  await link(mentor, "Программа").click();
  await button(mentor, "Составить программу").click();
  await button(mentor, "Добавить предмет").click();
  await mentor.getByLabel("Предмет").selectOption({ label: "Математика" });
  await mentor.getByLabel("Минут в неделю").fill("10");
  await mentor.getByLabel("Минут на урок").fill("10");
  await button(mentor, "Сохранить черновик").click();
  await button(mentor, "Предложить центру").click();
  await says(mentor, "Ждёт утверждения");
  await stage.picture("8-programme", "mentor");
  assert.equal(await button(mentor, "Утвердить").count(), 0);

  await menu(office, "Программы");
  await link(office, `Открыть программу: ${CHILD}`).click();
  await button(office, "Утвердить").click();
  await says(office, "Утверждена");
});

/** The child's lesson, as its guardian's week has it. */
let lesson;

step("the planner proposes next week; the draft is checked and published", async ({ office }, t) => {
  await menu(office, "Расписание");
  await button(office, "Предложить неделю").click();
  await button(office, "Предложить").click();
  const open = link(office, "Открыть черновик");
  await open.waitFor({ timeout: 60_000 });
  await stage.picture("9-plan", "office");
  await open.click();
  await button(office, "Проверить все правила").click();
  await says(office, "Правила не нарушены.");
  await stage.picture("9-draft", "office");
  await button(office, /^Опубликовать и известить/).click();
  await says(office, /теперь действует/);
  await openCase(office);
  await link(office, "Неделя").click();
  await button(office, "Следующая неделя").click();
  const week = await weekOf(office);
  assert.equal(week.lessons.length, 1);
  [lesson] = week.lessons;
  await office.locator(`[data-lesson="${lesson.id}"]`).waitFor();
  t.diagnostic(new Date(lesson.start).toISOString());
});

/** The week that this page shows, as the server has it. */
const weekOf = (page) => api(page, `/week${new URL(page.url()).search}`);

step("child, mentor and parent see it; the calendar has it without a surname", async ({ parent, mentor, child }) => {
  await button(parent, "Назад").click();
  await button(parent, "Неделя").click();
  await button(parent, "Следующая неделя").click();
  await parent.locator(`[data-lesson="${lesson.id}"]`).waitFor();
  await stage.picture("10-week", "parent");
  await menu(mentor, "Мой день");
  await button(mentor, "Моя неделя").click();
  await button(mentor, "Следующая неделя").click();
  await mentor.locator(`[data-lesson="${lesson.id}"]`).waitFor();
  await stage.picture("10-week", "mentor");
  await child.reload();
  await stage.picture("10-home", "child");

  await menu(mentor, "Мой день");
  await button(mentor, /Марина Лескова/).click();
  await button(mentor, "Создать адрес").click();
  const address = await mentor.getByLabel("Адрес для календаря").inputValue();
  const feed = await mentor.evaluate(async (url) => (await fetch(url)).text(), address);
  assert.match(feed, new RegExp(`UID:${lesson.id}-`));
  assert.doesNotMatch(feed, /Лисицына/);
});

step("the lesson is held: both see and hear each other, and the register writes it down", async () => {
  await stage.turn(new Date(lesson.start - 20_000).toISOString().slice(0, 19));
  const office = await stage.demo("office", "coordinator");
  await openCase(office);
  const child = await stage.enter("child", await familyLink(office, "Ссылка для ребёнка"), SIZES.phone);
  await stage.enter("parent", await familyLink(office, "Ссылка для родителя"), SIZES.phone);
  const mentor = await stage.demo("mentor", "newcomer");
  await child.locator(".button.main").first().waitFor();
  await stage.picture("11-door", "child", "mentor", "parent");
  await enter(child);
  await tool(child, "Камера").click();
  await enter(mentor);
  await stage.leave("parent");
  const meet = () => Promise.all([meets(mentor, "the mentor sees and hears the child"), meets(child, "the child sees and hears the mentor")]);
  await meet();
  await until("the lesson has begun", () => api(child, `/lessons/${lesson.id}`), (l) => l.state === "running", 40_000);
  await stage.picture("11-lesson", "child", "mentor");
  await menu(office, "Сегодня");
  await stage.picture("11-board", "office");
  await new Promise((r) => setTimeout(r, TOGETHER_MS));
  await meet();
  await mentor.locator(".room-head button").click();
  await mentor.locator(".sheet .button.main").click();
  await says(child, "Урок закончился");
  await stage.picture("11-end", "child", "mentor");
});

step("the outcome stands; the mentor writes its topic, the parent confirms", async () => {
  await stage.turn(new Date(lesson.end + 3_600_000).toISOString().slice(0, 19));
  const office = await stage.demo("office", "coordinator");
  await openCase(office);
  const parentsWay = await familyLink(office, "Ссылка для родителя");
  const mentor = await stage.demo("mentor", "newcomer");
  const { outcome } = await until("computed", () => api(office, `/lessons/${lesson.id}/attendance`), (a) => a.outcome !== null, 60_000);
  assert.equal(outcome, "held");
  await button(mentor, "Записать").click();
  await mentor.getByRole("textbox", { name: "Тема" }).fill("Обыкновенные дроби");
  await mentor.getByRole("textbox", { name: "Домашнее задание" }).fill("№ 214");
  await mentor.getByLabel("Оценка").selectOption("5");
  await inSheet(mentor, "Сохранить").click();
  await stage.picture("12-day", "mentor");
  const parent = await stage.enter("parent", parentsWay, SIZES.phone);
  await says(parent, /Прошёл/);
  await button(parent, "Всё верно за неделю").click();
  await says(parent, /Спасибо/);
  await stage.picture("12-log", "parent");
});

/** The report of the walk's child, on the page of reports of the month before this one. */
async function openReport(page, way) {
  if (way) await menu(page, way);
  await button(page, "Предыдущий месяц").click();
  const row = link(page, `Открыть отчёт: ${CHILD}, ${MENTOR}`);
  await until("in the list", async () => {
    const there = await row.count();
    if (!there) await button(page, "Показать ещё").click({ timeout: 500 }).catch(() => undefined); // the first page may be all
    return there;
  }, (n) => n === 1, 60_000);
  await row.click();
  await says(page, "Путь в школу");
}

/** The report that the mentor owes for the walk's child. */
const openOwed = (mentor) => mentor.getByRole("listitem").filter({ hasText: CHILD }).getByRole("button", { name: "Открыть отчёт" }).click();

step("the month report: sent, returned once, sent again, accepted", async () => {
  await stage.turn(REPORTED);
  const mentor = await stage.demo("mentor", "newcomer");
  const office = await stage.demo("office", "coordinator");
  await openOwed(mentor);
  await mentor.getByRole("textbox", { name: "Успехи" }).fill("Складывает дроби сама.");
  await button(mentor, "Сохранить").click();
  await until("saved", () => button(mentor, "Отправить в центр").getAttribute("aria-disabled"), (v) => v !== "true", 60_000);
  await stage.picture("13-report", "mentor");
  await button(mentor, "Отправить в центр").click();
  await says(mentor, "Отчёт в центре.");

  await openReport(office, "Отчёты");
  await button(office, "Вернуть").click();
  await office.getByLabel("Что нужно исправить?").fill("Напишите о следующем месяце.");
  await inSheet(office, "Вернуть").click();
  await says(office, /Отчёт снова у учителя/);

  await menu(mentor, "Мой день");
  await openOwed(mentor);
  await says(mentor, /Напишите о следующем месяце/);
  await mentor.getByRole("textbox", { name: "Следующий месяц" }).fill("Десятичные дроби.");
  await button(mentor, "Сохранить").click();
  await until("saved", () => button(mentor, "Отправить в центр").getAttribute("aria-disabled"), (v) => v !== "true", 60_000);
  await button(mentor, "Отправить в центр").click();
  await says(mentor, "Отчёт в центре.");

  await openReport(office, "Отчёты");
  await button(office, `Принять и отправить в «${SCHOOL}»`).click();
  await says(office, /точно такая же копия/);
  await stage.picture("13-accepted", "office");
});

/** The PDF that this page offers, and its digest. */
async function pdfOf(page) {
  const [file] = await Promise.all([page.waitForEvent("download"), link(page, "PDF").click()]);
  const bytes = readFileSync(await file.path());
  return { bytes, sha: createHash("sha256").update(bytes).digest("hex") };
}

step("the school opens its copy, byte for byte the accepted one, and acknowledges it", async ({ office }) => {
  const school = await stage.demo("school", "school_officer");
  await openReport(school);
  const theirs = await pdfOf(school);
  const ours = await pdfOf(office);
  assert.equal(theirs.bytes.subarray(0, 5).toString(), "%PDF-");
  const id = new URL(school.url()).pathname.split("/").pop();
  const { copy } = await api(office, `/reports/${id}`);
  assert.deepEqual([theirs.sha, ours.sha], [copy.sha256, copy.sha256]);
  assert.ok(copy.opened !== null && copy.acknowledged === null, "opened, and not yet acknowledged");
  await button(school, "Подтвердить получение").click();
  await says(school, "Получение подтверждено.");
  await stage.picture("14-acknowledged", "school");
  await menu(office, "Отчёты");
  await button(office, "Предыдущий месяц").click();
  await says(office, "получение подтверждено");
});

/** The sheet of the walk's child, from the page of all sheets. */
async function openSheet(page) {
  await menu(page, "Оценки");
  await link(page, `Ведомость: ${CHILD}, ${MENTOR}`).click();
  await says(page, "Путь в школу");
}

step("the quarter's mark sheet goes the same way: set, sent, accepted, opened, acknowledged", async ({ mentor, office, school }) => {
  await menu(school, "Календари школ");
  // The quarter that was to last until the end of March ends with February.
  await school.locator("section", { hasText: "Учебные периоды" }).locator("li").last().getByRole("button").click();
  const term = school.getByRole("group", { name: "Добавить период" });
  await term.getByLabel("Первый день").fill("2027-02-01");
  await term.getByLabel("Последний день").fill("2027-02-28");
  await button(term, "Добавить период").click();
  await button(school, "Сохранить календарь").click();
  await until("kept", () => button(school, "Сохранить календарь").getAttribute("aria-disabled"), (v) => v === "true");

  await openSheet(mentor);
  await mentor.getByLabel("Оценка: Математика").selectOption("5");
  await mentor.getByLabel("Причина: Математика").fill("Один урок за четверть, на нём все задачи решены.");
  await button(mentor, "Сохранить").click();
  await says(mentor, "Оценки сохранены.");
  await stage.picture("15-sheet", "mentor");
  await button(mentor, "Отправить в центр").click();
  await says(mentor, "Ведомость у центра.");

  await openSheet(office);
  await button(office, `Принять и отправить в «${SCHOOL}»`).click();
  await says(office, "Принято. У школы точная копия.");
  await stage.picture("15-sheet", "office");

  await openSheet(school);
  const theirs = await pdfOf(school);
  const ours = await pdfOf(office);
  const { copy } = await api(office, `/mark-sheets/${new URL(school.url()).pathname.split("/").pop()}`);
  assert.deepEqual([theirs.sha, ours.sha], [copy.sha256, copy.sha256]);
  await button(school, "Подтвердить получение").click();
  await says(school, "Получение подтверждено.");
  await stage.picture("15-sheet", "school");

  await openCase(office);
  const parent = await stage.enter("parent", await familyLink(office, "Ссылка для родителя"), SIZES.phone);
  await link(parent, "Оценки").click();
  await says(parent, "За период");
  await stage.picture("15-marks", "parent");
});

test("no page met with an error but the refusal that was asked for", async () => {
  await stage.leave();
  assert.deepEqual(stage.faults.filter((f) => !/status of 403/.test(f)), []);
});
