// SPDX-License-Identifier: Apache-2.0
//
// The pages against the made-up API of tests/mock, for states a real server is hard to bring into.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const SIZES = {
  phone: { width: 360, height: 740 },
  narrow: { width: 320, height: 640 },
  side: { width: 740, height: 360 },
  tablet: { width: 1024, height: 768 },
  desktop: { width: 1440, height: 900 },
};

/** A folder for pictures, build/shots/<name>. */
export function shotsFolder(name) {
  const folder = join(here, "../../../build/shots", name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Starts the development server with the mock; `url` is its origin. */
export async function mockServer() {
  const server = await createServer({ root: join(here, "../.."), mode: "mock", logLevel: "error", server: { port: 0, host: "127.0.0.1" } });
  await server.listen();
  return { url: server.resolvedUrls.local[0].replace(/\/$/, ""), close: () => server.close() };
}

/** Violations of axe's WCAG 2.0-2.2 A/AA and best-practice rules, one line each. */
export async function axe(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
}

/** Pixels by which the page is wider than the window. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Buttons and links smaller than `min` in either direction, as "name WxH". */
export function smallTargets(page, min, within = "body") {
  return page.evaluate(([least, root]) =>
    [...document.querySelectorAll(`${root} :is(button, a[href], [role=button])`)]
      .map((el) => ({ el, box: el.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < least || box.height < least))
      .map(({ el, box }) => `${el.getAttribute("aria-label") ?? el.textContent} ${Math.round(box.width)}x${Math.round(box.height)}`), [min, within]);
}

/** Boxes of all the room's tools, to be compared between states. */
export const toolBoxes = (page) =>
  page.evaluate(() => [...document.querySelectorAll(".room-tools .tool")].map((el) => {
    const b = el.getBoundingClientRect();
    return [b.x, b.y, b.width, b.height].map(Math.round).join(" ");
  }));
