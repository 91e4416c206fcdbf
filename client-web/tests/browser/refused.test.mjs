// SPDX-License-Identifier: Apache-2.0
//
// The door of a lesson on the real server: everyone who is refused reads a sentence of its own, is
// given a way on, and never has a media path.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe } from "./mock.mjs";
import { api, DemoServer, enter, launchChromium, media, newLesson, person, seesOthers, workday } from "./world.mjs";

let server, browser, office, child1, child2, running;

/** Goes to a lesson's address and reads the door. */
async function door(page, lesson) {
  await page.goto(`${server.origin}/lesson/${lesson}`, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(".door");
  assert.deepEqual(await axe(page), []);
  const found = await media(page);
  assert.equal(found.live, 0, "no media path");
  return page.locator(".door").innerText();
}

before(async () => {
  server = await DemoServer.start();
  browser = await launchChromium();
  office = await person(browser, server.links.coordinator);
  child1 = await person(browser, server.links.child1);
  child2 = await person(browser, server.links.child2);
  running = (await api(child1, "/me/day")).next;
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("another child, another mentor: the door of somebody else's lesson", async () => {
  assert.match(await door(child2, running), /Это дверь другого урока/);
  const mentor2 = await person(browser, server.links.mentor2);
  assert.match(await door(mentor2, running), /Это дверь другого урока/);
  assert.match(await door(child2, 999_999), /Это дверь другого урока/, "a lesson that is not, told alike");
  await mentor2.context().close();
});

test("a stranger is asked to sign in", async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "ru-RU" });
  const page = await context.newPage();
  await page.goto(`${server.origin}/lesson/${running}`, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(".code-input");
  await context.close();
});

test("too early: when it opens, and a button that waits", async () => {
  const me = await api(child2, "/session");
  const lesson = await newLesson(office, me.id, "11:00");
  const words = await door(child2, lesson.id);
  assert.match(words, /Ты рано/);
  assert.match(words, /Дверь урока откроется в 10:50/);
  assert.equal(await child2.locator(".door .button.main").getAttribute("aria-disabled"), "true");
  const gone = await api(office, `/lessons/${lesson.id}/cancel`, "POST", { side: "centre", reason: "проверка" }, lesson.etag);
  assert.equal(gone.state, "cancelled");
  assert.match(await door(child2, lesson.id), /Этого урока не будет/);
});

test("moved: to when", async () => {
  const me = await api(child2, "/session");
  const lesson = await newLesson(office, me.id, "12:00");
  await api(office, `/lessons/${lesson.id}/move`, "POST", { date: workday(), time: "14:00", minutes: 30, reason: "проверка" }, lesson.etag);
  const words = await door(child2, lesson.id);
  assert.match(words, /Урок переехал/);
  assert.match(words, /14:00/);
});

test("over: a lesson of the past", async () => {
  // The other child has been at wrong doors often enough to be asked for a minute of patience.
  const me = await api(child1, "/session");
  // On the first day of a month, in the child's zone, only the month before has any.
  const month = (back) => { const d = new Date(); d.setUTCDate(1); d.setUTCMonth(d.getUTCMonth() - back); return d.toISOString().slice(0, 7); };
  const lessons = [];
  for (const back of [-1, 0, 1]) lessons.push(...(await api(office, `/children/${me.id}/log?month=${month(back)}`)).days.flatMap((d) => d.lessons));
  const past = lessons.find((l) => ["computed", "confirmed", "disputed", "locked"].includes(l.state));
  assert.match(await door(child1, past.id), /Этот урок уже закончился/);
});

test("a second device is asked, moves the seat, and the first one says so", async () => {
  const mentor = await person(browser, server.links.mentor1);
  await child1.goto(server.origin, { waitUntil: "domcontentloaded" });
  await enter(child1);
  await enter(mentor);
  await seesOthers(child1, "the first device sees the mentor");
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "ru-RU", permissions: ["camera", "microphone"], viewport: { width: 390, height: 800 } });
  await context.addInitScript(() => {
    const Real = window.RTCPeerConnection;
    window.pcs = [];
    window.RTCPeerConnection = class extends Real { constructor(...args) { super(...args); window.pcs.push(this); } };
  });
  const second = await context.newPage();
  await second.goto(server.origin, { waitUntil: "domcontentloaded" });
  const card = server.log.match(/child\s.*card (\d{6})/);
  await second.locator(".code-input input").first().click();
  await second.keyboard.type(card[1]);
  await second.keyboard.press("Enter");
  await second.waitForSelector(".next-card .button.main");
  await second.locator(".next-card .button.main").click();
  await second.waitForSelector(".door");
  assert.match(await second.locator(".door").innerText(), /Урок открыт на другом устройстве/);
  assert.equal((await media(second)).live, 0);
  await second.locator(".door .button", { hasText: "Войти здесь" }).click();
  await seesOthers(second, "the second device sees the mentor");
  await child1.waitForSelector(".door");
  assert.match(await child1.locator(".door").innerText(), /Здесь можно закрыть страницу/);
  assert.equal((await media(child1)).live, 0);
  await new Promise((r) => setTimeout(r, 1500));
  assert.equal(await child1.locator(".door").count(), 1, "the first device stays outside by itself");
  await context.close();
  await mentor.context().close();
});

test("nobody met with a fault of the page", () => {
  // What the browser notes of a call that was refused is no fault of the page.
  const faults = [child1, child2, office].flatMap((p) => p.faults).filter((f) => !/the server responded with a status of 40[34]/.test(f));
  assert.deepEqual(faults, []);
});
