// SPDX-License-Identifier: Apache-2.0
import type { Choice, ChoiceItem, Section, SectionClashes, SectionGroup, Visit } from '../../src/core/api.gen.ts';
import { type Ask, ok, type Reply } from './answer.ts';
import { at, MINUTE, people, YEKB } from './people.ts';

const group = (id: number, name: string, weekday: number, time: string, taken: number, capacity = 8, waiting = 0): SectionGroup =>
    ({ id, name, capacity, taken, waiting, slots: [{ weekday, time, minutes: 60 }] });

function catalogue(locale: 'ru' | 'en'): Section[] {
    const say = (ru: string, en: string): string => (locale === 'ru' ? ru : en);
    const provider = { id: 90, name: say('Дом творчества', 'House of Arts'), phone: '+7 343 000-00-00' };
    const base = { provider, leader: say('Нина Шах', 'Nina Shah'), place: say('ул. Мира, 5', '5 Mira St'), online: false, paper_needed: false, open: true, age_from: 7, age_to: 12, travel_minutes: 30, tz: YEKB };
    return [
        { ...base, id: 1, kind: 'music', title: say('Флейта', 'Flute'), groups: [group(11, 'A', 3, '15:00', 8, 8, 2), group(12, 'B', 5, '15:00', 5)] },
        { ...base, id: 2, kind: 'science', title: say('Шахматы', 'Chess'), online: true, travel_minutes: 0, place: '', groups: [group(21, 'A', 4, '17:00', 3)] },
        { ...base, id: 3, kind: 'sport', title: say('Плавание', 'Swimming'), paper_needed: true, groups: [group(31, 'A', 1, '16:00', 8)] },
        { ...base, id: 4, kind: 'art', title: say('Лепка', 'Clay'), open: false, groups: [group(41, 'A', 2, '14:00', 2)] },
    ];
}

const lesson = { id: 722, subject: 'maths', start: at(25, '14:00', 5), end: at(25, '14:40', 5) } as const;
const clashes = [{ lesson, rule: 'section_gap', limit: 60, value: 20, meeting: at(25, '15:00', 5) }] as const;

function choice({ locale, scene }: Ask): Choice {
    const [flute, chess, swim] = catalogue(locale) as [Section, Section, Section];
    const item = (id: number, section: Section, more: Partial<ChoiceItem>): ChoiceItem =>
        ({ id, section, group: section.groups[0]?.id ?? 0, state: 'active', rank: null, offer_to: null, faults: [], clashes: [], proposals: [], ...more });
    return {
        child: people(locale)('misha'), tz: YEKB, least: 2, most: 3, count_fault: scene === 'empty' ? 'choice_few' : null,
        choices: scene === 'empty' ? [] : [
            item(1, flute, { faults: ['choice_clash'], clashes: [...clashes], proposals: flute.groups.slice(1) }),
            item(2, chess, { state: 'offered', offer_to: at(26, '12:00', 5) }),
            item(3, swim, { state: 'wished', faults: ['choice_paper', 'choice_uninformed'] }),
        ],
    };
}

function visits({ locale }: Ask): Visit[] {
    const p = people(locale);
    const visit = (id: number, kind: Visit['kind'], day: number, attended: boolean | null, names: ('misha' | 'sofia')[]): Visit =>
        ({ id, section: 1, kind, start: at(day, '15:00', 5), end: at(day, '15:00', 5) + 45 * MINUTE, visitors: names.map((n) => ({ child: p(n), attended })) });
    return [visit(5, 'talk', 18, true, ['misha']), visit(6, 'tour', 20, null, ['sofia']), visit(7, 'trial', 27, null, [])];
}

/** /sections, /section-visits, /section-clashes, /choices and /children/{child}/choice */
export function sections(ask: Ask): Reply {
    const { url, locale, scene } = ask;
    const path = url.pathname;
    const list = catalogue(locale);
    const open: SectionClashes = { clashes: scene === 'empty' ? [] : [{ choice: 1, child: people(locale)('misha'), section: list[0] as Section, group: 11, found: at(22, '18:00', 5), clashes: [...clashes], proposals: [list[0]?.groups[1] as SectionGroup] }] };
    if (path === '/providers') return ok(ask.method === 'POST' ? { id: 92, name: String(ask.body.name), phone: '' } : { providers: scene === 'empty' ? [] : [...new Map(list.map((s) => [s.provider.id, s.provider])).values()] });
    if (path === '/sections' && ask.method === 'POST') return ok(list[0], { status: 201, etag: '"v1"' });
    if (path === '/sections') return ok({ sections: scene === 'empty' ? [] : list.filter((s) => !url.searchParams.get('online') || s.online) });
    if (path.endsWith('/visits')) return ok(ask.method === 'GET' ? { visits: visits(ask) } : visits(ask)[2]);
    if (path.startsWith('/section-visits')) return ok(visits(ask)[2]);
    if (path === '/section-clashes') return ok(open);
    if (path.startsWith('/sections/')) return ok(list[0], { etag: '"v1"' });
    return ok(choice(ask), { etag: '"v2"' });
}
