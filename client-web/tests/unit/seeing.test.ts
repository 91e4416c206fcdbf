// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { Seeing, STARVED_MS, type Sight } from '../../src/core/seeing.ts';

const sees = (pictures: number | null, expected = true): Sight => ({ expected, pictures });

/** Looks every second; answers with the seconds at which the camera is to be taken anew. */
function taken(seeing: Seeing, looks: (second: number) => Sight, seconds: number): number[] {
    return Array.from({ length: seconds }, (_, s) => s).filter((s) => seeing.look(looks(s), s * 1000));
}

describe('a camera that gives no pictures', () => {
    test('is left alone while they come, however slowly', () => {
        expect(taken(new Seeing(), (s) => sees(Math.floor(s / 2)), 120)).toEqual([]);
    });

    test('is taken anew when none ever came', () => {
        expect(taken(new Seeing(), () => sees(0), 6)).toEqual([STARVED_MS / 1000]);
    });

    test('is taken anew when they have stopped', () => {
        expect(taken(new Seeing(), (s) => sees(Math.min(25 * s, 250)), 16)).toEqual([10 + STARVED_MS / 1000]);
    });

    test('is asked ever more rarely where that is no help, and as at first once it was', () => {
        const seeing = new Seeing();
        expect(taken(seeing, () => sees(0), 60)).toEqual([4, 12, 28]);
        seeing.look(sees(1), 60_000);
        expect(Array.from({ length: 6 }, (_, s) => seeing.look(sees(1), 61_000 + s * 1000)).indexOf(true)).toBe(3);
    });

    test('is not blamed while the system mutes it or the page is hidden, nor for the time before', () => {
        const seeing = new Seeing();
        expect(taken(seeing, (s) => sees(7, s > 20), 24)).toEqual([]);
        expect(taken(seeing, () => sees(null), 60)).toEqual([]); // a browser that does not count
    });
});
