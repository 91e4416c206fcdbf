// SPDX-License-Identifier: Apache-2.0
//
// What the walk through a whole case needs: a demo server that stands on a chosen day, people who sign in
// by their links and go by clicking, and pictures of where they stop.
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { shotsFolder, SIZES } from "./mock.mjs";
import { DemoServer, frames, media, person, until } from "./world.mjs";

const folder = shotsFolder("walk");

/** A calendar day as the fields of a form want it, `days` away from a moment of the walk ("2027-02-03T06:00:00"). */
export const dayFrom = (moment, days) => new Date(Date.parse(`${moment}Z`) + days * 86_400_000).toISOString().slice(0, 10);

export const pdf = (text) => ({ name: "scan.pdf", mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.7\n${text}\nstartxref\n9\n%%EOF\n`) });
export const button = (page, name) => page.getByRole("button", { name, exact: typeof name === "string" });
export const link = (page, name) => page.getByRole("link", { name, exact: typeof name === "string" });
export const inSheet = (page, name) => page.getByRole("dialog").getByRole("button", { name, exact: true });
export const sheetGone = (page) => page.getByRole("dialog").waitFor({ state: "detached" });
export const says = (page, words) => page.getByText(words).first().waitFor();

/** A page of the menu, as a person opens it. */
export async function menu(page, name) {
  await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
}

/** Waits until pictures and a voice of others come in (again), by whichever way the media go now. */
export async function meets(page, what) {
  const look = async () => {
    const [udp, line] = await Promise.all([media(page), frames(page)]);
    return { pictures: udp.framesDecoded + (line?.shown ?? []).reduce((a, b) => a + b, 0), voice: udp.audioEnergy + (line?.samplesPlayed ?? 0) };
  };
  let last = await look();
  await until(what, async () => {
    const now = await look();
    const more = now.pictures > last.pictures + 3 && now.voice > last.voice;
    if (now.pictures < last.pictures || now.voice < last.voice) last = now; // another way counts from 0
    return { ...now, more };
  }, (n) => n.more, 60_000);
}

/** The stage of the walk: the server on its day, the browser, and who is at the pages. */
export class Stage {
  static async begin(browser, moment, policies) {
    const s = new Stage();
    s.browser = browser;
    s.people = {};
    s.faults = [];
    s.server = await DemoServer.start({ args: ["--clock", moment] });
    // Numbers of the rules are dated rows; no page writes them yet, so they are set while the server is down.
    await s.server.kill("SIGTERM");
    const db = new DatabaseSync(join(s.server.data, "parta.db"));
    const put = db.prepare("INSERT INTO policy (org, key, value, from_ms, source, created_ms) SELECT id, ?, ?, 0, ?, 0 FROM org WHERE type = 'centre'");
    for (const [key, value, source] of policies) put.run(key, value, source);
    db.close();
    await s.turn(moment);
    return s;
  }

  /** The same records, served from another moment on. Everybody has gone home; sign-in links are new. */
  async turn(moment) {
    await this.leave();
    if (!this.server.exited) await this.server.kill("SIGTERM");
    this.moment = moment;
    this.server.args = ["--clock", moment];
    await this.server.run();
  }

  /** The day `n` days from the walk's present one. */
  day(n = 0) { return dayFrom(this.moment, n); }

  /** One person with a browser of their own, signed in by a link; kept until everybody leaves. */
  async enter(name, address, size = SIZES.desktop) {
    const page = await person(this.browser, address, { viewport: size });
    page.setDefaultTimeout(60_000); // a busy machine
    this.people[name] = page;
    return page;
  }

  /** One of the demo's people, by the role of the printed link. */
  demo(name, role, size) { return this.enter(name, this.server.links[role], size); }

  /** These go home; without a name, everybody. */
  async leave(...names) {
    for (const name of names.length ? names : Object.keys(this.people)) {
      const page = this.people[name];
      this.faults.push(...page.faults.map((f) => `${name}: ${f}`));
      await page.context().close();
      delete this.people[name];
    }
  }

  /** What each of these sees now: the window, for a page may be as long as a timetable. */
  async picture(stop, ...names) {
    for (const name of names) {
      const page = this.people[name];
      await page.waitForFunction(() => document.body.innerText.trim() !== "" && !document.querySelector(".loading, [aria-busy]"));
      await page.screenshot({ path: join(folder, `${stop}-${name}.png`) });
    }
  }

  async end() {
    await this.leave();
    await this.server?.stop();
  }
}
