// SPDX-License-Identifier: Apache-2.0
//
// A NAT that forgets under a lesson of two Chromium browsers: impair-proxy changes the port of both again and again.
// How long nothing comes in to each page behind a change. By hand, reports, asserts nothing:
//
//   sh client-web/tools/with-node node tests/bench/network/rebind.mjs [TIMES]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bothInLesson, DemoServer, freePort, launchChromium } from "../../../client-web/tests/browser/world.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const times = Number(process.argv[2] ?? 20), EVERY_S = 4.3;
const folder = mkdtempSync(join(tmpdir(), "parta-rebind-"));
const script = ["at 0s both delay=20ms", ...Array.from({ length: times }, (_, i) => `at ${Math.round((1 + i * EVERY_S) * 1000)}ms rebind`)];
writeFileSync(join(folder, "script"), script.join("\n") + "\n");

/** In the page: when each packet count was first seen, so that pauses can be told afterwards. */
const watch = (page) => page.evaluate(() => {
  window.came = [];
  let before = -1;
  setInterval(async () => {
    let n = 0;
    for (const pc of window.pcs) if (pc.connectionState !== "closed") for (const s of (await pc.getStats()).values()) if (s.type === "inbound-rtp") n += s.packetsReceived ?? 0;
    if (n !== before) window.came.push(Date.now());
    before = n;
  }, 20);
});

const spread = (v) => {
  const s = [...v].sort((a, b) => a - b);
  return `p50 ${s[Math.floor(s.length / 2)]}   p95 ${s[Math.floor(s.length * 0.95)]}   max ${s[s.length - 1]} ms   n ${s.length}`;
};

/** The longest pause that something is waited for in the time behind this moment. */
const pause = (came, at, ms) => came.reduce((worst, t, i) => (i > 0 && t > at && came[i - 1] < at + ms ? Math.max(worst, t - came[i - 1]) : worst), 0);

const port = await freePort();
const server = await DemoServer.start({ args: ["--announce", "127.0.0.1", "--announce-port", String(port), "--relays", "1"] });
const proxy = spawn(join(root, "build/release/tests/net/impair-proxy"),
  ["--listen", `127.0.0.1:${port}`, "--server", `127.0.0.1:${server.port}`, "--hold", "--script", join(folder, "script"), "--seconds", String(60 + times * EVERY_S)], { stdio: ["ignore", "ignore", "inherit"] });
const browser = await launchChromium();
try {
  const pages = Object.values(await bothInLesson(browser, server));
  await Promise.all(pages.map(watch));
  await new Promise((r) => setTimeout(r, 4000));
  const start = Date.now();
  proxy.kill("SIGUSR1");
  await new Promise((r) => setTimeout(r, (times * EVERY_S + 3) * 1000));
  const came = await Promise.all(pages.map((p) => p.evaluate(() => window.came)));
  const ways = await Promise.all(pages.map((p) => p.evaluate(() => window.pcs.map((pc) => pc.connectionState).join(" "))));
  const at = Array.from({ length: times }, (_, i) => start + (1 + i * EVERY_S) * 1000);
  console.log(`the port of both changes ${times} times, 20 ms each way; longest pause of what comes in`);
  console.log(`  behind a change            ${spread(came.flatMap((c) => at.map((t) => pause(c, t, 1000))))}`);
  console.log(`  without one (this machine) ${spread(came.flatMap((c) => at.map((t) => pause(c, t + 3200, 1000))))}`);
  console.log(`  connections at the end: ${ways.join(" | ")}`);
} finally {
  await browser.close();
  proxy.kill();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
