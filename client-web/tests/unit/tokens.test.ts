// SPDX-License-Identifier: Apache-2.0
//
// Recomputes the contrast table from tokens.css: text needs 4.5, edges and marks 3.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../src/tokens.css', import.meta.url), 'utf8');

function block(selector: string): Record<string, string> {
    const start = css.indexOf(`${selector}{`);
    const body = css.slice(start, css.indexOf('\n}', start));
    const all: Record<string, string> = {};
    for (const [, name = '', colour = ''] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)) all[name] = colour;
    return all;
}

function luminance(hex: string): number {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
    const [hi = 0, lo = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (hi + 0.05) / (lo + 0.05);
}

const light = block(':root');
const themes = { light, dark: { ...light, ...block('[data-theme="dark"]') } };

const GROUNDS = ['paper', 'surface', 'sunken', 'raised', 'board'];
const SOFT = ['chalk', 'honey', 'brick', 'sky', 's1', 's2', 's3', 's4', 's5', 's6'];
const TEXT: [string, string][] = [
    ...['ink', 'ink-2', 'ink-3'].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
    ...['chalk', 'honey', 'brick', 'sky'].map((c): [string, string] => [`on-${c}`, c]),
    ...SOFT.map((c): [string, string] => [`${c}-ink`, `${c}-soft`]),
    ...['held', 'part', 'child', 'ours', 'none'].map((c): [string, string] => [`a-${c}-ink`, `a-${c}`]),
    ...['paper', 'surface', 'raised'].map((g): [string, string] => ['chalk-ink', g]),
    ['on-chalk', 'chalk-hover'], ['on-chalk', 'chalk-press'], ['stage-ink', 'stage'], ['ink', 'brick-soft'], ['ink', 'chalk-soft'], ['ink', 'honey-soft'],
    ['brick-ink', 'surface'], ['honey-ink', 'surface'], ['sky-ink', 'surface'],
];
const MARKS: [string, string][] = [
    ...GROUNDS.map((g): [string, string] => ['edge', g]),
    ['focus', 'focus-gap'], ['chalk', 'surface'], ['honey-edge', 'surface'],
    ...['s1', 's2', 's3', 's4', 's5', 's6'].map((s): [string, string] => [s, 'surface']),
    ['chalk', 'sunken'], ['s1', 'sunken'],
];

describe.each(Object.entries(themes))('tokens, %s', (_name, theme) => {
    const pair = (a: string, b: string): number => contrast(theme[a] ?? '', theme[b] ?? '');
    it.each(TEXT)('text %s is read on %s', (a, b) => { expect(pair(a, b)).toBeGreaterThanOrEqual(4.5); });
    it.each(MARKS)('%s is seen on %s', (a, b) => { expect(pair(a, b)).toBeGreaterThanOrEqual(3); });
});

it('computes contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 1);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});
