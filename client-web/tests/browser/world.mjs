// SPDX-License-Identifier: Apache-2.0
//
// What browser tests share: a real server with a fresh demo world, and Chromium pages with fake
// devices that count what their peer connections decode and hear. Firefox is in firefox.mjs.
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

/** A TCP port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const s = createServer();
    s.once("error", reject);
    s.listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

/** A demo server on a free port with a data folder of its own. */
export class DemoServer {
  static async start(options = {}) {
    const s = new DemoServer();
    s.data = options.data ?? mkdtempSync(join(tmpdir(), "parta-test-"));
    s.port = options.port ?? (await freePort());
    s.log = "";
    s.args = options.args ?? [];
    if (!existsSync(join(root, "certs/server.crt"))) spawnSync(join(root, "certs/make-dev-certs"), [join(root, "certs")]);
    await s.run();
    return s;
  }

  /** Starts the process and waits until it says that it serves. */
  run() {
    this.exited = false;
    const args = ["demo", "--port", String(this.port), "--data", this.data, "--static", join(root, "client-web/dist"), "--certs", join(root, "certs"), ...this.args];
    this.process = spawn(this.program, args, { stdio: ["ignore", "pipe", "pipe"] });
    return new Promise((resolve, reject) => {
      const hear = (bytes) => {
        this.log += bytes;
        if (this.log.includes("serving ")) resolve();
      };
      this.process.stdout.on("data", hear);
      this.process.stderr.on("data", hear);
      this.process.once("exit", (code, signal) => {
        this.exited = true;
        reject(new Error(`server ended (${code ?? signal}):\n${this.log.slice(-3000)}`));
      });
      this.log = "";
    });
  }

  get program() {
    return process.env.PARTA ?? join(root, "build/release/parta");
  }

  get origin() {
    return `https://localhost:${this.port}`;
  }

  /** Personal sign-in links of the demo world by role: coordinator, mentor1, mentor2, child1 … */
  get links() {
    return JSON.parse(readFileSync(join(this.data, "links.json"), "utf8"));
  }

  kill(signal = "SIGKILL") {
    return new Promise((resolve) => {
      if (this.exited) return resolve();
      this.process.removeAllListeners("exit");
      this.process.once("exit", () => {
        this.exited = true;
        resolve();
      });
      this.process.kill(signal);
    });
  }

  async stop() {
    await this.kill("SIGTERM");
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** An address of this machine that is not loopback, if it has one: Firefox will not be told that it is seen as 127.0.0.1. */
const ownAddress = () => Object.values(networkInterfaces()).flat().find((i) => i.family === "IPv4" && !i.internal)?.address ?? "127.0.0.1";

/** Datagrams to the announced port, passed on to the server's own one while `open`. */
export class Relay {
  static async start() {
    const r = new Relay();
    const own = ownAddress();
    r.open = false;
    r.back = new Map();
    r.front = createSocket("udp4");
    await new Promise((done) => r.front.bind(0, "0.0.0.0", done));
    r.port = r.front.address().port;
    r.front.on("message", (m, from) => r.open && r.towards(from).send(m, r.target, own));
    return r;
  }
  towards(from) {
    const key = `${from.address}:${from.port}`;
    if (!this.back.has(key)) {
      const s = createSocket("udp4");
      s.on("message", (m) => this.open && this.front.send(m, from.port, from.address));
      this.back.set(key, s);
    }
    return this.back.get(key);
  }
  close() {
    this.front.close();
    for (const s of this.back.values()) s.close();
  }
}

export function launchChromium(extra = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--ignore-certificate-errors", "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream=fps=25", "--autoplay-policy=no-user-gesture-required", ...extra,
    ],
  });
}

/** Keeps every peer connection of the page in window.pcs, so that a test can read its statistics. */
export const keepConnections = () => {
  const Real = window.RTCPeerConnection;
  const RealWorker = window.Worker;
  window.pcs = [];
  window.line = null; // what the worker of the line told last
  window.told = 0;
  window.Worker = class extends RealWorker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", (e) => {
        if (e.data.type !== "stats") return;
        window.line = e.data.stats;
        window.told = performance.now();
      });
    }
  };
  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args);
      window.pcs.push(this);
    }
  };
};

/** A person: a browser context of its own, signed in by a personal link. prepare(context) comes before its first page. */
export async function person(browser, link, options = {}, prepare = null) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: "ru-RU", permissions: ["camera", "microphone"], viewport: { width: 1280, height: 800 }, ...options });
  await context.addInitScript(keepConnections);
  await prepare?.(context);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (e) => page.faults.push(String(e)));
  page.on("console", (m) => {
    // Before the sign-in the page asks who is signed in, and "nobody" is a 401 that the browser notes.
    const nobody = m.text().includes("401") && m.location().url.endsWith("/api/v1/session");
    // The page hands its camera's stream to the worker and holds no picture itself: one that came while Chromium hands the
    // stream over is dropped by Chromium. What the worker loses is told with the worker's address, and counts.
    const handedOver = m.text().startsWith("A VideoFrame was garbage collected") && m.location().url === page.url();
    if (m.type() === "error" && !nobody && !handedOver) page.faults.push(m.text());
  });
  await page.goto(link, { waitUntil: "domcontentloaded" });
  await page.waitForURL((u) => !u.pathname.startsWith("/in/"), { timeout: 30_000 });
  return page;
}

