// SPDX-License-Identifier: Apache-2.0
//
// Debian's Firefox ESR with fake devices, driven over WebDriver BiDi, and what a test does alike on its
// pages and on Chromium's. Without a sound card Firefox plays nothing at all, so it gets one of PulseAudio's.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "puppeteer-core";
import { keepConnections, until } from "./world.mjs";

/** A sound card that nobody hears. */
class SoundCard {
  static async start() {
    const card = new SoundCard();
    card.folder = mkdtempSync(join(tmpdir(), "parta-sound-"));
    mkdirSync(join(card.folder, "pulse"), { mode: 0o700 });
    card.env = { ...process.env, XDG_RUNTIME_DIR: card.folder, HOME: card.folder };
    card.process = spawn("pulseaudio", ["-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "-L", "module-native-protocol-unix",
      "-L", "module-null-sink sink_name=null0", "-L", "module-always-sink"], { env: card.env, stdio: "ignore" });
    card.gone = new Promise((resolve) => { card.process.once("error", resolve).once("exit", resolve); });
    await until("PulseAudio listens", () => existsSync(join(card.folder, "pulse/native")), (there) => there);
    return card;
  }
  async stop() {
    this.process.kill();
    await this.gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Firefox {
  static async start() {
    const f = new Firefox();
    f.sound = await SoundCard.start();
    f.browser = await launch({
      browser: "firefox",
      executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
      headless: true,
      protocolTimeout: 30_000, // a page that hangs is a failure, not a reason to wait for minutes
      acceptInsecureCerts: true,
      env: f.sound.env,
      extraPrefsFirefox: {
        "media.navigator.streams.fake": true,
        "media.navigator.permission.disabled": true,
        "media.autoplay.default": 0,
        "intl.accept_languages": "ru-RU, ru",
        "app.update.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "media.gmp-manager.updateEnabled": false,
      },
    }).catch(async (e) => {
      await f.sound.stop();
      throw e;
    });
    return f;
  }

  /** As `person` of a Chromium: cookies of one's own, signed in by a personal link. */
  async person(link, viewport) {
    const context = await this.browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport(viewport);
    await page.evaluateOnNewDocument(keepConnections);
    page.faults = [];
    page.on("pageerror", (e) => page.faults.push(String(e)));
    page.on("console", (m) => {
      const udp = m.text().startsWith("WebRTC: ICE failed"); // Firefox notes by itself that UDP does not get through
      if (m.type() === "error" && !udp) page.faults.push(m.text());
    });
    await page.goto(link, { waitUntil: "domcontentloaded" });
    await until("signed in", () => page.url(), (url) => !url.includes("/in/"));
    return page;
  }

  async stop() {
    await this.browser?.close();
    await this.sound.stop();
  }
}

const found = async (page, selector, word) => {
  for (const el of await page.$$(selector)) if (await el.evaluate((e, w) => e.textContent.includes(w), word)) return el;
  return null;
};

/** Waits for the first element of this selector with this word, in either browser. */
export const shows = (page, selector, word = "", ms = undefined) => until(`${selector} “${word}”`, () => found(page, selector, word).then((el) => el !== null), (there) => there, ms);
export const hides = (page, selector) => until(`no ${selector}`, () => page.$$(selector).then((all) => all.length), (n) => n === 0);

/** Clicks on it as soon as it is there. */
export async function press(page, selector, word = "") {
  await shows(page, selector, word);
  await (await found(page, selector, word)).click();
}
