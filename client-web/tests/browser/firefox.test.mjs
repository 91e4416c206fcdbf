// SPDX-License-Identifier: Apache-2.0
//
// Lessons between Debian's Firefox ESR and Chromium on the real server, each once the child and once the mentor, over
// UDP and, where UDP does not get through, over WebSocket. Firefox never sends to 127.0.0.1: the server announces
// another address of the machine by itself.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { Firefox, hides, press, shows } from "./firefox.mjs";
import { axe, shotsFolder } from "./mock.mjs";
import { DemoServer, frames, launchChromium, media, person, Relay, until } from "./world.mjs";

const PHONE = { width: 390, height: 800 };
const DESKTOP = { width: 1280, height: 800 };
const folder = shotsFolder("firefox");
let server, relay, firefox, chromium, mentor, child;

const inFirefox = (link, viewport) => firefox.person(link, viewport);
const inChromium = (link, viewport) => person(chromium, link, { viewport });

/** The page as it stands, and nothing for axe to complain of. */
async function clean(page, name) {
  await page.screenshot({ path: join(folder, `${name}.png`) });
  assert.deepEqual(await axe(page), [], `axe: ${name}`);
}

/** The child comes first, switches its camera on and waits; then the mentor comes. */
async function meet(openChild, openMentor) {
  child = await openChild(server.links.child1, PHONE);
  await press(child, ".button.main");
  await shows(child, ".stage-sentence");
  await press(child, ".room-tools .tool", "Камера");
  await shows(child, ".tool.on", "Камера");
  mentor = await openMentor(server.links.mentor1, DESKTOP);
  await press(mentor, ".button.main");
  await shows(mentor, ".room");
}

const sum = (list) => list.reduce((n, v) => n + v, 0);

/** Pictures shown and voice heard so far over UDP and over WebSocket. */
async function counts(page) {
  const [udp, line] = await Promise.all([media(page), frames(page)]);
  return { udp: { pictures: udp.framesDecoded, voice: udp.audioEnergy }, line: { pictures: sum(line?.shown ?? []), voice: line ? line.samplesPlayed - line.samplesFilled : 0 } };
}

/** This page's media takes this way. A busy machine may not get through over UDP in time: then it looks again soon. */
async function takes(page, way) {
  const taken = () => page.evaluate(() => window.sessionStorage.getItem("parta.way") ?? "udp");
  const connected = async () => ((await media(page)).live === 1 ? "udp" : (await frames(page)) ? "frames" : "none");
  await until("media has a way", connected, (is) => is !== "none", 30_000);
  if (way === "udp" && (await taken()) !== "udp") await page.evaluate(() => window.dispatchEvent(new window.Event("online"))); // as when the network changes
  await until(`media over ${way}`, connected, (is) => is === way, 30_000);
}

/** Both take this way, see a moving picture of the other and hear it (again). */
const meeting = (way) => Promise.all(Object.entries({ mentor, child }).map(async ([who, page]) => {
  await takes(page, way);
  const kind = way === "udp" ? "udp" : "line";
  const was = (await counts(page))[kind];
  return until(`the ${who} sees and hears the other`, async () => (await counts(page))[kind], (is) => is.pictures > was.pictures + 10 && is.voice > was.voice, 30_000);
}));

async function screen() {
  await press(mentor, ".room-tools .tool", "Экран");
  await until("the screen is drawn", () => child.evaluate(() => {
    const el = document.querySelector(".stage-screen :is(video, canvas)");
    return el ? (el.videoWidth ?? el.width) : 0;
  }), (width) => width > 300);
}

async function end() {
  await press(mentor, ".room-head button");
  await press(mentor, ".sheet .button.main");
  for (const page of [mentor, child]) await until("the last page", () => page.evaluate(() => document.body.innerText), (text) => text.includes("Урок закончился"));
  assert.equal((await media(child)).live, 0);
  assert.deepEqual({ mentor: mentor.faults, child: child.faults }, { mentor: [], child: [] });
}

/** A server whose UDP gets through while `open`. */
async function serve(open) {
  relay?.close();
  await server?.stop();
  relay = await Relay.start();
  relay.open = open;
  server = await DemoServer.start({ args: ["--announce-port", String(relay.port), "--relays", "1"] });
  relay.target = server.port; // UDP and TCP have the same
}

before(async () => {
  [firefox, chromium] = await Promise.all([Firefox.start(), launchChromium()]);
});
after(async () => {
  await chromium?.close();
  await firefox?.stop();
  relay?.close();
  await server?.stop();
});

test("the child in Firefox waits until the mentor in Chromium comes: they see and hear each other", async () => {
  await serve(true);
  await meet(inFirefox, inChromium);
  await meeting("udp");
  assert.ok((await media(child)).layers.f > 0, "Firefox names the layers of its camera");
  await clean(child, "child");
});

test("the mentor's screen is seen in Firefox", async () => {
  await screen();
  await clean(child, "child-screen");
  await press(mentor, ".room-tools .tool", "Экран");
  await hides(child, ".stage-screen");
});

test("a reload of Firefox takes the seat back", async () => {
  await child.reload({ waitUntil: "domcontentloaded" });
  await shows(child, ".room");
  await meeting("udp");
});

test("UDP dies in mid-lesson: Firefox takes the WebSocket without a reload", async () => {
  relay.open = false;
  await meeting("frames");
  await screen();
  await clean(child, "child-line");
});

test("the lesson ends, and no page met with an error", end);

test("without UDP the mentor in Firefox and the child in Chromium meet over WebSocket", async () => {
  await serve(false);
  await meet(inChromium, inFirefox);
  await meeting("frames");
  for (const page of [mentor, child]) assert.equal((await media(page)).live, 0, "no peer connection is left");
  await clean(mentor, "mentor-line");
});

test("UDP opens: the mentor in Firefox goes back to it, and a reload keeps it there", async () => {
  relay.open = true;
  await meeting("udp");
  await clean(mentor, "mentor");
  await mentor.reload({ waitUntil: "domcontentloaded" });
  await shows(mentor, ".room");
  await meeting("udp");
  await end();
});
