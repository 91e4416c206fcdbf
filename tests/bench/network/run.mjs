// SPDX-License-Identifier: Apache-2.0
//
// A lesson of two Chromium browsers with the child behind a bad line: one table. Server and mentor are in one network
// namespace, the child in another, impair-tun between them. Needs root. By hand, on a machine that does nothing else:
//
//   sh client-web/tools/with-node node tests/bench/network/run.mjs             every row, about 25 minutes
//   sh client-web/tools/with-node node tests/bench/network/run.mjs loss rate   rows whose names begin so; ws: over WebSocket alone
import { loadavg } from "node:os";
import { cells, lesson, look, wait, watchGaps } from "./lab.mjs";

const SETTLE_S = 10, MEASURE_S = 25, PHASE_S = 25;

const loss = [1, 5, 10, 20, 30];
const line = "delay=20ms jitter=5ms";
/** The line is so from the first page on; a very bad one only when both see each other: its page might not load. */
const becomes = (n, what) => (n < 20 ? `at 0s both ${line} ${what}` : `at 0s both ${line}\nat 1s both ${what}`);
const ROWS = [
  { name: "clean", script: `at 0s both ${line}` },
  ...loss.map((n) => ({ name: `loss ${n} %`, script: becomes(n, `loss=${n}%`) })),
  ...loss.map((n) => ({ name: `loss ${n} % in bursts of packets`, script: becomes(n, `burst=${n}%/4`) })),
  ...loss.map((n) => ({ name: `loss ${n} % in bursts of time`, script: becomes(n, `burst=${n}%/80ms`) })),
  { name: "jitter 200 ms", script: "at 0s both delay=200ms jitter=200ms" },
  { name: "round trip 300 ms", script: "at 0s both delay=150ms jitter=5ms" },
];
const RATES = [1500, 300, 128, 64, 1500];

/** Of all the time, for these voices never pause: over WebSocket a longer hole ends the voice and is counted nowhere. */
const percent = (a, b) => {
  const n = b.samples - a.samples, all = b.way === "frames" ? Math.max(n, (b.at - a.at) * 48) : n;
  if (b.concealed < a.concealed) return "line replaced"; // its counts began anew
  return n > 0 ? `${((100 * (n - (b.concealed - a.concealed))) / all).toFixed(1)} %` : "-";
};
const rate = (a, b) => ((b.frames - a.frames) / ((b.at - a.at) / 1000)).toFixed(1);

const ages = (m) => (m.voiceMs?.length ? `${p95(m.voiceMs)} / ${p95(m.pictureMs)}` : "-");
const p95 = (list) => Math.round([...list].sort((a, b) => a - b)[Math.floor(list.length * 0.95)] ?? NaN);

async function row({ name, script }, frames) {
  await lesson(script, SETTLE_S + MEASURE_S, frames, async ({ child, mentor, tun, begun }) => {
    tun.kill("SIGUSR1"); // until now the beginning of the script held
    await wait(SETTLE_S);
    await Promise.all([watchGaps(child), watchGaps(mentor)]);
    const before = await Promise.all([look(child), look(mentor)]);
    await wait(MEASURE_S);
    const now = await Promise.all([look(child), look(mentor)]);
    const gaps = now.flatMap((m) => m.gaps);
    cells([name, now[0].way, `${begun}`, `${percent(before[0], now[0])} / ${percent(before[1], now[1])}`, `${rate(before[0], now[0])} / ${rate(before[1], now[1])}`,
      `${(gaps.length * 60 / MEASURE_S / 2).toFixed(1)}`, `${Math.max(0, ...gaps)}`,
      `${ages(now[0])}`, loadavg()[0].toFixed(1)]);
  });
}

async function ladder(frames) {
  const script = RATES.map((k, i) => `at ${i * PHASE_S}s both rate=${k}k ${i === 0 ? "delay=20ms" : ""}`).join("\n");
  await lesson(script, RATES.length * PHASE_S, frames, async ({ child, mentor, tun }) => {
    const from = Date.now();
    tun.kill("SIGUSR1"); // until now its beginning held
    let last = await Promise.all([look(child), look(mentor)]);
    const seconds = [[], []];
    while (Date.now() - from < RATES.length * PHASE_S * 1000) {
      await wait(1);
      const now = await Promise.all([look(child), look(mentor)]);
      now.forEach((m, i) => {
        const n = m.samples - last[i].samples;
        seconds[i].push({ t: (Date.now() - from) / 1000, voice: n > 0 ? 1 - (m.concealed - last[i].concealed) / n : null, frames: m.frames - last[i].frames, height: m.height, weak: m.weak });
      });
      last = now;
    }
    const both = (tell) => seconds.map(tell).join(" / ");
    RATES.forEach((k, i) => {
      const phase = (list) => list.filter((s) => s.t > i * PHASE_S && s.t <= (i + 1) * PHASE_S && s.voice !== null);
      const late = (list) => phase(list).slice(-8);
      const played = (list) => `${(100 * phase(list).reduce((n, s) => n + s.voice, 0) / phase(list).length).toFixed(1)} %`;
      const whole = (list) => phase(list).filter((s) => s.voice < 0.97).map((s) => `${(s.t - i * PHASE_S).toFixed(0)} s`).at(-1) ?? "at once";
      const moves = (list) => (late(list).reduce((n, s) => n + s.frames, 0) / Math.max(1, late(list).length)).toFixed(1);
      cells([`${k} kbit/s`, last[0].way, both(played), both(whole), both(moves), `${late(seconds[0]).at(-1)?.height ?? "-"}`, late(seconds[0]).some((s) => s.weak) ? "said" : "-"]);
    });
  });
}

const wanted = process.argv.slice(2);
const is = (name) => wanted.length === 0 || wanted.some((w) => name.startsWith(w));
cells(["line", "way", "both see, ms from the click", "voice played child / mentor", "pictures a second", "freezes > 500 ms a minute", "longest, ms", "voice / picture p95, ms", "load"]);
cells(Array(9).fill("---"));
const ways = [false, true].filter((frames) => frames || !wanted.includes("ws"));
for (const r of ROWS.filter((x) => is(x.name)))
  for (const frames of ways)
    await row(r, frames).catch((e) => cells([r.name, frames ? "frames" : "udp", `failed: ${String(e.message).split("\n")[0].slice(0, 160)}`]));
if (is("rate")) {
  cells(["rate of the child's line", "way", "voice played child / mentor", "whole after", "pictures a second, at the end", "lines", "weak link"]);
  cells(Array(7).fill("---"));
  for (const frames of ways) await ladder(frames).catch((e) => cells(["rate", frames ? "frames" : "udp", `failed: ${String(e.message).split("\n")[0].slice(0, 160)}`]));
}
