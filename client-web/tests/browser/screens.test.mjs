// SPDX-License-Identifier: Apache-2.0
//
// Every page of every role on the real server with the demo world: phone, tablet and desktop, Russian
// and English; axe-core without violations, no small target, one main button, no sideways scroll, no
// fault in the console. Pictures go to build/shots/real.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { mains, sideways, targets } from "../checks.mjs";
import { axe, shotsFolder, SIZES } from "./mock.mjs";
import { DemoServer, launchChromium, person } from "./world.mjs";

const VIEWS = [
  { size: "phone", lang: "ru" },
  { size: "tablet", lang: "en" },
  { size: "desktop", lang: "ru" },
  { size: "phone", lang: "en" },
];
const folder = shotsFolder("real");
let server, browser;

/** The page at an address, drawn to its end. */
async function show(page, path) {
  await page.goto(server.origin + path, { waitUntil: "load" });
  await page.waitForFunction(() => document.querySelector("h1") && !document.querySelector(".loading, [aria-busy]"), undefined, { polling: 50 });
  await page.evaluate(() => document.fonts.ready);
}

/** The language of the person, and of the browser where nobody has signed in. */
const speak = (page, lang) => page.evaluate(async (locale) => {
  window.localStorage.setItem("parta.lang", locale);
  await fetch("/api/v1/me", { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ locale }) });
}, lang);

/** Looks at one page in all views; the faults found, each with where. */
async function look(page, name, path, act) {
  const faults = [];
  for (const { size, lang } of VIEWS) {
    await page.setViewportSize(SIZES[size]);
    await speak(page, lang);
    await show(page, path);
    if (act) await act(page);
    assert.match(await page.evaluate(() => document.documentElement.lang), new RegExp(`^${lang}`), name);
    await page.screenshot({ path: join(folder, `${name}-${size}-${lang}.png`) });
    const found = [
      ...(await page.evaluate(sideways)), ...(await page.evaluate(targets)), ...(await page.evaluate(mains)), ...(await axe(page)),
    ];
    faults.push(...found.map((f) => `${name} ${size} ${lang}: ${f}`));
  }
  return faults;
}

/** One role's pages; `pages` maps a name to an address or to a function that finds it. */
function role(who, link, pages) {
  test(`${who}: ${Object.keys(pages).join(", ")}`, async () => {
    const page = link ? await person(browser, server.links[link]) : await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    const faults = [];
    if (!link) await page.goto(server.origin);
    for (const [name, at] of Object.entries(pages)) {
      const [path, act] = Array.isArray(at) ? at : [at];
      faults.push(...(await look(page, `${who}-${name}`, typeof path === "function" ? await path(page) : path, act)));
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(page.faults ?? [], []);
    await page.context().close();
  });
}

const call = (page, path) => page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json(), path);
const press = (name) => async (page) => { await page.getByRole("button", { name }).first().click(); };
const thisMonth = () => new Date().toISOString().slice(0, 7);
const lastMonth = () => { const d = new Date(); d.setUTCDate(0); return d.toISOString().slice(0, 7); };
const aReport = async (page) => {
  for (const month of [lastMonth(), thisMonth()]) {
    const { items } = await call(page, `/reports?month=${month}`);
    if (items?.length) return `/reports/${items[0].id}`;
  }
  throw new Error("the demo world has no report");
};

before(async () => {
  server = await DemoServer.start();
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

role("nobody", null, { "sign-in": "/", "sign-in-adult": "/adult", "old-link": "/in/no-such-link-any-more" });
role("child", "child2", { home: "/", ready: "/ready", help: ["/", press(/Помощь|Help/)], settings: ["/", press(/Настройки|Settings/)] });
role("mentor", "mentor2", { day: "/", ready: "/ready", reports: `/reports?month=${lastMonth()}`, report: aReport });
role("coordinator", "coordinator", {
  board: "/", timetable: "/timetable", "new-lesson": ["/timetable", press(/Новый урок|New lesson/)],
  reports: `/reports?month=${lastMonth()}`, report: aReport, children: "/children",
  log: async (page) => `/log/${(await call(page, "/children?limit=1")).items[0].child.id}`,
});
role("guardian", "guardian", { log: "/", "last-month": async (page) => `/log/${(await call(page, "/session")).children[0].id}?month=${lastMonth()}` });
role("school", "school_officer", { reports: "/", report: aReport, children: "/children" });
