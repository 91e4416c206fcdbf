// SPDX-License-Identifier: Apache-2.0
//
// Intake on the real server: a school declares its number and refers a child, the centre asks for
// completion, opens the papers for a cause, accepts, and the case shows where it stands.
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { axe, shotsFolder } from "./mock.mjs";
import { api, DemoServer, launchChromium, person } from "./world.mjs";

const folder = shotsFolder("intake");
const PDF = Buffer.from("%PDF-1.7\nscan\nstartxref\n9\n%%EOF\n");
let server, browser, school, office, referral;

before(async () => {
  server = await DemoServer.start();
  browser = await launchChromium();
  school = await person(browser, server.links.school_officer, { viewport: { width: 1280, height: 900 } });
  office = await person(browser, server.links.coordinator, { viewport: { width: 1280, height: 900 } });
  for (const page of [school, office]) page.setDefaultTimeout(60_000); // a busy machine
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const go = (page, path) => page.goto(`${server.origin}${path}`, { waitUntil: "domcontentloaded" });
const button = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" });
const says = (page, words) => page.getByText(words).first().waitFor();
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A picture, and nothing for axe to complain of once the page is quiet. */
async function clean(page, name) {
  await page.waitForFunction(() => !document.querySelector(".loading, [aria-busy]"));
  await page.waitForTimeout(7500); // what was spoken last is taken out of the page by then
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  assert.deepEqual(await axe(page), [], name);
}

test("the school declares how many children are in need", async () => {
  await go(school, "/needs");
  await button(school, /^Заявить/).first().click();
  await school.getByLabel("Нуждаются, детей").fill("2");
  await button(school, "Отправить в центр").click();
  await says(school, "2 ребёнка без направления");
});

test("a draft is saved bit by bit, and what is missing is named", async () => {
  await go(school, "/referrals");
  await button(school, "Новое направление").click();
  await school.getByLabel("Имя и фамилия ребёнка").fill("Лисицына Елизавета");
  await school.getByLabel("Дата рождения").fill(day(400)); // not born yet
  await button(school, "Сохранить черновик").click();
  await says(school, "По этой дате ребёнок слишком мал или велик для школы. Проверьте год.");
  assert.equal(await school.getByLabel("Имя и фамилия ребёнка").inputValue(), "Лисицына Елизавета"); // nothing is lost
  await school.getByLabel("Дата рождения").fill("2016-05-09");
  await button(school, "Сохранить черновик").click();
  await school.waitForURL(/\/referral\/\d+$/);
  referral = Number(new URL(school.url()).pathname.split("/")[2]);
  await says(school, /^Сохранено\. Не хватает: \d/); // the first saving says so too, though it comes to another page
  await says(school, "Действующее медицинское заключение");
  assert.equal((await api(school, `/referrals/${referral}`)).state, "draft");
});

const paper = (name) => school.getByRole("region", { name });

test("both papers with their limits, a scan, and off to the centre", async () => {
  await school.getByLabel("Класс").selectOption("4");
  await school.getByLabel("Имя родителя").fill("Лисицына Вера");
  await school.getByLabel("Телефон родителя").fill("+7 900 000-00-00");
  await school.getByLabel("Заявление родителей").fill(day(-2));
  await school.getByLabel("Согласие на обработку сведений о здоровье").fill(day(-2));
  for (const [name, more] of [
    ["Медицинское заключение", { "Номер документа": "№ 114", "Кем выдано": "Поликлиника № 7", "Основание": "слова о болезни" }],
    ["Рекомендации педиатра", { "Врач": "А. Б. Врач", "Поликлиника": "Поликлиника № 7", "Что пишет врач": "слова о нагрузке", "Минут на урок": "30", "Уроков в день": "3" }],
  ]) {
    await paper(name).getByRole("button", { name: "Внести" }).click();
    await paper(name).getByLabel("Дата выдачи").fill(day(-3));
    await paper(name).getByLabel("Действует с").fill(day(-3));
    await paper(name).getByLabel("Последний день").fill(day(90));
    for (const [label, text] of Object.entries(more)) await paper(name).getByLabel(label, { exact: true }).fill(text);
  }
  await button(school, "Сохранить черновик").click();
  await says(school, "Сохранено. Не хватает: ничего.");
  await paper("Медицинское заключение").locator("input[type=file]").setInputFiles({ name: "скан.pdf", mimeType: "application/pdf", buffer: PDF });
  await says(school, "Скан приложен и запечатан.");
  await clean(school, "draft");
  await button(school, "Отправить в центр").click();
  await says(school, /Отправлено\. Решает центр/);
  assert.doesNotMatch(await school.content(), /слова о/); // what a doctor wrote does not come back
});

test("the coordinator asks for completion, and the school completes", async () => {
  await go(office, "/intake");
  await office.getByRole("link", { name: /Лисицына Елизавета/ }).click();
  await button(office, "Взять на рассмотрение").click();
  await says(office, "Рассматриваете вы.");
  await button(office, "Попросить дополнить").click();
  await office.getByText("Телефон родителя", { exact: true }).last().click();
  await office.getByLabel("Пояснение школе").fill("Второй телефон, пожалуйста");
  await office.getByRole("dialog").getByRole("button", { name: "Попросить дополнить" }).click();
  await says(office, "нужно дополнить");

  await go(school, `/referral/${referral}`);
  await says(school, "Центр пишет: Второй телефон, пожалуйста");
  await school.getByLabel("Телефон родителя").fill("+7 900 000-00-00, +7 900 000-00-01");
  await button(school, "Отправить в центр").click();
  await says(school, /Отправлено\. Решает центр/);
});

test("sealed words open for a cause, are gone when left, and the opening is written down", async () => {
  await go(office, `/referral/${referral}`);
  await button(office, "Взять на рассмотрение").click();
  await button(office, "Открыть и сказать зачем").click();
  await office.getByRole("dialog").getByRole("button", { name: "Открыть", exact: true }).click();
  await says(office, "слова о болезни");
  const [saved] = await Promise.all([office.waitForEvent("download"), button(office, "Скачать скан заключения").click()]);
  assert.equal(saved.suggestedFilename(), `basis-${referral}.pdf`);
  await clean(office, "opened");
  await office.getByRole("link", { name: "Приём" }).first().click();
  await office.goBack();
  await says(office, "Открыть и сказать зачем");
  assert.doesNotMatch(await office.content(), /слова о болезни/);
});

test("accepted: the child is in the register and the case shows its steps", async () => {
  await button(office, "Решить").click();
  await office.getByLabel("Причина").fill("Бумаги в порядке");
  await office.getByRole("dialog").getByRole("button", { name: "Принять" }).click();
  await button(office, "Открыть дело").click();
  await office.getByRole("list", { name: "Шаги дела" }).waitFor();
  const steps = office.locator(".case-chain li");
  assert.match(await steps.nth(0).textContent(), /Направление.*принято/);
  assert.equal(await steps.nth(1).getAttribute("aria-current"), "step"); // consent and a sign-in for the parent
  await says(office, "Согласие на дистанционные уроки");
  await says(office, "30 минут на урок");
  await clean(office, "case");
  await go(office, "/register");
  await office.getByLabel("Найти по имени").fill("лисицына");
  await office.getByRole("link", { name: /Лисицына Елизавета/ }).waitFor();
  await go(school, "/needs");
  await says(school, "1 ребёнок без направления");
});

test("the case is closed for good", async () => {
  await go(office, "/register");
  await office.getByRole("link", { name: /Лисицына Елизавета/ }).click();
  await button(office, "Закрыть дело").click();
  await office.getByText("семья ушла").click();
  await office.getByRole("dialog").getByRole("button", { name: "Закрыть дело" }).click();
  await says(office, /Дело закрыто .*: семья ушла\./);
});

test("no page met with an error but the refusal that was asked for", () => {
  assert.deepEqual(office.faults, []);
  assert.deepEqual(school.faults.filter((f) => !/status of 400/.test(f)), []);
});
