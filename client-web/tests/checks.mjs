// SPDX-License-Identifier: Apache-2.0
//
// What is asked of every drawn screen. Each function runs in the page and answers with faults in words.

/** Something wider than the window, or a page that scrolls sideways. */
export function sideways() {
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over <= 0) return [];
    const wide = [...document.querySelectorAll('body *')].filter((e) => {
        const r = e.getBoundingClientRect();
        return r.width > 0 && r.right > innerWidth + 1 && getComputedStyle(e).position !== 'fixed';
    });
    return [`scrolls sideways by ${over} px at ${innerWidth}: ${wide.slice(0, 3).map((e) => e.className || e.tagName).join(' | ')}`];
}

/** Targets smaller than the density allows; a link inside a sentence is exempt. */
export function targets() {
    const least = document.documentElement.dataset.density === 'child' ? 44 : 24;
    const all = document.querySelectorAll('button, a[href], input, select, textarea, [role="radio"], label.choice-item');
    return [...all].filter((e) => {
        const s = getComputedStyle(e);
        const r = e.getBoundingClientRect();
        if (s.visibility === 'hidden' || r.width <= 1 || r.height <= 1 || e.closest('[inert], [aria-hidden="true"], .spoken')) return false;
        if (e.closest('label') && e.tagName === 'INPUT') return false; // its label is the target
        if (e.tagName === 'A' && s.display === 'inline') return false;
        if (e.matches('.code-boxes input')) return r.height < 44 || r.width < Math.min(least, 36);
        if (e.matches('.day-block')) return r.height < 24 || r.width < 24; // as high as the lesson is long
        if (e.matches('.office-skip')) return false;
        return r.height < least - 0.5 || r.width < Math.min(least, 44) - 0.5;
    }).map((e) => `target too small: ${e.className} "${(e.textContent || e.getAttribute('aria-label') || '').slice(0, 30)}" ${Math.round(e.getBoundingClientRect().width)}x${Math.round(e.getBoundingClientRect().height)}`);
}

/** More than one filled button where a person looks: in the sheet if one is open, else on the page. */
export function mains() {
    const root = document.querySelector('[role="dialog"]') ?? document;
    const n = root.querySelectorAll('.button.main').length;
    return n > 1 ? [`${n} main buttons`] : [];
}

/** Text that did not come from the catalogue (pseudo-language only): letters outside the brackets that no answer of the API said. */
export function untranslated(known) {
    const names = [...known].sort((a, b) => b.length - a.length);
    const dates = /\b(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?\b|\b(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b/g;
    const found = new Set();
    const clean = (text) => {
        let rest = text.replace(/⟦[^⟧]*⟧/g, '');
        for (const name of names) rest = rest.replaceAll(name, '');
        return rest.replace(dates, '').replace(/\band\b/g, '');
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (parent.closest('script, style, [lang="ru"], [lang="en"], .code-cell, .door-code')) continue;
        if (/\p{L}/u.test(clean(walk.currentNode.data))) found.add(walk.currentNode.data);
    }
    for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
        for (const name of ['aria-label', 'title', 'placeholder']) {
            const v = e.getAttribute(name);
            if (v && /\p{L}/u.test(clean(v))) found.add(`${name}: ${v}`);
        }
    }
    return [...found].map((t) => `not translated: "${t}"`);
}
