// SPDX-License-Identifier: Apache-2.0
//
// A microphone that is on and gives digital silence, as tablets do it: a notice, one tap to take it
// anew, and if that is no help one tap to come into the same seat with a fresh page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { axe, shotsFolder, SIZES } from "./mock.mjs";
import { DemoServer, enter, launchChromium, media, person, until } from "./world.mjs";

const folder = shotsFolder("mic");
let server, browser;
before(async () => { server = await DemoServer.start(); browser = await launchChromium(); });
after(async () => { await browser?.close(); await server?.stop(); });

/** Microphones made here: a tone, or nothing at all while sessionStorage says "deaf". */
const ownMicrophones = () => {
  window.mics = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (!wish.audio) return real(wish);
    const context = new window.AudioContext();
    const tone = context.createOscillator();
    const gain = context.createGain();
    const out = context.createMediaStreamDestination();
    gain.gain.value = window.sessionStorage.getItem("deaf") ? 0 : 0.3;
    tone.connect(gain).connect(out);
    tone.start();
    window.mics.push(gain);
    return out.stream;
  };
};
const deafen = (page, on) => page.evaluate((deaf) => {
  if (deaf) window.sessionStorage.setItem("deaf", "1"); else window.sessionStorage.removeItem("deaf");
  if (deaf) for (const m of window.mics) m.gain.value = 0;
}, on);

/** The mentor hears the child from now on. */
async function hears(page) {
  const before = (await media(page)).audioEnergy;
  await until("the voice comes again", () => media(page), (m) => m.audioEnergy > before + 0.005, 15_000);
}

const banner = (page) => page.locator(".banner");

test("silence although on: a notice, a tap, the voice again; no help: the same seat anew", { timeout: 180_000 }, async (t) => {
  const child = await person(browser, server.links.child1, { viewport: SIZES.tablet });
  await child.context().addInitScript(ownMicrophones);
  await child.reload();
  const mentor = await person(browser, server.links.mentor1);
  await enter(mentor);
  await deafen(child, true);
  const begun = Date.now();
  await enter(child);
  await banner(child).getByText("Тебя не слышно").waitFor({ timeout: 20_000 });
  t.diagnostic(`noticed ${Date.now() - begun} ms after the entry`);
  assert.deepEqual(await axe(child), []);
  await child.screenshot({ path: join(folder, "again-tablet.png") });
  const again = banner(child).getByRole("button", { name: "Включить снова" });
  assert.ok((await again.boundingBox()).height >= 56);

  await deafen(child, false);
  await again.click();
  await hears(mentor);
  await until("the notice has gone", () => banner(child).getByText("Тебя не слышно").count(), (n) => n === 0);
  assert.equal(await child.evaluate(() => window.mics.length), 2);

  // The page itself has heard the new one (it looks twice a second), so that it counts as cured.
  await child.waitForTimeout(2_000);

  // Silent again; taking it anew is no help this time.
  await deafen(child, true);
  await banner(child).getByRole("button", { name: "Включить снова" }).click({ timeout: 30_000 });
  const reload = banner(child).getByRole("button", { name: "Зайти снова" });
  await reload.waitFor({ timeout: 20_000 });
  await child.setViewportSize(SIZES.phone);
  await child.screenshot({ path: join(folder, "reload-phone.png") });
  assert.deepEqual(await axe(child), []);
  await deafen(child, false);
  await reload.click();
  await child.waitForFunction(() => document.querySelector(".room") && window.mics.length === 1, undefined, { timeout: 15_000 });
  await hears(mentor);
  assert.deepEqual(child.faults, []);
  for (const p of [child, mentor]) await p.context().close();
});

test("a quiet but living microphone is not accused", { timeout: 60_000 }, async () => {
  const child = await person(browser, server.links.child1, { viewport: SIZES.tablet });
  await child.context().addInitScript(ownMicrophones);
  await child.reload();
  await enter(child);
  await child.waitForFunction(() => window.mics.length > 0);
  await child.evaluate(() => { window.mics[0].gain.value = 0.0005; }); // -66 dB: a room at night
  await child.waitForTimeout(12_000);
  assert.equal(await banner(child).getByText("Тебя не слышно").count(), 0);
  await child.context().close();
});
