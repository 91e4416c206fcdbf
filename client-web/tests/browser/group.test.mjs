// SPDX-License-Identifier: Apache-2.0
//
// A seminar in three real browsers: the host is seen and heard by a speaker and a listener; the listener
// cannot switch its microphone on, raises a hand, gets the word and is heard; the word is taken again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DemoServer, launchChromium, media, person } from "./world.mjs";

/** The API as the page of a signed-in person calls it. */
const call = (page, method, path, body) =>
  page.evaluate(async ([m, p, b]) => {
    const r = await fetch(`/api/v1${p}`, { method: m, headers: { "content-type": "application/json" }, ...(b ? { body: JSON.stringify(b) } : {}) });
    return { status: r.status, body: await r.json() };
  }, [method, path, body]);

const idOf = async (page) => (await call(page, "GET", "/session")).body.id;

/** Local wall time of the centre, two minutes from now. */
function soon(tz) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-CA", { timeZone: tz, dateStyle: "short", timeStyle: "short", hourCycle: "h23" })
    .formatToParts(Date.now() + 120_000).map((x) => [x.type, x.value]));
  return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** Frames and sound that arrive within some seconds. */
async function gains(page, ms = 2500) {
  const before = await media(page);
  await page.waitForTimeout(ms);
  const after = await media(page);
  return { frames: after.framesDecoded - before.framesDecoded, energy: after.audioEnergy - before.audioEnergy };
}

test("a seminar of three: host, speaker, listener", async () => {
  const server = await DemoServer.start();
  const browser = await launchChromium();
  try {
    const { links } = server;
    const host = await person(browser, links.mentor2);
    const speaker = await person(browser, links.guardian);
    const listener = await person(browser, links.coordinator);
    const [h, s, l] = [await idOf(host), await idOf(speaker), await idOf(listener)];
    const made = await call(listener, "POST", "/gatherings", {
      kind: "seminar", title: "Чтение вслух", subject: "reading", host: h, speakers: [s], listeners: [l], minutes: 30, ...soon("Europe/Moscow"),
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    for (const page of [host, speaker, listener]) {
      await page.goto(`${server.origin}/lesson/${made.body.id}`, { waitUntil: "domcontentloaded" });
      await page.waitForSelector(".room", { timeout: 10_000 });
    }
    assert.equal(await listener.locator("h1").innerText(), "Чтение вслух");
    await listener.waitForSelector(".floor-standing");
    await speaker.waitForFunction(() => [...document.querySelectorAll(".tile video")].length > 0, null, { timeout: 10_000 });
    for (const [name, page] of [["the speaker", speaker], ["the listener", listener]]) {
      const got = await gains(page);
      assert.ok(got.frames > 20 && got.energy > 0, `${name} sees and hears the host: ${JSON.stringify(got)}`);
    }

    // The listener's microphone is still; the hand is not.
    assert.ok(await listener.locator(".room-tools .tool").first().isDisabled());
    await listener.keyboard.press("KeyM");
    await listener.waitForTimeout(300);
    assert.equal(await listener.evaluate(() => document.querySelector(".room-tools .tool").getAttribute("aria-pressed")), "false");
    await listener.keyboard.press("KeyR");
    await host.waitForSelector(".floor-list button", { timeout: 5000 });
    await host.screenshot({ path: "../build/shots/room/group-host.png" });
    await listener.screenshot({ path: "../build/shots/room/group-listener.png" });
    await host.locator(".floor-list button").first().click();
    await listener.waitForFunction(() => document.querySelector(".floor-standing")?.textContent.includes("слово"), null, { timeout: 5000 });
    await listener.waitForTimeout(500);
    assert.equal(await listener.evaluate(() => document.querySelector(".room-tools .tool").getAttribute("aria-pressed")), "false", "the word switches nothing on");
    await listener.keyboard.press("KeyM");
    await listener.waitForFunction(() => document.querySelector(".room-tools .tool").getAttribute("aria-pressed") === "true", null, { timeout: 5000 });
    const heard = await gains(host, 3500);
    assert.ok(heard.energy > 0, `the host hears the listener: ${JSON.stringify(heard)}`);
    await host.locator(`.floor-list button[aria-label^="Забрать слово"]`).last().click();
    await listener.waitForFunction(() => document.querySelector(".room-tools .tool").getAttribute("aria-pressed") === "false", null, { timeout: 5000 });
    for (const page of [host, speaker]) assert.deepEqual(page.faults.filter((x) => !x.includes("404")), []);
  } finally {
    await browser.close();
    await server.stop();
  }
});
