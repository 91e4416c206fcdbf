// SPDX-License-Identifier: Apache-2.0
import type { Animal, Me, Person, Role, School } from '../../src/core/api.gen.ts';

export const TZ = 'Europe/Moscow';
export const YEKB = 'Asia/Yekaterinburg';
/** Monday 23 November 2026, 10:12 in Moscow */
export const NOW = Date.UTC(2026, 10, 23, 7, 12);
export const MINUTE = 60_000;

/** Clock time of a day of November 2026 in a zone that is `offset` hours ahead of UTC. */
export const at = (day: number, clock: string, offset = 3): number => {
    const [h = 0, m = 0] = clock.split(':').map(Number);
    return Date.UTC(2026, 10, day, h - offset, m);
};

type Names = [ru: string, given: string, en: string, enGiven: string];
const person = (id: number, animal: Animal, n: Names) => (locale: 'ru' | 'en'): Person =>
    ({ id, name: locale === 'ru' ? n[0] : n[2], given: locale === 'ru' ? n[1] : n[3], animal });

const PEOPLE = {
    irina: person(2, 'owl', ['Ирина Белова', 'Ирина', 'Irina Belova', 'Irina']),
    anna: person(12, 'owl', ['Анна Сергеева', 'Анна Сергеевна', 'Anna Sergeeva', 'Anna Sergeevna']),
    denisov: person(13, 'bear', ['Павел Денисов', 'Павел Ильич', 'Pavel Denisov', 'Pavel Denisov']),
    lebed: person(14, 'fox', ['Ольга Лебедь', 'Ольга Павловна', 'Olga Lebed', 'Olga Lebed']),
    novik: person(15, 'owl', ['Ксения Новик', 'Ксения Андреевна', 'Ksenia Novik', 'Ksenia Novik']),
    orlova: person(16, 'bear', ['Елена Орлова', 'Елена Викторовна', 'Elena Orlova', 'Elena Orlova']),
    shah: person(17, 'fox', ['Нина Шах', 'Нина Рашидовна', 'Nina Shah', 'Nina Shah']),
    misha: person(40, 'fox', ['Миша Рыбаков', 'Миша', 'Misha Rybakov', 'Misha']),
    sofia: person(41, 'owl', ['Софья Климова', 'Софья', 'Sofia Klimova', 'Sofia']),
    liza: person(42, 'bear', ['Лиза Морозова', 'Лиза', 'Liza Morozova', 'Liza']),
    timur: person(44, 'fox', ['Тимур Ахметов', 'Тимур', 'Timur Akhmetov', 'Timur']),
    egor: person(45, 'bear', ['Егор Тихонов', 'Егор', 'Egor Tikhonov', 'Egor']),
    vera: person(46, 'owl', ['Вера Носова', 'Вера', 'Vera Nosova', 'Vera']),
    anya: person(47, 'fox', ['Аня Волкова', 'Аня', 'Anya Volkova', 'Anya']),
    daniil: person(48, 'bear', ['Даниил Сомов', 'Даниил', 'Daniil Somov', 'Daniil']),
    mother: person(60, 'owl', ['Ольга Рыбакова', 'Ольга Ивановна', 'Olga Rybakova', 'Olga Rybakova']),
    officer: person(70, 'owl', ['Вера Петрова', 'Вера Петровна', 'Vera Petrova', 'Vera Petrova']),
};
export type Name = keyof typeof PEOPLE;
export const people = (locale: 'ru' | 'en') => (name: Name): Person => PEOPLE[name](locale);

export const school = (locale: 'ru' | 'en', n: 12 | 31 = 12): School => ({
    id: n,
    name: locale === 'ru' ? `Школа № ${n}, ${n === 12 ? 'Екатеринбург' : 'Москва'}` : `School ${n}, ${n === 12 ? 'Yekaterinburg' : 'Moscow'}`,
    tz: n === 12 ? YEKB : TZ,
});

const ROLE_OF: Record<string, [Name, string]> = {
    child: ['misha', YEKB], guardian: ['mother', YEKB], mentor: ['anna', TZ], coordinator: ['irina', TZ], school_officer: ['officer', YEKB], admin: ['irina', TZ],
};

export function me(role: string, locale: 'ru' | 'en', changes: Partial<Me>): Me | null {
    const entry = ROLE_OF[role];
    if (!entry) return null;
    const p = people(locale);
    return {
        ...p(entry[0]), role: role as Role, roles: [role as Role], locale, tz: entry[1], theme: 'system', hand: 'right',
        children: role === 'guardian' ? [p('misha')] : [],
        centre: { id: 1, name: locale === 'ru' ? 'Центр «Парта»' : 'Parta centre', phone: '8 800 555-10-12', tz: TZ, coordinator: p('irina') },
        now: role === 'child' ? at(23, '9:52', 5) : NOW, demo: true, ...changes,
    };
}
