// SPDX-License-Identifier: Apache-2.0
//
// A long lesson of two Chromium browsers over WebSocket, the child behind a line without UDP: does anything grow? Every
// minute one row: how old voice and picture were in the last ten seconds of it, what was played, and how much memory the server
// and the browsers have. Needs root. By hand, on a machine that does nothing else:
//
//   sh client-web/tools/with-node node tests/bench/network/soak.mjs [MINUTES] [both]
//
// Default 30, which is what the demo's lesson has left when it is begun at the right minute. both: the mentor's media goes
// over WebSocket, too: the server announces an address of nobody.
import { readdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { cells, lesson, look, wait } from "./lab.mjs";

const MINUTES = Number(process.argv[2] ?? 30);
const BOTH = process.argv[3] === "both";
const MB = 1024;

/** Resident memory of all processes whose command line has this word, kB; shared pages count in each. */
function memory(word) {
  let sum = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word)) continue;
      sum += Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // ended meanwhile
    }
  }
  return sum;
}

const p = (list, share) => Math.round([...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? NaN);
const ages = (m) => `${p(m.voiceMs ?? [], 0.5)} / ${p(m.voiceMs ?? [], 0.95)}, ${p(m.pictureMs ?? [], 0.5)} / ${p(m.pictureMs ?? [], 0.95)}`;
const played = (a, b) => `${(100 * (1 - (b.concealed - a.concealed) / Math.max(1, b.samples - a.samples))).toFixed(1)} %`;
const heap = (page) => page.evaluate(() => Math.round(performance.memory.usedJSHeapSize / 1024));

/* The demo's lesson began 12 to 17 minutes ago, at a full five minutes. */
const late = ((Date.now() / 60_000) % 5) - 2;
if (MINUTES > 27 && late > 0.5) await wait((5 - late) * 60);
else if (MINUTES > 27 && late < 0) await wait(-late * 60);

cells(["minute", "way child / mentor", "child: voice p50 / p95, picture p50 / p95, ms", "mentor", "voice played child / mentor", "pictures a second", "server, MB", "browsers, MB", "pages' heaps, kB", "load"]);
cells(Array(10).fill("---"));
await lesson("at 0s both delay=1ms", MINUTES * 60 + 60, true, async ({ child, mentor, server }) => {
  await wait(5);
  let last = await Promise.all([look(child), look(mentor)]);
  for (let minute = 1; minute <= MINUTES; minute++) {
    await wait(60);
    const now = await Promise.all([look(child), look(mentor)]);
    const fps = now.map((m, i) => ((m.frames - last[i].frames) / ((m.at - last[i].at) / 1000)).toFixed(1));
    cells([minute, `${now[0].way} / ${now[1].way}`, ages(now[0]), ages(now[1]), `${played(last[0], now[0])} / ${played(last[1], now[1])}`, fps.join(" / "),
      (memory(server.data) / MB).toFixed(1), (memory("chromium") / MB).toFixed(0), `${await heap(child)} / ${await heap(mentor)}`, loadavg()[0].toFixed(1)]);
    last = now;
  }
}, BOTH ? "10.99.0.9" : undefined);
