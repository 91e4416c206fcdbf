// SPDX-License-Identifier: Apache-2.0
import { withVoiceRepeats } from '../../src/core/sdp.ts';
import { describe, expect, it } from 'vitest';
import { boardAxis, ticks } from '../../src/core/board-axis.ts';
import { clipBytes } from '../../src/core/clip.ts';
import { complete, fillDigits, NO_DIGITS, setDigit } from '../../src/core/digits.ts';
import { hours, nowShare, place } from '../../src/core/grid.ts';
import { phoneHref } from '../../src/core/phone.ts';
import { parseRoute, routeAddress, type Route } from '../../src/core/route.ts';
import { addDays, addMonths, minuteOfDay, wall } from '../../src/core/wall.ts';

const MIN = 60_000;

describe('an offer', () => {
    const voice = 'm=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=rtpmap:63 red/48000/2\r\n';
    const picture = 'm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\n';

    it('asks for lost voice packets again, and for nothing else', () => {
        const out = withVoiceRepeats(`v=0\r\ns=-\r\n${voice}${picture}${voice}`);
        expect(out.match(/a=rtpmap:111 opus\/48000\/2\r\na=rtcp-fb:111 nack\r\n/g)).toHaveLength(2);
        expect(out.match(/nack/g)).toHaveLength(2);
        expect(out.replaceAll('a=rtcp-fb:111 nack\r\n', '')).toBe(`v=0\r\ns=-\r\n${voice}${picture}${voice}`);
        expect(withVoiceRepeats(out)).toBe(out);
    });
    it('without Opus stays as it is', () => {
        expect(withVoiceRepeats(`v=0\r\n${picture}m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n`)).not.toContain('nack');
    });
});

describe('addresses', () => {
    const routes: Route[] = [
        { at: 'home' }, { at: 'adult' }, { at: 'link', token: 'p4Gm1mXyq0Cq2lq1' }, { at: 'lesson', id: 501 }, { at: 'ready', lesson: null }, { at: 'ready', lesson: 7 },
        { at: 'timetable', date: null }, { at: 'timetable', date: '2026-11-23' }, { at: 'reports', month: '2026-11' }, { at: 'report', id: '12-40-3-2026-11' }, { at: 'wellbeing', id: '12-40-3-2026-11' }, { at: 'timesheet', month: '2026-11' },
        { at: 'figures', ask: {} }, { at: 'figures', ask: { from: '2026-09', to: '2026-11', by: 'mentor', school: '12', mentor: '13', subject: 'maths' } }, { at: 'figure_rows', figure: 'held', ask: { from: '2026-11' } },
        { at: 'children' }, { at: 'log', child: 40, month: null }, { at: 'log', child: 40, month: '2026-10' },
    ];
    it.each(routes)('%j survives the address bar', (route) => { expect(parseRoute(routeAddress(route))).toEqual(route); });
    it('opens a personal link under both spellings', () => { expect(parseRoute('/s/abc')).toEqual(parseRoute('/in/abc')); });
    it.each(['/lesson/0', '/lesson/x', '/lesson/1/2', '/log/1e9', '/nowhere', '/%E0%A4%A', '/in/'])('takes %s home', (address) => {
        expect(parseRoute(address)).toEqual({ at: 'home' });
    });
    it('drops a date that is none', () => { expect(parseRoute('/timetable?date=<b>')).toEqual({ at: 'timetable', date: null }); });
});

describe('the six boxes of a card', () => {
    it('takes digits one by one and gives them back', () => {
        const typed = [...'417302'].reduce((v, d, i) => setDigit(v, i, d), NO_DIGITS);
        expect(typed).toBe('417302');
        expect(complete(typed)).toBe(true);
        expect(complete(setDigit(typed, 2, ''))).toBe(false);
    });
    it('fills from a box on and drops what does not fit', () => {
        expect(fillDigits(NO_DIGITS, 0, '4173021')).toBe('417302');
        expect(fillDigits(NO_DIGITS, 4, '999')).toBe('    99');
    });
    it('ignores boxes that are not there', () => { expect(setDigit('123456', 6, '9')).toBe('123456'); expect(setDigit('123456', -1, '9')).toBe('123456'); });
});

describe('wall time', () => {
    it('reads an instant in a zone', () => {
        expect(wall(Date.UTC(2026, 10, 23, 21, 30), 'Asia/Yekaterinburg')).toEqual({ date: '2026-11-24', time: '02:30' });
        expect(minuteOfDay(Date.UTC(2026, 10, 23, 7, 12), 'Europe/Moscow')).toBe(612);
    });
    it('walks over months and years', () => {
        expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
        expect(addMonths('2026-12', 1)).toBe('2027-01');
        expect(addMonths('2026-01', -1)).toBe('2025-12');
    });
});

describe('a day as a grid', () => {
    const minute = (ms: number): number => ms / MIN;
    const l = (start: number, length: number) => ({ start: start * MIN, end: (start + length) * MIN });
    it('holds 8 to 19 and stretches for what lies outside', () => {
        expect(hours([], minute)).toEqual({ from: 8, to: 19 });
        expect(hours([l(7 * 60 + 30, 40), l(19 * 60 + 10, 40)], minute)).toEqual({ from: 7, to: 20 });
    });
    it('lays lessons that overlap side by side and lets touching ones share a lane', () => {
        const { placed, lanes } = place([l(600, 40), l(640, 40), l(620, 40)], { from: 8, to: 19 }, minute);
        expect(lanes).toBe(2);
        expect(placed.map((p) => p.lane)).toEqual([0, 1, 0]);
        expect(placed[0]?.top).toBeCloseTo(120 / 660);
    });
    it('has no now line outside the day', () => { expect(nowShare({ from: 8, to: 19 }, 7 * 60)).toBeNull(); expect(nowShare({ from: 8, to: 18 }, 13 * 60)).toBeCloseTo(0.5); });
});

it('keeps the board\'s clock still between half hours', () => {
    const now = Date.UTC(2026, 10, 23, 7, 12);
    expect(boardAxis(now)).toEqual(boardAxis(now + 17 * MIN));
    expect(ticks(boardAxis(now))).toHaveLength(4);
    expect(ticks(boardAxis(now)).every((t) => t.share >= 0 && t.share < 1)).toBe(true);
});

it('cuts text at the last whole character that fits the bytes', () => {
    expect(clipBytes('урок', 8)).toBe('урок');
    expect(clipBytes('урок', 7)).toBe('уро');
    expect(clipBytes('a😀b', 4)).toBe('a');
});

it('makes a telephone address', () => { expect(phoneHref('8 800 555-10-12')).toBe('tel:88005551012'); });
