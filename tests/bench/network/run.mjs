// SPDX-License-Identifier: Apache-2.0
//
// A lesson of two Chromium browsers with the child behind a bad line: one table. Server and mentor are in one network
// namespace, the child in another, impair-tun between them. Needs root. By hand, on a machine that does nothing else:
//
//   sh client-web/tools/with-node node tests/bench/network/run.mjs             every row, about 25 minutes
//   sh client-web/tools/with-node node tests/bench/network/run.mjs loss rate   rows whose names begin so
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DemoServer, enter, launchChromium, person, tool, until } from "../../../client-web/tests/browser/world.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const CLIENT = `partac${process.pid}`, SERVER = `partas${process.pid}`;
const SETTLE_S = 10, MEASURE_S = 25, PHASE_S = 25;
const folder = mkdtempSync(join(tmpdir(), "parta-net-"));

const loss = [1, 5, 10, 20, 30];
const line = "delay=20ms jitter=5ms";
/** at: seconds from the start of the measurement; script: what happens on the line. */
const ROWS = [
  { name: "clean", script: `at 0s both ${line}` },
  ...loss.map((n) => ({ name: `loss ${n} %`, script: `at 0s both ${line} loss=${n}%` })),
  ...loss.map((n) => ({ name: `loss ${n} % in bursts`, script: `at 0s both ${line} burst=${n}%/4` })),
  { name: "jitter 200 ms", script: "at 0s both delay=200ms jitter=200ms" },
  { name: "round trip 300 ms", script: "at 0s both delay=150ms jitter=5ms" },
];
const RATES = [1500, 300, 128, 64, 1500];
const BASIC = `at 0s both ${line}`;

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
const look = (page) => page.evaluate(async () => {
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

/** Notes pauses of the picture by looking every 50 ms at how many frames were decoded or drawn. */
const watchGaps = (page) => page.evaluate(() => {
  window.gaps = [];
  let last = -1, since = performance.now();
  const count = async () => {
    if (window.line && performance.now() - window.told < 1500) return null; // the worker tells only twice a second
    let n = 0;
    for (const v of document.querySelectorAll("video")) n += v.getVideoPlaybackQuality().totalVideoFrames;
    return n;
  };
  clearInterval(window.watching);
  window.watching = setInterval(async () => {
    const n = await count(), now = performance.now();
    if (n === null) return;
    if (n !== last) {
      if (last >= 0 && now - since > 500) window.gaps.push(Math.round(now - since));
      last = n;
      since = now;
    }
  }, 50);
});

const percent = (a, b) => {
  const n = b.samples - a.samples;
  return n > 0 ? `${(100 * (1 - (b.concealed - a.concealed) / n)).toFixed(1)} %` : "-";
};
const rate = (a, b) => ((b.frames - a.frames) / ((b.at - a.at) / 1000)).toFixed(1);
const wait = (s) => new Promise((r) => setTimeout(r, s * 1000));

/** A lesson over this line; begin() is called when both see each other. */
async function lesson(script, seconds, frames, work) {
  const tun = await impaired(frames ? script.replaceAll("both ", "both drop=udp ") : script, seconds + 60);
  let server, near, far;
  try {
    process.env.PARTA = wrapper("parta", SERVER, join(root, "build/release/parta"));
    server = await DemoServer.start({ args: ["--announce", "10.99.0.2", "--relays", "1"] });
    process.env.CHROMIUM = wrapper("near", SERVER, "/usr/bin/chromium");
    near = await launchChromium();
    process.env.CHROMIUM = wrapper("far", CLIENT, "/usr/bin/chromium");
    far = await launchChromium(["--host-resolver-rules=MAP localhost 10.99.0.2"]);
    const child = await person(far, server.links.child1);
    const mentor = await person(near, server.links.mentor1);
    await enter(child);
    await tool(child, "Камера").click();
    const begun = Date.now();
    await enter(mentor);
    const sees = (page) => until("both see each other", () => look(page), (m) => m.frames > 3, 30_000);
    await Promise.all([sees(child), sees(mentor)]);
    await work({ child, mentor, tun, server, begun: Date.now() - begun });
  } finally {
    await far?.close();
    await near?.close();
    await server?.stop();
    tun.kill("SIGTERM");
    await tun.over;
  }
}

const cells = (list) => console.log(`| ${list.join(" | ")} |`);
const ages = (m) => (m.voiceMs?.length ? `${p95(m.voiceMs)} / ${p95(m.pictureMs)}` : "-");
const p95 = (list) => Math.round([...list].sort((a, b) => a - b)[Math.floor(list.length * 0.95)] ?? NaN);

async function row({ name, script }, frames) {
  await lesson(script, SETTLE_S + MEASURE_S, frames, async ({ child, mentor, begun }) => {
    await wait(SETTLE_S);
    await Promise.all([watchGaps(child), watchGaps(mentor)]);
    const before = await Promise.all([look(child), look(mentor)]);
    await wait(MEASURE_S);
    const now = await Promise.all([look(child), look(mentor)]);
    const gaps = now.flatMap((m) => m.gaps);
    cells([name, now[0].way, `${begun}`, `${percent(before[0], now[0])} / ${percent(before[1], now[1])}`, `${rate(before[0], now[0])} / ${rate(before[1], now[1])}`,
      now[0].way === "udp" ? `${(gaps.length * 60 / MEASURE_S / 2).toFixed(1)}` : "-", now[0].way === "udp" ? `${Math.max(0, ...gaps)}` : "-",
      `${ages(now[0])}`, loadavg()[0].toFixed(1)]);
  });
}

async function ladder(frames) {
  const script = RATES.map((k, i) => `at ${i * PHASE_S}s both rate=${k}k ${i === 0 ? "delay=20ms" : ""}`).join("\n");
  await lesson(`${BASIC}\n`.replace(BASIC, script), RATES.length * PHASE_S, frames, async ({ child, tun }) => {
    const from = Date.now();
    tun.kill("SIGUSR1"); // until now its beginning held
    let last = await look(child);
    const seconds = [];
    while (Date.now() - from < RATES.length * PHASE_S * 1000) {
      await wait(1);
      const m = await look(child);
      seconds.push({ t: (Date.now() - from) / 1000, voice: m.samples > last.samples ? 1 - (m.concealed - last.concealed) / (m.samples - last.samples) : null, frames: m.frames - last.frames, height: m.height, weak: m.weak });
      last = m;
    }
    RATES.forEach((k, i) => {
      const own = seconds.filter((s) => s.t > i * PHASE_S && s.t <= (i + 1) * PHASE_S && s.voice !== null);
      const bad = own.filter((s) => s.voice < 0.97).at(-1);
      const all = own.length > 0 ? own.reduce((n, s) => n + s.voice, 0) / own.length : NaN;
      const late = own.slice(-8);
      cells([`${k} kbit/s`, last.way, `${(100 * all).toFixed(1)} %`, bad ? `${(bad.t - i * PHASE_S).toFixed(0)} s` : "at once",
        (late.reduce((n, s) => n + s.frames, 0) / Math.max(1, late.length)).toFixed(1), `${late.at(-1)?.height ?? "-"}`, late.some((s) => s.weak) ? "said" : "-"]);
    });
  });
}

const wanted = process.argv.slice(2);
const is = (name) => wanted.length === 0 || wanted.some((w) => name.startsWith(w));
try {
  cells(["line", "way", "both see, ms from the click", "voice played child / mentor", "pictures a second", "freezes > 500 ms a minute", "longest, ms", "voice / picture p95, ms", "load"]);
  cells(Array(9).fill("---"));
  for (const r of ROWS.filter((x) => is(x.name)))
    for (const frames of [false, true])
      await row(r, frames).catch((e) => cells([r.name, frames ? "frames" : "udp", `failed: ${String(e.message).split("\n")[0].slice(0, 160)}`]));
  if (is("rate")) {
    cells(["rate of the child's line", "way", "voice played", "whole after", "pictures a second, at the end", "lines", "weak link"]);
    cells(Array(7).fill("---"));
    for (const frames of [false, true]) await ladder(frames).catch((e) => cells(["rate", frames ? "frames" : "udp", `failed: ${String(e.message).split("\n")[0].slice(0, 160)}`]));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
