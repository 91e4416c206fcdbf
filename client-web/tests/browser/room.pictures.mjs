// SPDX-License-Identifier: Apache-2.0
//
// Every state of the room, drawn without a server: what axe finds, whether it fits, whether the tools
// keep their place. Each state leaves a picture in build/shots/room.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { axe, mockServer, shotsFolder, sideways, SIZES, smallTargets, toolBoxes } from "./mock.mjs";
import { launchChromium } from "./world.mjs";

const STATES = ["live", "wait", "late", "voice", "reconnecting", "frozen", "resting", "break", "five", "visitor", "seen", "blocked", "deaf", "deaf_still", "screen", "group", "written", "weak", "voice_only", "voice_only_there", "paused", "reserve"];
const LACKS = ["nothing_works", "not_heard", "not_heard_nor_seen", "not_seen", "voice_only", "sees_nobody"].map((l) => `lack_${l}`);
const SIZES_OF = { child: ["phone", "narrow", "side", "tablet", "desktop"], mentor: ["phone", "desktop"], coordinator: ["desktop"] };
const ENDS = ["over", "left", "tired"];
let server, browser;

before(async () => {
  server = await mockServer();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function open(who, scene, size, { lang = "ru", scheme = "light" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: scheme, reducedMotion: "reduce" });
  await context.addCookies([{ name: "mock", value: who, url: server.url }, { name: "locale", value: lang, url: server.url }]);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (e) => page.faults.push(String(e)));
  page.on("console", (m) => m.type() === "error" && page.faults.push(m.text()));
  await page.goto(`${server.url}/tests/pages/room.html?who=${who}&scene=${scene}&lang=${lang}`, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(".room, .door");
  await page.waitForTimeout(scene === "reconnecting" ? 2300 : 300);
  return page;
}

async function show(page, scene) {
  await page.evaluate((name) => window.show(name), scene);
  await page.waitForTimeout(scene === "reconnecting" ? 2300 : 250);
}

/** What a browser lacks where media goes over the WebSocket. */
for (const [who, size] of [["child", "phone"], ["mentor", "desktop"]]) {
  for (const lang of ["ru", "en"]) {
    test(`what a browser lacks, to a ${who} on ${size}, ${lang}`, async () => {
      const page = await open(who, LACKS[0], size, { lang });
      for (const lack of LACKS) {
        await show(page, lack);
        await page.screenshot({ path: join(shotsFolder("room"), `${who}-${lack}-${lang}-${size}.png`) });
        assert.equal(await page.locator(".banner").count(), 1, lack);
        assert.deepEqual(await axe(page), [], `axe, ${lack}`);
        assert.ok((await sideways(page)) <= 0, `no sideways scroll, ${lack}`);
      }
      await page.context().close();
    });
  }
}

/** A seminar: host and listener, on all kinds of screens. */
for (const who of ["child", "mentor"]) {
  for (const size of ["phone", "side", "tablet", "desktop"]) {
    for (const lang of size === "phone" ? ["ru", "en"] : ["ru"]) {
      test(`a seminar as ${who === "mentor" ? "its host" : "a listener"} sees it on ${size}, ${lang}`, async () => {
        const page = await open(who, "seminar", size, { lang });
        for (const state of ["seminar", "seminar_few"]) {
          await show(page, state);
          await page.screenshot({ path: join(shotsFolder("room"), `${who}-${state}-${lang}-${size}.png`) });
          assert.deepEqual(await axe(page), [], `axe, ${state}`);
          assert.ok((await sideways(page)) <= 0, `no sideways scroll, ${state}`);
          assert.deepEqual(await smallTargets(page, 24, "body"), [], `targets, ${state}`);
        }
        await show(page, "seminar");
        const list = page.locator(".floor-bar > .button"); // a wide desk has it at the side
        if (await list.count()) {
          await list.focus();
          await page.keyboard.press("Enter");
          await page.waitForSelector("[role=dialog] .floor");
          await page.waitForTimeout(300);
          await page.screenshot({ path: join(shotsFolder("room"), `${who}-queue-${lang}-${size}.png`) });
          assert.deepEqual(await axe(page), [], "axe, the queue");
        }
        if (who === "mentor") {
          await page.locator(".floor-list button").first().focus();
          await page.keyboard.press("Enter");
          assert.deepEqual(await page.evaluate(() => window.sent.at(-1)), { type: "word", member: 23, give: true });
        } else if (await list.count()) {
          await page.keyboard.press("Escape");
          await page.waitForTimeout(300);
          await page.keyboard.press("KeyR");
          assert.deepEqual(await page.evaluate(() => window.sent.at(-1)), { type: "hand", up: true });
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }
}

const mains = (page) => page.evaluate(() => document.querySelectorAll(".button.main").length);

for (const who of ["child", "mentor", "coordinator"]) {
  for (const size of SIZES_OF[who]) {
    for (const [lang, scheme] of size === "phone" ? [["ru", "light"], ["en", "dark"]] : size === "desktop" ? [["en", "dark"]] : [["ru", "light"]]) {
      test(`the room of a ${who} on ${size}, ${lang}, ${scheme}`, async () => {
        const folder = shotsFolder("room");
        const page = await open(who, "live", size, { lang, scheme });
        const places = await toolBoxes(page);
        const deep = size === "phone" || size === "desktop"; // the other sizes have the same markup
        for (const state of STATES) {
          await show(page, state);
          await page.screenshot({ path: join(folder, `${who}-${state}-${lang}-${scheme}-${size}.png`) });
          if (deep) assert.deepEqual(await axe(page), [], `axe, ${state}`);
          assert.ok((await sideways(page)) <= 0, `no sideways scroll, ${state}`);
          assert.ok((await mains(page)) <= 1, `one main action at most, ${state}`);
          assert.deepEqual(await toolBoxes(page), places, `tools keep their place, ${state}`);
          assert.deepEqual(await smallTargets(page, who === "child" ? 56 : 24, who === "child" ? ".room-tools" : "body"), [], `targets, ${state}`);
        }
        if (size === "side") {
          const share = await page.evaluate(() => document.querySelector(".stage").getBoundingClientRect().height / window.innerHeight);
          assert.ok(share >= 0.6, `the stage has ${share} of the height`);
        }
        for (const end of ENDS) {
          await show(page, end);
          await page.screenshot({ path: join(folder, `${who}-${end}-${lang}-${scheme}-${size}.png`) });
          assert.deepEqual(await axe(page), [], `axe, ${end}`);
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
      });
    }
  }
}

test("by keyboard alone: write, raise a hand, rest, leave", async () => {
  const page = await open("child", "voice", "tablet");
  await page.keyboard.press("KeyR");
  await page.keyboard.press("KeyT");
  await page.keyboard.press("KeyC");
  await page.keyboard.type("rtc"); // letters of the keys, while typing
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForSelector(".sheet", { state: "detached" });
  const sent = await page.evaluate(() => window.sent);
  assert.deepEqual(sent, [{ type: "hand", up: true }, { type: "rest", on: true }, { type: "chat", text: "rtc" }]);
  await page.locator(".room-head button").focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=dialog]");
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});

test("the mentor may quieten a child and asks before ending for all", async () => {
  const page = await open("mentor", "seen", "desktop");
  await page.locator(".tile-tools button").first().click();
  await page.locator(".room-head button").click();
  await page.waitForSelector("[role=dialog]");
  assert.deepEqual(await axe(page), []);
  await page.screenshot({ path: join(shotsFolder("room"), "mentor-ending-ru-light-desktop.png") });
  await page.locator(".sheet .button.main").click();
  assert.deepEqual(await page.evaluate(() => window.sent), [{ type: "quiet", member: 1, mic: true, camera: false }, { type: "end" }]);
  await page.context().close();
});
