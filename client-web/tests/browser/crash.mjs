// SPDX-License-Identifier: Apache-2.0
//
// kill -9 of the server in mid-lesson, CRASH_ROUNDS times (default 20): after each restart both browsers
// are back in their seats by themselves, decoding each other, and the records are clean.
//
//   node tests/browser/crash.mjs
import { execFileSync } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DemoServer, enter, launchChromium, media, person, seesOthers, tool, until } from "./world.mjs";

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 20);
const BACK_WITHIN_MS = 5_000;
const UNCERTAIN_MS = 5_000;

/** Checks the records of a dead server: chain, integrity, what was lost. */
function checkRecords(server) {
  const settings = join(server.data, "verify.ini");
  writeFileSync(settings, "[records]\ndatabase = parta.db\nsecret = parta.secret\n");
  execFileSync(server.program, ["verify", settings], { stdio: "pipe" });
}

/** Frames arrive again: the count grows from the lowest that is seen, because a new connection counts from 0. */
function decodesAgain(page, what) {
  let lowest = Infinity;
  return until(what, () => media(page), (m) => {
    lowest = Math.min(lowest, m.framesDecoded);
    return m.live > 0 && m.framesDecoded > lowest + 3;
  });
}

/** Worst uncertainty of any presence row, from a copy: nobody but the server opens its file. */
function worstUncertainty(server) {
  const copy = mkdtempSync(join(tmpdir(), "parta-crash-"));
  try {
    for (const f of ["parta.db", "parta.db-wal"]) cpSync(join(server.data, f), join(copy, f), { force: true });
    const db = new DatabaseSync(join(copy, "parta.db"));
    const row = db.prepare("SELECT count(*) AS n, coalesce(max(uncertain_ms), 0) AS worst FROM session WHERE end_reason = 'server_restart'").get();
    const check = db.prepare("PRAGMA integrity_check").get();
    db.close();
    return { n: Number(row.n), worst: Number(row.worst), integrity: check.integrity_check };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const server = await DemoServer.start();
const browser = await launchChromium();
let failed = 0;
const times = [];
try {
  const child = await person(browser, server.links.child1);
  await enter(child);
  await child.waitForSelector(".stage-sentence");
  await tool(child, "Камера").click();
  const mentor = await person(browser, server.links.mentor1);
  await enter(mentor);
  await Promise.all([seesOthers(mentor, "the mentor sees the child"), seesOthers(child, "the child sees the mentor")]);
  const before = worstUncertainty(server).n; // of the invented past
  for (let round = 1; round <= ROUNDS; round++) {
    await server.kill("SIGKILL");
    checkRecords(server);
    await server.run();
    const start = Date.now();
    await Promise.all([decodesAgain(mentor, "the mentor sees again"), decodesAgain(child, "the child sees again")]);
    const took = Date.now() - start;
    times.push(took);
    const records = worstUncertainty(server);
    const ok = took <= BACK_WITHIN_MS && records.worst <= UNCERTAIN_MS && records.n === before + 2 * round && records.integrity === "ok";
    if (!ok) failed++;
    console.log(`${ok ? "ok  " : "FAIL"} round ${round}: both back after ${took} ms, ${records.n - before} rows ended by a restart, worst ${records.worst} ms uncertain, integrity ${records.integrity}`);
  }
} finally {
  await browser.close();
  await server.kill("SIGTERM");
}
checkRecords(server);
times.sort((a, b) => a - b);
console.log(`back after: median ${times[times.length >> 1]} ms, worst ${times.at(-1)} ms`);
console.log(`${ROUNDS - failed} passed, ${failed} failed`);
rmSync(server.data, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