/** Sums of what this page's live connections decode, hear and send; layers: frames sent, by layer of the camera. */
export function media(page) {
  return page.evaluate(async () => {
    const sum = { framesDecoded: 0, framesSent: 0, layers: {}, audioEnergy: 0, packetsReceived: 0, packetsLost: 0, live: 0 };
    for (const pc of window.pcs) {
      if (pc.connectionState !== "connected") continue;
      sum.live++;
      for (const s of (await pc.getStats()).values()) {
        if (s.type === "inbound-rtp" && s.kind === "video") sum.framesDecoded += s.framesDecoded ?? 0;
        if (s.type === "inbound-rtp" && s.kind === "audio") sum.audioEnergy += s.totalAudioEnergy ?? 0;
        if (s.type === "inbound-rtp") {
          sum.packetsReceived += s.packetsReceived ?? 0;
          sum.packetsLost += s.packetsLost ?? 0;
        }
        if (s.type === "outbound-rtp" && s.kind === "video") {
          sum.framesSent += s.framesSent ?? 0;
          if (s.rid) sum.layers[s.rid] = (sum.layers[s.rid] ?? 0) + (s.framesSent ?? 0);
        }
      }
    }
    return sum;
  });
}

/** What this page's worker counts of its line; null while no media goes over it. */
export const frames = (page) => page.evaluate(() => (window.line && performance.now() - window.told < 1500 ? window.line : null));

/** Enters the running lesson from one's home page, as a person does. */
export async function enter(page) {
  await page.locator(".button.main").first().click();
  await page.waitForSelector(".room");
}

/** Presses the button of the lesson at once; from then on the page notes when it first shows a picture of another.
 *  Answers with the moment, ms since 1970. */
export async function press(page) {
  await page.locator(".button.main").first().waitFor();
  return page.evaluate(pressAndNote);
}

function pressAndNote() {
  window.sawAt = 0;
  const watched = new WeakSet();
  new MutationObserver(() => {
    for (const video of document.querySelectorAll(".tile video")) {
      if (watched.has(video)) continue;
      watched.add(video);
      video.requestVideoFrameCallback(() => { window.sawAt ||= Date.now(); });
    }
  }).observe(document.body, { childList: true, subtree: true });
  const pressed = Date.now();
  document.querySelector(".button.main").click();
  return pressed;
}

/** When this page first showed a picture of another, by whichever way, ms since 1970; 0: not yet. */
export const sawAt = (page) => page.evaluate(() => window.sawAt || window.line?.firstPicture || 0);

/** The tool of the room with this word. */
export const tool = (page, word) => page.locator(".room-tools .tool", { hasText: word });

/** Waits until this page decodes frames of others (again); answers with the sums. */
export async function seesOthers(page, what, ms) {
  const before = (await media(page)).framesDecoded;
  return until(what, () => media(page), (m) => m.framesDecoded > before + 3, ms);
}

/** The demo's child and mentor in their running lesson, both cameras on, each seeing the other. */
export async function bothInLesson(browser, server) {
  const child = await person(browser, server.links.child1, { viewport: { width: 390, height: 800 } });
  const mentor = await person(browser, server.links.mentor1);
  await enter(child);
  await tool(child, "Камера").click();
  await enter(mentor);
  await Promise.all([seesOthers(mentor, "the mentor sees the child"), seesOthers(child, "the child sees the mentor")]);
  return { child, mentor };
}

/** Waits until check(await look()) is true, looking every 50 ms; the last look is in the error. */
export async function until(what, look, check, ms = 15_000) {
  const end = Date.now() + ms;
  let last;
  for (;;) {
    last = await look();
    if (check(last)) return last;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}; last seen ${JSON.stringify(last)}`);
    await new Promise((r) => setTimeout(r, 50));
  }
}

/** An API call as the person of this page; throws what is no success. */
export const api = (page, path, method = "GET", body = undefined, etag = undefined) =>
  page.evaluate(async ([p, m, b, e]) => {
    const headers = { "Content-Type": "application/json", ...(e ? { "If-Match": e } : {}) };
    const answer = await fetch(`/api/v1${p}`, { method: m, headers, body: b === undefined ? null : JSON.stringify(b) });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${m} ${p}: ${answer.status} ${JSON.stringify(value)}`);
    return { ...value, etag: answer.headers.get("ETag") };
  }, [path, method, body, etag]);

/** The calendar day after tomorrow or later that is no weekend, so that R2 has nothing against it. */
export function workday(from = 2) {
  for (let n = from; ; n++) {
    const day = new Date(Date.now() + n * 86_400_000);
    if (day.getUTCDay() !== 0 && day.getUTCDay() !== 6) return day.toISOString().slice(0, 10);
  }
}

/** A lesson of this child with one of its mentors, in the days to come. */
export async function newLesson(office, child, time) {
  const { items } = await api(office, "/children?limit=100");
  const row = items.find((x) => x.child.id === child);
  const { subject, mentor } = row.mentors[0];
  return api(office, "/lessons", "POST", { subject, mentor: mentor.id, children: [child], date: workday(), time, minutes: 30 });
}
