// SPDX-License-Identifier: Apache-2.0
//
// The day line: the sun walks along an arc, lessons are rings on it. Pure geometry in the units of a
// box; the drawing is ui/DayLine.
export interface DayLesson { start: number; end: number }
export interface Box { width: number; height: number }
export interface Point { x: number; y: number }
export interface Ring extends Point { index: number; label: Point }
export interface DayLine { rings: Ring[]; sun: Point; /** SVG paths: walked already, still ahead */ past: string; ahead: string }

const AROUND = 100 * 60_000; // before the first lesson and after the last
const SIDE = 40; // free on both sides
const TOP = 58;
const FOOT = 26; // the meadow
const LABEL_WIDTH = 42;
const LABEL_RISE = 26;

/** Where an instant stands on the way from the left end (0) to the right end (1). */
export function dayShare(lessons: readonly DayLesson[], now: number): number {
    const from = Math.min(...lessons.map((l) => l.start)) - AROUND;
    const to = Math.max(...lessons.map((l) => l.end)) + AROUND;
    if (!lessons.length) return 0.5;
    return Math.min(1, Math.max(0, (now - from) / (to - from)));
}

function curve(box: Box): (share: number) => Point {
    const base = box.height - FOOT;
    const rise = base - TOP;
    return (u) => ({ x: SIDE + u * (box.width - 2 * SIDE), y: base - rise * 4 * u * (1 - u) });
}

/** A parabola between two shares is one quadratic Bezier curve: its control point lies where the tangents meet. */
function path(at: (share: number) => Point, from: number, to: number): string {
    const a = at(from);
    const b = at(to);
    const m = at((from + to) / 2);
    const cy = 2 * m.y - (a.y + b.y) / 2;
    const n = (v: number): string => v.toFixed(1);
    return `M${n(a.x)} ${n(a.y)}Q${n((a.x + b.x) / 2)} ${n(cy)} ${n(b.x)} ${n(b.y)}`;
}

/** Moves labels apart, left to right and back, until none touches another or leaves the box. */
function spread(rings: Ring[], width: number): void {
    for (let round = 0; round < 8; round++) {
        for (let i = 1; i < rings.length; i++) {
            const a = rings[i - 1]!.label;
            const b = rings[i]!.label;
            const lack = LABEL_WIDTH - (b.x - a.x);
            if (lack > 0) { a.x -= lack / 2; b.x += lack / 2; }
        }
        for (const { label } of rings) label.x = Math.min(width - LABEL_WIDTH / 2, Math.max(LABEL_WIDTH / 2, label.x));
    }
}

/** Lays out a day. Labels stand above their rings, moved aside where two would touch. */
export function dayLine(lessons: readonly DayLesson[], now: number, box: Box): DayLine {
    const at = curve(box);
    const share = dayShare(lessons, now);
    const rings: Ring[] = [];
    lessons.forEach((lesson, index) => {
        const p = at(dayShare(lessons, lesson.start));
        rings.push({ ...p, index, label: { x: p.x, y: p.y - LABEL_RISE } });
    });
    spread(rings, box.width);
    return { rings, sun: at(share), past: path(at, 0, share), ahead: path(at, share, 1) };
}
