// SPDX-License-Identifier: Apache-2.0
//
// A coordinator makes a draft on the real server, sees which rule a lesson breaks, takes an offered
// time and publishes; the mentor's open page shows the lesson without being loaded again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DemoServer, launchChromium, person } from "./world.mjs";

let server, browser;

const call = (page, path) => page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json(), path);
const english = async (page) => {
  await page.evaluate(async () => {
    window.localStorage.setItem("parta.lang", "en");
    await fetch("/api/v1/me", { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ locale: "en" }) });
  });
};

before(async () => {
  server = await DemoServer.start();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Puts a lesson of this mentor on the timetable, some days ahead: the draft's new lesson is wanted at the same time. */
async function taken(page, mentor) {
  const { items } = await call(page, "/children?limit=100");
  const child = items.find((c) => c.mentors.some((m) => m.mentor.id === mentor));
  const subject = child.mentors.find((m) => m.mentor.id === mentor).subject;
  for (let ahead = 3; ahead < 12; ahead++) {
    const date = new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const body = JSON.stringify({ subject, mentor, children: [child.child.id], date, time: "11:00", minutes: 20 });
    const lesson = await page.evaluate(async (text) => {
      const answer = await fetch("/api/v1/lessons", { method: "POST", headers: { "Content-Type": "application/json" }, body: text });
      return answer.status === 201 ? answer.json() : null;
    }, body);
    if (lesson) return { lesson };
  }
  throw new Error("no day of the next two weeks fits");
}

const wallOf = (ms, tz) => {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: tz, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(ms).map((p) => [p.type, p.value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
};

test("draft, violation, offered time, published, seen by the mentor", { timeout: 240_000 }, async () => {
  const office = await person(browser, server.links.coordinator);
  const mentor = await person(browser, server.links.mentor1);
  await english(office);
  await english(mentor);
  const me = await call(mentor, "/session");
  const { lesson } = await taken(office, me.id);
  const want = wallOf(lesson.start, lesson.tz);

  // A draft, and in it a lesson where there is one already.
  await office.goto(`${server.origin}/week?of=mentor-${me.id}`);
  await office.getByRole("button", { name: "New draft" }).click();
  await office.waitForURL(/\/draft\/\d+$/);
  await office.getByRole("button", { name: "New lesson" }).click();
  const sheet = office.getByRole("dialog");
  const fields = sheet.locator("select");
  await fields.nth(0).selectOption(String(lesson.children[0].id));
  await fields.nth(1).selectOption(lesson.subject);
  await fields.nth(2).selectOption(String(me.id));
  await sheet.locator("input[type=date]").fill(want.date);
  await sheet.locator("input[type=time]").fill(want.time);
  await sheet.getByLabel("Minutes").or(sheet.locator("input[inputmode=numeric]")).first().fill("20");
  await sheet.getByRole("button", { name: "Put on the timetable" }).click();
  await sheet.waitFor({ state: "hidden" });

  // The rule is named with its number, and publishing waits.
  await office.getByText(/1 lesson holds up publishing/).waitFor();
  await office.getByText(/Rule R2/).first().waitFor();
  const publish = office.getByRole("button", { name: /^Publish and tell/ });
  assert.equal(await publish.getAttribute("aria-disabled"), "true");

  // An offered time is taken with one press; then nothing is in the way.
  await office.locator(".conflict-slots button").first().click();
  await office.getByRole("heading", { name: "No rule is broken." }).waitFor();

  // The mentor looks at the week in which it will be; the page is not touched from here on.
  const version = Number(office.url().split("/").pop());
  const { items } = await call(office, `/schedule-versions/${version}/lessons`);
  const planned = items[0].lesson;
  await mentor.goto(`${server.origin}/week?of=mentor-own&date=${wallOf(planned.start, "Europe/Moscow").date}`);
  await mentor.locator(".week-grid, .week-list").first().waitFor();
  await mentor.evaluate(() => { window.same = true; });
  assert.equal(await mentor.locator(`[data-lesson="${planned.id}"]`).count(), 0);

  const reason = office.getByRole("textbox", { name: /Reason of the late/ });
  if (await reason.count()) await reason.fill("a test");
  await publish.click();
  await office.getByText(/is the timetable now/).waitFor();
  await mentor.locator(`[data-lesson="${planned.id}"]`).waitFor({ timeout: 45_000 });
  assert.equal(await mentor.evaluate(() => window.same), true);

  // And the calendar feed has it.
  const feed = await mentor.evaluate(async () => (await fetch("/api/v1/me/feed", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })).json());
  const text = await mentor.evaluate(async (address) => (await fetch(address)).text(), feed.address);
  assert.match(text, new RegExp(`UID:${planned.id}-`));
  assert.deepEqual([...office.faults.filter((f) => !f.includes("409")), ...mentor.faults], []); // a day that does not fit is a 409
});
