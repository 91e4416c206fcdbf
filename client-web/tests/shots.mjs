// SPDX-License-Identifier: Apache-2.0
//
// Draws every screen (sizes, themes, languages) against the made-up world, and checks each: axe-core
// without violations, targets, one main button, no sideways scroll, no message on the console. Pictures
// go to build/shots. The pages must have been built.
//   npm run shots                 everything
//   npm run shots -- quick        one view of each screen, in turn phone, tablet, desktop
//   npm run shots -- board log    only screens whose name begins so
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { mains, sideways, targets, untranslated } from './checks.mjs';
import { SCENES } from './scenes.mjs';

const args = process.argv.slice(2);
const quick = args.includes('quick');
const only = args.filter((a) => a !== 'quick');
const out = new URL('../../build/shots/', import.meta.url).pathname;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const SIZES = { phone: [360, 740], tablet: [1024, 768], desktop: [1440, 900] };
const ALL = Object.keys(SIZES).flatMap((size) => ['light', 'dark'].flatMap((theme) => ['ru', 'en'].map((lang) => ({ size, theme, lang }))));
const QUICK = [{ size: 'phone', theme: 'light', lang: 'ru' }, { size: 'tablet', theme: 'dark', lang: 'en' }, { size: 'desktop', theme: 'light', lang: 'ru' }];

mkdirSync(out, { recursive: true });
const server = await preview({ mode: 'mock', preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
const base = `http://127.0.0.1:${server.httpServer.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
let views = 0;
const faults = [];
const blame = (...list) => list.forEach((f) => { faults.push(f); console.log(f); });

async function open(scene, { size, theme, lang, width, bypassCSP = false, pseudo = false }) {
    const [w, h] = SIZES[size];
    const context = await browser.newContext({
        viewport: { width: width ?? w, height: h }, colorScheme: theme, locale: lang === 'ru' ? 'ru-RU' : 'en-GB', reducedMotion: 'reduce',
        deviceScaleFactor: size === 'phone' ? 2 : 1, hasTouch: size !== 'desktop', bypassCSP,
    });
    await context.addCookies(Object.entries({ mock: scene.who, scene: scene.scene, locale: lang }).filter(([, v]) => v).map(([name, value]) => ({ name, value, url: base })));
    if (pseudo) await context.addInitScript(() => { localStorage.setItem('parta.lang', 'pseudo'); });
    const page = await context.newPage();
    const said = [];
    page.on('pageerror', (e) => said.push(`threw: ${e.message}`));
    page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !/status of (400|401|404|409|412|503)/.test(m.text())) said.push(`console: ${m.text()}`); });
    const strings = new Set(['Parta']);
    page.on('response', (r) => {
        if (!r.url().includes('/api/')) return;
        r.json().then((body) => JSON.stringify(body, (_k, v) => { if (typeof v === 'string' && /\p{L}/u.test(v)) strings.add(v); return v; }), () => undefined);
    });
    await page.goto(base + scene.at, { waitUntil: 'load' });
    await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.loading, [aria-busy]'), undefined, { polling: 100 });
    await page.waitForTimeout(150);
    await page.evaluate(() => document.fonts.ready);
    if (scene.act) { await scene.act(page); await page.waitForTimeout(250); }
    return { page, context, said, strings };
}

async function check(scene, view) {
    const label = `${scene.name} ${view.size} ${view.theme} ${view.lang}`;
    const { page, context, said } = await open(scene, view);
    const add = (list) => blame(...list.map((f) => `${label}: ${f}`));
    await page.screenshot({ path: `${out}${label.replaceAll(' ', '-')}.png` });
    add(await page.evaluate(sideways));
    add(await page.evaluate(targets));
    add(await page.evaluate(mains));
    await page.locator('[data-live-announcer] [role=img]').waitFor({ state: 'detached' }); // what was spoken has been spoken
    await page.evaluate(axe);
    const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), AXE);
    add(violations.map((v) => `axe ${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 120)).join(' | ')}`));
    add(said);
    views++;
    await context.close();
}

/** 320 px wide, text spacing of WCAG 1.4.12 and text of 200 %, in the longer language. */
async function narrow(scene) {
    const view = { size: 'phone', theme: 'light', lang: 'ru' };
    const at320 = await open(scene, { ...view, width: 320 });
    blame(...(await at320.page.evaluate(sideways)).map((f) => `${scene.name} 320: ${f}`));
    await at320.context.close();
    if (quick) return;
    const spaced = await open(scene, { ...view, bypassCSP: true });
    await spaced.page.addStyleTag({ content: '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}' });
    blame(...(await spaced.page.evaluate(sideways)).map((f) => `${scene.name} text spacing: ${f}`));
    await spaced.context.close();
}

async function everyWord(scene) {
    if (scene.act && !scene.name.startsWith('signin')) return; // what is pressed is found by its words
    const { page, context, strings } = await open(scene, { size: 'desktop', theme: 'light', lang: 'en', pseudo: true });
    blame(...(await page.evaluate(untranslated, [...strings])).map((f) => `${scene.name} pseudo: ${f}`));
    await context.close();
}

const scenes = SCENES.filter((s) => only.length === 0 || only.some((o) => s.name.startsWith(o)));
for (const [i, scene] of scenes.entries()) {
    for (const view of quick ? [QUICK[i % QUICK.length]] : ALL) {
        await check(scene, view).catch((e) => blame(`${scene.name} ${view.size} ${view.theme} ${view.lang}: ${e.message.split('\n')[0]}`));
    }
    await narrow(scene).catch((e) => blame(`${scene.name} narrow: ${e.message.split('\n')[0]}`));
    await everyWord(scene).catch((e) => blame(`${scene.name} pseudo: ${e.message.split('\n')[0]}`));
}
await browser.close();
await server.close();
console.log(`${views} views, ${faults.length} faults; pictures in build/shots`);
process.exit(faults.length > 0 || views === 0 ? 1 : 0);
