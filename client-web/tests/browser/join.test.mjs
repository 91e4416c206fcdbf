// SPDX-License-Identifier: Apache-2.0
//
// How long it takes from the press of the join button to the first decoded frame of the other person:
// ten times, the median is printed. The goal is 300 ms on a quiet machine; only two seconds are a failure,
// because a loaded machine says little about us.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bothInLesson, DemoServer, launchChromium } from "./world.mjs";

const TIMES = 10;

/** In the page: presses the button at once and resolves with milliseconds until a frame of another is shown. */
const pressAndWatch = () =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const marks = {};
    const watched = new WeakSet();
    const mark = (name) => { marks[name] ??= Math.round(performance.now() - started); };
    setTimeout(() => reject(new Error(`no frame within 10 s: ${JSON.stringify(marks)}`)), 10_000);
    new MutationObserver(() => {
      if (document.querySelector(".room")) mark("room");
      for (const video of document.querySelectorAll(".tile video")) {
        if (watched.has(video)) continue;
        watched.add(video);
        mark("tile");
        video.requestVideoFrameCallback(() => { mark("frame"); resolve(marks); });
      }
    }).observe(document.body, { childList: true, subtree: true });
    document.querySelector(".button.main").click();
  });

test("from the press of the button to the first frame of the other", async () => {
  const server = await DemoServer.start();
  const browser = await launchChromium();
  try {
    const { mentor } = await bothInLesson(browser, server);
    const all = [];
    for (let i = 0; i < TIMES; i++) {
      // Out by the door, home, and in again: each time a new page, as a person comes.
      await mentor.locator(".room-head button").click();
      await mentor.locator(".sheet .button", { hasText: "Выйти ненадолго" }).click();
      await mentor.goto(server.origin, { waitUntil: "load" });
      await mentor.waitForSelector(".button.main");
      await mentor.waitForTimeout(500);
      all.push(await mentor.evaluate(pressAndWatch));
    }
    const frames = all.map((m) => m.frame).sort((a, b) => a - b);
    const median = (frames[4] + frames[5]) / 2;
    console.log(`join to first frame: median ${median} ms of ${frames.join(" ")}; marks ${JSON.stringify(all)}`);
    assert.equal(frames.filter(Number.isFinite).length, TIMES); // how long it took is told, and judged by nobody here
    assert.deepEqual(mentor.faults, []);
  } finally {
    await browser.close();
    await server.stop();
  }
});
