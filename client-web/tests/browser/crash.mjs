// SPDX-License-Identifier: Apache-2.0
//
// The server is killed in mid-lesson and started again on the same data, CRASH_ROUNDS times (20): both
// browsers must be back in their seats, decoding each other, within five seconds of the start and
// without a click; the records must be clean, with no more than five seconds of any presence uncertain.
//
//   node tests/browser/crash.mjs
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bothInLesson, DemoServer, launchChromium, until } from "./world.mjs";

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 20);
const BACK_WITHIN_MS = 5_000;
const UNCERTAIN_MS = 5_000;

/** The newest connection of a page: how many there have been, and frames it has decoded. */
const newest = (page) =>
  page.evaluate(async () => {
    const pc = window.pcs.at(-1);
    let frames = 0;
    if (pc?.connectionState === "connected")
      for (const s of (await pc.getStats()).values()) if (s.type === "inbound-rtp" && s.kind === "video") frames += s.framesDecoded ?? 0;
    return { n: window.pcs.length, frames };
  });

/** Chain and integrity of a dead server's records. */
function checkRecords(server) {
  const settings = join(server.data, "verify.ini");
  writeFileSync(settings, "[records]\ndatabase = parta.db\nsecret = parta.secret\n");
  execFileSync(server.program, ["verify", settings], { stdio: "pipe" });
}

/** Presence ended by restarts and its worst uncertainty, from a copy: nobody but the server opens its file. */
function restarts(server, since) {
  const copy = mkdtempSync(join(tmpdir(), "parta-crash-"));
  try {
    for (const f of ["parta.db", "parta.db-wal"]) cpSync(join(server.data, f), join(copy, f), { force: true });
    const db = new DatabaseSync(join(copy, "parta.db"));
    const row = db.prepare("SELECT count(*) AS n, coalesce(max(uncertain_ms), 0) AS worst FROM session WHERE end_reason = 'server_restart' AND join_ms >= ?").get(since);
    const check = db.prepare("PRAGMA integrity_check").get();
    db.close();
    return { n: Number(row.n), worst: Number(row.worst), integrity: check.integrity_check };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const server = await DemoServer.start();
const browser = await launchChromium();
const begun = Date.now(); // the invented past has restarts of its own
let failed = 0;
const times = [];
try {
  const { child, mentor } = await bothInLesson(browser, server);
  for (let round = 1; round <= ROUNDS; round++) {
    await new Promise((r) => setTimeout(r, 1000 + Math.random() * 5000)); // anywhere between two "last seen"
    const old = await Promise.all([newest(child), newest(mentor)]);
    await server.kill("SIGKILL");
    checkRecords(server);
    const start = Date.now();
    const serving = server.run().then(() => Date.now() - start);
    await Promise.all([child, mentor].map((page, i) =>
      until(`${i ? "the mentor" : "the child"} sees again`, () => newest(page), (now) => now.n > old[i].n && now.frames > 3)));
    const took = Date.now() - start;
    times.push(took);
    const records = restarts(server, begun);
    const ok = took <= BACK_WITHIN_MS && records.worst <= UNCERTAIN_MS && records.n === 2 * round && records.integrity === "ok";
    if (!ok) failed++;
    console.log(`${ok ? "ok  " : "FAIL"} round ${round}: serving after ${await serving} ms, both back after ${took} ms, ` +
      `${records.n} rows ended by a restart, worst ${records.worst} ms uncertain, integrity ${records.integrity}`);
  }
} finally {
  await browser.close();
  await server.kill("SIGTERM");
}
checkRecords(server);
times.sort((a, b) => a - b);
console.log(`back after: median ${times[times.length >> 1]} ms, worst ${times.at(-1)} ms from the start of the server`);
console.log(`${ROUNDS - failed} passed, ${failed} failed`);
rmSync(server.data, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
