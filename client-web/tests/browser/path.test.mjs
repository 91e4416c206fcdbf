// SPDX-License-Identifier: Apache-2.0
//
// The path test on the real server: measured in the ready check, told in plain words, kept, and seen by
// the coordinator and the guardian. A closed UDP takes nothing away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { axe, shotsFolder, SIZES } from "./mock.mjs";
import { api, DemoServer, launchChromium, newLesson, person, until } from "./world.mjs";

const folder = shotsFolder("path");
let server, browser;
before(async () => { server = await DemoServer.start(); browser = await launchChromium(); });
after(async () => { await browser?.close(); await server?.stop(); });

const call = (page, path) => page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json(), path);
const way = (page) => page.locator(".ready-row", { hasText: /Дорога до урока|The way to the lesson/ });

/** Sends all datagrams of the page's connections where nobody is. */
const closeUdp = () => {
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    setRemoteDescription(d) {
      return super.setRemoteDescription({ type: d.type, sdp: d.sdp.replace(/(a=candidate:\S+ \d+ udp \d+ \S+ )\d+/g, "$19") });
    }
  };
};
const shutMicrophone = () => {
  const real = navigator.permissions.query.bind(navigator.permissions);
  navigator.permissions.query = async (q) => (q.name === "microphone" ? { state: "denied" } : real(q));
};

/** Opens the ready check and waits for the verdict; the kept test. */
async function checked(page) {
  const begun = Date.now();
  await page.goto(`${server.origin}/ready`);
  await page.waitForFunction(() => /готово|нужна помощь/.test([...document.querySelectorAll(".ready-row")].find((r) => r.textContent.includes("Дорога до урока"))?.textContent ?? ""), undefined, { timeout: 20_000 });
  const { items } = await call(page, "/path-tests");
  return { text: await way(page).textContent(), test: items[0].test, took: Date.now() - begun };
}

test("a wide way is good for picture and voice, measured within a megabyte", async (t) => {
  const page = await person(browser, server.links.child2, { viewport: SIZES.phone });
  let bytes = 0;
  page.on("websocket", (ws) => {
    ws.on("framesent", (f) => { bytes += f.payload.length; });
    ws.on("framereceived", (f) => { bytes += f.payload.length; });
  });
  const { text, test: kept, took } = await checked(page);
  assert.match(text, /Голос и картинка пройдут хорошо/);
  assert.equal(kept.verdict, "good");
  assert.equal(kept.udp, true);
  assert.equal(kept.microphone, "present");
  assert.ok(kept.loss_permille !== null && kept.loss_permille < 50, `loss ${kept.loss_permille}`);
  assert.ok(kept.rtt_ms >= 0 && kept.up_kbps > 0 && kept.down_kbps > 0, JSON.stringify(kept));
  assert.ok(bytes < 1_048_576, `${bytes} bytes`);
  t.diagnostic(`${took} ms with the page, ${bytes} bytes, ${JSON.stringify(kept)}`);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
  await page.screenshot({ path: join(folder, "good-phone.png") });
  await page.context().close();
});

test("a closed UDP is as good over WebSocket", async (t) => {
  const page = await person(browser, server.links.mentor2);
  await page.context().addInitScript(closeUdp);
  const { text, test: kept, took } = await checked(page);
  assert.match(text, /Хорошо для картинки и голоса/);
  assert.match(text, /UDP закрыт/);
  assert.deepEqual([kept.udp, kept.websocket, kept.verdict, kept.loss_permille], [false, true, "good", null]);
  t.diagnostic(`${took} ms`);
  await page.screenshot({ path: join(folder, "closed-desktop.png") });
  await page.context().close();
});

test("a shut microphone is seen by the coordinator days before, with words", async () => {
  const child = await person(browser, server.links.child2, { viewport: SIZES.tablet });
  const office = await person(browser, server.links.coordinator, { viewport: SIZES.desktop });
  await newLesson(office, (await api(child, "/session")).id, "11:00"); // late in the day the demo has none ahead
  await child.context().addInitScript(shutMicrophone);
  const { text, test: kept } = await checked(child);
  assert.deepEqual([kept.verdict, kept.cause, kept.microphone], ["call_us", "microphone", "blocked"]);
  assert.match(text, /Взрослый поможет/);
  await child.screenshot({ path: join(folder, "mute-tablet.png") });

  await office.reload({ waitUntil: "domcontentloaded" });
  const card = office.locator(".path-ahead");
  await until("the coordinator sees it", async () => (await card.textContent().catch(() => "")) ?? "", (s) => /Микрофон закрыт/.test(s));
  assert.match(await card.textContent(), /Урок не получится/);
  assert.deepEqual(await axe(office), []);
  for (const [name, size] of Object.entries({ phone: SIZES.phone, tablet: SIZES.tablet, desktop: SIZES.desktop })) {
    await office.setViewportSize(size);
    await card.scrollIntoViewIfNeeded();
    await office.screenshot({ path: join(folder, `board-${name}.png`) });
  }
  // Another child sees its own only.
  const other = await person(browser, server.links.child1);
  const { items } = await call(other, "/path-tests");
  assert.equal(items.length, 1);
  assert.equal(items[0].test, null);
  for (const p of [child, office, other]) await p.context().close();
});
