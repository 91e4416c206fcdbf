// SPDX-License-Identifier: Apache-2.0
//
// The demo's running lesson between two Chromium browsers and the real server: waiting, faces and
// voices, everything that reaches the other side, a reload, and the mentor's going.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { axe, shotsFolder } from "./mock.mjs";
import { DemoServer, enter, launchChromium, media, person, seesOthers, tool } from "./world.mjs";

let server, browser, mentor, child;
const hears = (page, text, ms) => page.waitForFunction((words) => document.body.innerText.includes(words), text, { timeout: ms ?? 5000 });

const folder = shotsFolder("lesson");

/** A picture of both pages as they stand, and nothing for axe to complain of. */
async function clean(name) {
  for (const [who, page] of Object.entries({ mentor, child })) {
    if (!page) continue;
    await page.screenshot({ path: join(folder, `${name}-${who}.png`) });
    assert.deepEqual(await axe(page), [], `axe: ${who}, ${name}`);
  }
}

before(async () => {
  server = await DemoServer.start();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the child enters by its big button and waits, without a media path", async () => {
  child = await person(browser, server.links.child1, { viewport: { width: 390, height: 800 } });
  await enter(child);
  await child.waitForSelector(".stage-sentence");
  await tool(child, "Камера").click();
  await child.waitForSelector(".tool.on:has-text('Камера')");
  await new Promise((r) => setTimeout(r, 1500)); // long enough for a path to come up, were there one
  assert.equal((await media(child)).live, 0);
  await clean("waiting");
});

test("the mentor comes: both decode what the other sends, at its frame rate, and hear each other", async () => {
  mentor = await person(browser, server.links.mentor1);
  await enter(mentor);
  await Promise.all([seesOthers(mentor, "the mentor sees the child"), seesOthers(child, "the child sees the mentor")]);
  const [m0, c0] = await Promise.all([media(mentor), media(child)]);
  await new Promise((r) => setTimeout(r, 5000));
  const [m1, c1] = await Promise.all([media(mentor), media(child)]);
  // A change of layer sends two for a moment: what is to be decoded is the one with the more frames.
  const most = (before, after) => Math.max(...Object.keys(after).map((rid) => after[rid] - (before[rid] ?? 0)));
  const sent = { mentor: most(m0.layers, m1.layers), child: most(c0.layers, c1.layers) };
  console.log("frames by layer", m0.layers, m1.layers, c0.layers, c1.layers);
  const decoded = { mentor: m1.framesDecoded - m0.framesDecoded, child: c1.framesDecoded - c0.framesDecoded };
  console.log(`5 s: mentor sent ${sent.mentor}, child decoded ${decoded.child}; child sent ${sent.child}, mentor decoded ${decoded.mentor}`);
  assert.ok(sent.mentor > 25 && sent.child > 25, "both send a moving picture");
  assert.ok(decoded.child >= 0.9 * sent.mentor, "the child decodes the mentor's frames");
  assert.ok(decoded.mentor >= 0.9 * sent.child, "the mentor decodes the child's frames");
  assert.ok(m1.audioEnergy > m0.audioEnergy && c1.audioEnergy > c0.audioEnergy, "both hear sound");
  await clean("live");
});

test("a written line and a raised hand reach the mentor", async () => {
  await tool(child, "Написать").click();
  await child.locator(".chat-field input").fill("сколько будет 7 × 8?");
  await child.keyboard.press("Enter");
  await child.keyboard.press("Escape");
  await hears(mentor, "сколько будет 7 × 8?");
  await tool(child, "Рука").click();
  await mentor.waitForSelector(".plate.hand");
  await tool(child, "Рука").click();
  await mentor.waitForSelector(".plate.hand", { state: "detached" });
});

test("the mentor's line stands on the child's stage", async () => {
  await mentor.locator(".chat-field input").fill("Пятьдесят шесть");
  await mentor.keyboard.press("Enter");
  await child.waitForSelector(".caption:has-text('Пятьдесят шесть')");
});

test("a shared screen reaches the child, and goes", async () => {
  await tool(mentor, "Экран").first().click();
  await child.waitForSelector(".stage-screen video");
  await child.waitForFunction(() => document.querySelector(".stage-screen video")?.videoWidth > 0, null, { timeout: 5000 });
  await clean("screen");
  await tool(mentor, "Экран").first().click();
  await child.waitForSelector(".stage-screen", { state: "detached" });
});

test("the mentor stops the child's camera; only the child switches it on again", async () => {
  await mentor.locator(".tile-tools button").nth(1).click();
  await child.waitForSelector(".tool.off:has-text('Камера')");
  await mentor.waitForSelector(".tile .voice");
  await tool(child, "Камера").click();
  await seesOthers(mentor, "the mentor sees the child again");
});

test("a resting child sends nothing and says so; it comes back by itself", async () => {
  await tool(child, "Нужен отдых").click();
  await child.waitForSelector(".stage-sentence");
  await mentor.waitForSelector(".plate:has-text('отдых')");
  await new Promise((r) => setTimeout(r, 500));
  const before = (await media(mentor)).framesDecoded;
  await new Promise((r) => setTimeout(r, 1000));
  assert.equal((await media(mentor)).framesDecoded, before, "no frame of a resting child");
  await clean("rest");
  await child.locator(".stage .button.main").click();
  await seesOthers(mentor, "the mentor sees the child after its rest");
});

test("a screen break takes the picture and leaves the voice", async () => {
  await tool(mentor, "Перерыв экрана").click();
  await child.waitForSelector(".stage-sentence");
  await new Promise((r) => setTimeout(r, 500));
  const m0 = await media(child);
  await new Promise((r) => setTimeout(r, 1000));
  const m1 = await media(child);
  assert.equal(m1.framesDecoded, m0.framesDecoded, "no picture");
  assert.ok(m1.audioEnergy > m0.audioEnergy, "the voice goes on");
  await clean("break");
  await tool(mentor, "Конец перерыва").click();
  await seesOthers(child, "the picture is back");
});

test("after a reload the mentor is back in the seat without a click", async () => {
  await mentor.reload({ waitUntil: "domcontentloaded" });
  await mentor.waitForSelector(".room");
  await Promise.all([seesOthers(mentor, "the reloaded mentor sees"), seesOthers(child, "the child sees the reloaded mentor")]);
});

test("the mentor steps out: the child's lesson is paused, and goes on when the mentor returns", async () => {
  await mentor.locator(".room-head button").click();
  await mentor.locator(".sheet .button", { hasText: "Выйти ненадолго" }).click();
  await child.waitForSelector(".stage-sentence:has-text('Урок на паузе')");
  await clean("paused");
  await mentor.locator(".button", { hasText: "Вернуться" }).click();
  await Promise.all([seesOthers(mentor, "the mentor sees again"), seesOthers(child, "the child sees again")]);
});

test("the mentor ends the lesson: everybody is on the last page", async () => {
  await mentor.locator(".room-head button").click();
  await mentor.locator(".sheet .button.main").click();
  await hears(child, "Урок закончился");
  await hears(mentor, "Урок закончился");
  const live = await child.evaluate(() => window.pcs.filter((pc) => pc.connectionState === "connected").length);
  assert.equal(live, 0);
  await clean("end");
});

test("no page met with an error", () => {
  assert.deepEqual({ mentor: mentor.faults, child: child.faults }, { mentor: [], child: [] });
});
