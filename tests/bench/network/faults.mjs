// SPDX-License-Identifier: Apache-2.0
//
// What a lesson of two Chromium browsers does when the child's network fails: how long until voice and picture come
// again on both sides, and until both say that something is wrong. Needs root. By hand, on a machine that does nothing else:
//
//   sh client-web/tools/with-node node tests/bench/network/faults.mjs             every row, some six minutes
//   sh client-web/tools/with-node node tests/bench/network/faults.mjs outage      rows whose names begin so
import { loadavg } from "node:os";
import { cells, lesson, look, wait } from "./lab.mjs";

const BEFORE_S = 6; // the fault begins so long after the script
const GIVE_UP_S = 40;
const STEP_MS = 250;
const line = "delay=20ms jitter=5ms";
/** fault: words of the script; seconds: how long, 0 for ever; frames: UDP never got through. Times count from the end of a fault that ends. */
const ROWS = [
  { name: "udp dies", fault: "drop=udp", seconds: 0 },
  { name: "line dies", fault: "drop=tcp", seconds: 20 },
  ...[3, 10, 30, 60].flatMap((n) => [false, true].map((frames) => ({ name: `outage ${n} s`, fault: "outage", seconds: n, frames }))),
];
const ends = (fault) => (fault === "outage" ? "outage=off" : "drop=none");

/** What this page says of the link. */
const says = (page) => page.evaluate(() => ({ veil: document.querySelector(".stage-veil") !== null, away: document.querySelector(".tile.away, .stage-sentence") !== null }));

/** Follows a page every quarter of a second: when voice and picture moved and what was said, ms since the script began. */
async function follow(page, from, until) {
  const seen = { moves: [], said: [], ways: [] };
  let last = await look(page), at = Date.now();
  while (Date.now() - from < until) {
    await new Promise((r) => setTimeout(r, STEP_MS));
    const now = await look(page).catch(() => null), said = await says(page).catch(() => ({}));
    if (!now) continue;
    const grown = (key) => (now[key] >= last[key] ? now[key] - last[key] : now[key]);
    const heard = grown("samples") - grown("concealed"), ms = Date.now() - from;
    seen.moves.push({ ms, voice: heard / 48 > 0.4 * (Date.now() - at), picture: grown("frames") > 0 });
    if (now.way !== seen.ways.at(-1)) seen.ways.push(now.way);
    if (said.veil || said.away) seen.said.push(ms);
    // What the worker tells comes twice a second.
    if (now.way === "udp" || now.samples !== last.samples || Date.now() - at > 1200) [last, at] = [now, Date.now()];
  }
  return seen;
}

/** The longest pause that begins within the fault, as from its beginning to its end. */
function pause(moves, kind, begin) {
  const still = moves.filter((m) => m.ms > begin + 300);
  const lost = still.find((m) => !m[kind]);
  if (!lost) return null;
  // Back for good: two looks one after the other.
  const back = still.findIndex((m, i) => m.ms > lost.ms && m[kind] && (still[i + 1]?.[kind] ?? false));
  return back < 0 ? Infinity : still[back].ms;
}

async function row({ name, fault, seconds, frames = false }) {
  const script = `at 0s both ${line}\nat ${BEFORE_S}s both ${fault}${seconds ? `\nat ${BEFORE_S + seconds}s both ${ends(fault)}` : ""}`;
  const all = BEFORE_S + seconds + GIVE_UP_S / (seconds ? 2 : 1);
  await lesson(script.replaceAll("drop=none", frames ? "drop=udp" : "drop=none"), all + 60, frames, async ({ child, mentor, tun }) => {
    await wait(3);
    const from = Date.now(), begin = BEFORE_S * 1000, end = begin + seconds * 1000;
    tun.kill("SIGUSR1");
    const [c, m] = await Promise.all([follow(child, from, all * 1000), follow(mentor, from, all * 1000)]);
    const time = (seen, kind) => {
      const at = pause(seen.moves, kind, begin);
      return at === null ? "no pause" : at === Infinity ? "never" : at <= end ? `in it, ${((at - begin) / 1000).toFixed(1)}` : ((at - end) / 1000).toFixed(1);
    };
    const said = (seen) => (seen.said.some((ms) => ms > begin) ? `${((seen.said.find((ms) => ms > begin) - begin) / 1000).toFixed(1)}` : "-");
    cells([name, `${c.ways.join(" > ")}`, `${time(c, "voice")} / ${time(m, "voice")}`, `${time(c, "picture")} / ${time(m, "picture")}`, `${said(c)} / ${said(m)}`, loadavg()[0].toFixed(1)]);
    if (process.env.TRACE) console.log(JSON.stringify({ c, m }));
  });
}

const wanted = process.argv.slice(2);
cells(["fault of the child's network", "way of the child", "voice again, s: child / mentor", "picture again, s", "said so, s", "load"]);
cells(Array(6).fill("---"));
for (const r of ROWS.filter((x) => wanted.length === 0 || wanted.some((w) => x.name.startsWith(w))))
  await row(r).catch((e) => cells([r.name, r.frames ? "frames" : "udp", `failed: ${String(e.message).split("\n")[0].slice(0, 160)}`]));
