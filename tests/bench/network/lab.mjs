// SPDX-License-Identifier: Apache-2.0
//
// What the tables of this folder share: the impaired line between two network namespaces, a lesson of two
// Chromium browsers over it, and what their pages have heard and seen.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DemoServer, launchChromium, person, press, sawAt, tool, until } from "../../../client-web/tests/browser/world.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const CLIENT = `partac${process.pid}`, SERVER = `partas${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "parta-net-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

const wrapper = (name, namespace, program) => {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${namespace} ${program} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
};

/** The line, for so many seconds; its script starts when it is told to. */
function impaired(script, seconds) {
  const path = join(folder, "script");
  writeFileSync(path, script + "\n");
  const p = spawn(join(root, "build/release/tests/net/impair-tun"),
    ["--client", CLIENT, "--server", SERVER, "--make", "--hold", "--script", path, "--seconds", String(seconds)], { stdio: ["ignore", "ignore", "pipe"] });
  p.over = new Promise((resolve) => p.once("exit", resolve));
  return new Promise((resolve, reject) => {
    let said = "";
    p.stderr.on("data", (b) => {
      said += b;
      if (said.includes("ready")) resolve(p);
    });
    p.once("exit", () => reject(new Error(`impair-tun: ${said}`)));
  });
}

/** What this page has heard and seen so far; gaps: pauses of the picture of more than half a second, ms. */
export const look = (page) => page.evaluate(async () => {
  const now = { at: performance.now(), samples: 0, concealed: 0, frames: 0, height: 0, way: "udp", gaps: window.gaps ?? [], weak: document.querySelector(".banner") !== null };
  for (const pc of window.pcs) {
    if (pc.connectionState !== "connected") continue;
    for (const s of (await pc.getStats()).values()) {
      if (s.type !== "inbound-rtp") continue;
      if (s.kind === "audio") {
        now.samples += s.totalSamplesReceived ?? 0;
        now.concealed += s.concealedSamples ?? 0;
      } else {
        now.frames += s.framesDecoded ?? 0;
        now.height = Math.max(now.height, s.frameHeight ?? 0);
      }
    }
  }
  if (window.line && performance.now() - window.told < 1500) {
    now.way = "frames";
    now.samples = window.line.samplesPlayed;
    now.concealed = window.line.samplesFilled;
    now.frames = window.line.shown.reduce((n, v) => n + v, 0);
    now.voiceMs = window.line.voiceMs;
    now.pictureMs = window.line.pictureMs;
  }
  return now;
});

/** Notes pauses of the picture of more than half a second, by looking every 50 ms at how many frames were decoded or drawn.
 *  Over WebSocket the worker tells only twice a second: there a pause counts from one second on. */
export const watchGaps = (page) => page.evaluate(() => {
  window.gaps = [];
  let last = -1, since = performance.now();
  const told = () => window.line && performance.now() - window.told < 1500;
  const count = () => {
    if (told()) return window.line.shown.reduce((n, v) => n + v, 0);
    let n = 0;
    for (const v of document.querySelectorAll("video")) n += v.getVideoPlaybackQuality().totalVideoFrames;
    return n;
  };
  clearInterval(window.watching);
  window.watching = setInterval(() => {
    const n = count(), now = performance.now();
    if (n !== last) {
      if (last >= 0 && now - since > (told() ? 1000 : 500)) window.gaps.push(Math.round(now - since));
      last = n;
      since = now;
    }
  }, 50);
});

export const wait = (s) => new Promise((r) => setTimeout(r, s * 1000));
export const cells = (list) => console.log(`| ${list.join(" | ")} |`);

/** A lesson over this line; work() is called when both see each other. announce: where media is said to be by UDP; an
 *  address of nobody, and neither gets there. */
export async function lesson(script, seconds, frames, work, announce = "10.99.0.2") {
  const tun = await impaired(frames ? script.replaceAll("both ", "both drop=udp ") : script, seconds + 60);
  let server, near, far;
  try {
    process.env.PARTA = wrapper("parta", SERVER, join(root, "build/release/parta"));
    server = await DemoServer.start({ args: ["--announce", announce, "--relays", "1"] });
    process.env.CHROMIUM = wrapper("near", SERVER, "/usr/bin/chromium");
    near = await launchChromium();
    process.env.CHROMIUM = wrapper("far", CLIENT, "/usr/bin/chromium");
    far = await launchChromium(["--host-resolver-rules=MAP localhost 10.99.0.2"]);
    const child = await person(far, server.links.child1);
    const mentor = await person(near, server.links.mentor1);
    await press(child);
    await child.waitForSelector(".room");
    await tool(child, "Камера").click();
    const begun = await press(mentor);
    const sees = (page) => until("both see each other", () => sawAt(page), (at) => at > 0, 30_000);
    await work({ child, mentor, tun, server, begun: Math.max(...await Promise.all([sees(child), sees(mentor)])) - begun });
  } finally {
    await far?.close();
    await near?.close();
    await server?.stop();
    tun.kill("SIGTERM");
    await tun.over;
  }
}
