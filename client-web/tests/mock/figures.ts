// SPDX-License-Identifier: Apache-2.0
//
// Made-up figures of two schools, the rows behind one, and a month as one file in its states. The
// sentences are the server's.
import type { FigureDefinition, Figures, FigureShares, FiguresBy, FiguresGroup, FiguresRow, FiguresRowPage, FiguresTable, ReportArchive } from '../../src/core/api.gen.ts';
import { ok, refuse, type Ask, type Reply } from './answer.ts';
import { at, MINUTE, NOW, people, school, type Name } from './people.ts';

type Defined = [figure: FigureDefinition['figure'], unit: FigureDefinition['unit'], ru: string, en: string, ruAbout: string, enAbout: string];
const DEFINED: Defined[] = [
    ['planned', 'lessons', 'Запланировано', 'Planned',
        'Уроки опубликованного расписания, в том числе отменённые, без перенесённых. Урок с несколькими детьми считается по разу на каждого ребёнка. Урок относится к месяцу по своей дате в часовом поясе школы ребёнка.',
        'Lessons that stand on the published schedule, cancelled ones too, without those that were moved. A lesson with several children counts once for each child. A lesson belongs to the month of its date in the zone of the child\'s school.'],
    ['ahead', 'lessons', 'Ещё впереди', 'Still ahead',
        'Запланированные уроки, которые не закончились или посещаемость которых ещё не рассчитана.',
        'Planned lessons that are not over, or whose attendance is not computed yet.'],
    ['held', 'lessons', 'Проведено', 'Held',
        'Учитель и ребёнок были на связи одновременно не меньше той доли урока, которую требует настройка центра (75 %, если не изменено).',
        'Mentor and child were connected together for at least the share of the lesson that the centre\'s setting asks for (75 % unless changed).'],
    ['partial', 'lessons', 'Проведено частично', 'Held in part',
        'На связи одновременно меньше этого, но не меньше доли для частично проведённого урока (25 %, если не изменено).',
        'Connected together for less than that, but for at least the share for a lesson held in part (25 % unless changed).'],
    ['not_held', 'lessons', 'Не проведено', 'Not held',
        'Уроки, которые закончились, не были отменены и не проведены ни полностью, ни частично. Сумма: кто-то не пришёл, технические сбои, не встретились, слишком коротко.',
        'Lessons that are over, were not cancelled, and were held neither wholly nor in part. The sum of: somebody did not come, technical failures, did not meet, too short.'],
    ['no_show', 'lessons', 'Кто-то не пришёл', 'Somebody did not come',
        'Уроки, не проведённые потому, что не пришёл ребёнок, учитель или оба, а технического сбоя не записано. Сумма трёх сторон.',
        'Lessons not held because the child, the mentor or both did not come and no technical failure is on record. The sum of the three sides.'],
    ['child_no_show', 'lessons', 'Не пришёл ребёнок', 'Child did not come',
        'Учитель был на месте; ребёнок не вошёл и не пытался войти.',
        'The mentor was there; the child neither came nor tried to.'],
    ['mentor_no_show', 'lessons', 'Не пришёл учитель', 'Mentor did not come',
        'Ребёнок был на месте; учитель не вошёл и не пытался войти.',
        'The child was there; the mentor neither came nor tried to.'],
    ['both_no_show', 'lessons', 'Не пришёл никто', 'Nobody came',
        'Не пришли ни ребёнок, ни учитель.',
        'Neither the child nor the mentor came.'],
    ['technical', 'lessons', 'Технические сбои', 'Technical failures',
        'Уроки, не проведённые из-за связи ребёнка, связи учителя или сбоя сервера. Сумма трёх.',
        'Lessons not held because the child\'s link, the mentor\'s link or the server failed. The sum of the three.'],
    ['tech_child', 'lessons', 'Сбой связи у ребёнка', 'Child\'s link failed',
        'Ребёнок пытался войти под своим именем, но связь не установилась.',
        'The child signed in and tried to come, and did not get in.'],
    ['tech_mentor', 'lessons', 'Сбой связи у учителя', 'Mentor\'s link failed',
        'Учитель пытался войти под своим именем, но связь не установилась.',
        'The mentor signed in and tried to come, and did not get in.'],
    ['tech_server', 'lessons', 'Сбой сервера', 'Server failed',
        'Сервер не работал заметную часть урока (20 %, если центр не изменил).',
        'The server was down for a considerable part of the lesson (20 % unless changed by the centre).'],
    ['no_overlap', 'lessons', 'Не встретились', 'Did not meet',
        'Пришли оба, но ни разу не одновременно.',
        'Both came, but never at the same time.'],
    ['too_short', 'lessons', 'Слишком коротко', 'Too short',
        'На связи одновременно, но меньше, чем нужно для частично проведённого урока.',
        'Connected together, but for less than a lesson held in part needs.'],
    ['cancelled', 'lessons', 'Отменено', 'Cancelled',
        'Уроки, снятые с расписания заранее. Сумма четырёх сторон.',
        'Lessons that were taken off the schedule beforehand. The sum of the four sides.'],
    ['cancelled_child', 'lessons', 'Отменено со стороны ребёнка', 'Cancelled by the child\'s side',
        'Отменено из-за ребёнка или по просьбе семьи.',
        'Cancelled for the child or its family.'],
    ['cancelled_mentor', 'lessons', 'Отменено со стороны учителя', 'Cancelled by the mentor',
        'Отменено из-за учителя.',
        'Cancelled for the mentor.'],
    ['cancelled_school', 'lessons', 'Отменено со стороны школы', 'Cancelled by the school',
        'Отменено из-за школы.',
        'Cancelled for the school.'],
    ['cancelled_centre', 'lessons', 'Отменено центром', 'Cancelled by the centre',
        'Отменено самим центром.',
        'Cancelled by the centre itself.'],
    ['moved', 'lessons', 'Перенесено', 'Moved',
        'Уроки, которым назначили другое время. Среди запланированных их нет; урок в новое время там есть.',
        'Lessons that were given another time. They are not among the planned ones; the lesson at the new time is.'],
    ['contact', 'ms', 'Время вместе', 'Contact time',
        'Время уроков, когда учитель и ребёнок были на связи одновременно, в сумме по детям. О внимании оно ничего не говорит.',
        'Time within the lessons in which mentor and child were both connected, summed over the children. It says nothing about attention.'],
    ['held_share', 'percent_tenths', 'Проведено, %', 'Held, %',
        'Проведённые уроки среди всех, чей срок настал: запланированные без тех, что ещё впереди. Округлено вниз.',
        'Held lessons out of all that are due: planned, without those still ahead. Rounded down.'],
    ['no_show_share', 'percent_tenths', 'Не пришли, %', 'Did not come, %',
        'Уроки, на которые кто-то не пришёл, среди всех, чей срок настал. Округлено вниз.',
        'Lessons to which somebody did not come, out of all that are due. Rounded down.'],
    ['technical_share', 'percent_tenths', 'Технические сбои, %', 'Technical failures, %',
        'Уроки, потерянные из-за технических сбоев, среди всех, чей срок настал. Округлено вниз.',
        'Lessons lost to technical failures, out of all that are due. Rounded down.'],
];
const definitions = (): FigureDefinition[] => DEFINED.map(([figure, unit, ru, en, ruAbout, enAbout]) => ({ figure, unit, name: { ru, en }, about: { ru: ruAbout, en: enAbout } }));

/** Of so many that are held, the rest follows. */
const counted = (held: number): Figures => ({
    planned: held + 19, ahead: 4, held, partial: 3, not_held: 8, no_show: 4, child_no_show: 2, mentor_no_show: 1, both_no_show: 1, technical: 2, tech_child: 1, tech_mentor: 0, tech_server: 1,
    no_overlap: 1, too_short: 1, cancelled: 4, cancelled_child: 2, cancelled_mentor: 1, cancelled_school: 0, cancelled_centre: 1, moved: 2, contact: held * 38 * MINUTE,
});
const shared = (f: Figures): FigureShares => {
    const due = f.planned - f.ahead;
    const of = (n: number) => (due > 0 ? Math.floor(n * 1000 / due) : null);
    return { held_share: of(f.held), no_show_share: of(f.no_show), technical_share: of(f.technical) };
};
const group = (key: string, name: string | null, held: number): FiguresGroup => ({ key, name, figures: counted(held), shares: shared(counted(held)) });

function groups(by: FiguresBy, { locale }: Ask): FiguresGroup[] {
    const p = people(locale);
    if (by === 'mentor') return (['anna', 'denisov', 'lebed'] as Name[]).map((n, i) => group(String(p(n).id), p(n).name, 120 - 31 * i));
    if (by === 'subject') return ['maths', 'language', 'reading'].map((s, i) => group(s, null, 90 - 20 * i));
    if (by === 'month') return ['2026-09', '2026-10', '2026-11'].map((m, i) => group(m, null, 88 + 7 * i));
    if (by === 'centre') return [group('1', locale === 'ru' ? 'Центр «Парта»' : 'Parta centre', 264)];
    return ([12, 31] as const).map((n, i) => group(String(n), school(locale, n).name, 140 - 40 * i));
}

function table(ask: Ask): FiguresTable {
    const params = ask.url.searchParams;
    const by = (params.get('by') ?? 'school') as FiguresBy;
    const month = params.get('from') ?? '2026-11';
    const narrow = params.get('mentor') ?? params.get('school');
    const list = ask.scene === 'empty' ? [] : groups(by, ask).filter((g) => !narrow || g.key === narrow);
    const total = Object.fromEntries(Object.keys(counted(0)).map((k) => [k, list.reduce((sum, g) => sum + g.figures[k as keyof Figures], 0)])) as unknown as Figures;
    return { from: month, to: params.get('to') ?? month, by, definitions: definitions(), groups: list, total: { figures: total, shares: shared(total) } };
}

function rows({ locale, scene }: Ask): FiguresRowPage {
    const p = people(locale);
    const kinds: FiguresRow['kind'][] = ['child_no_show', 'tech_child', 'no_overlap', 'not_held', 'teacher_no_show', 'tech_server', 'both_no_show', 'child_no_show'];
    const children: Name[] = ['misha', 'sofia', 'liza', 'timur'];
    const items: FiguresRow[] = kinds.map((kind, i) => ({
        lesson: 1001 + i, start: at(3 + 2 * i, '10:00'), end: at(3 + 2 * i, '10:40'), tz: 'Asia/Yekaterinburg', subject: i % 2 ? 'maths' : 'reading',
        mentor: p(i % 3 ? 'anna' : 'denisov'), child: p(children[i % 4] ?? 'misha'), school: school(locale), kind, contact_ms: kind === 'not_held' ? 6 * MINUTE : 0 }));
    return scene === 'empty' ? { items: [], next: null } : { items, next: '50' };
}

function archives({ locale, scene, url }: Ask): ReportArchive[] {
    const month = url.searchParams.get('month') ?? '2026-11';
    const one: ReportArchive = { id: 3, month, state: 'done', cause: 'none', asked_by: people(locale)('irina'), asked_at: NOW - 5 * MINUTE, begun_at: NOW - 5 * MINUTE, ended_at: NOW - 4 * MINUTE,
        progress: { percent: 100, ms: 41_000 }, reports: 214, accepted: 209, waiting: 5, file: { bytes: 18_300_000, until: NOW + 14 * 24 * 60 * MINUTE }, swept: false };
    if (scene === 'archive-running') return [{ ...one, state: 'running', ended_at: null, file: null, progress: { percent: 43, ms: 17_000 } }];
    if (scene === 'archive-broken-off') return [{ ...one, state: 'failed', cause: 'restart', file: null }];
    return scene === 'archive-done' ? [one] : [];
}

export function figures(ask: Ask): Reply | null {
    const path = ask.url.pathname;
    if (path.startsWith('/figures') && ask.scene === 'figures-down') return refuse(503, 'unavailable');
    if (path === '/figures') return ok(table(ask));
    if (path === '/figures/rows') return ok(rows(ask));
    if (path === '/report-archives' && ask.method === 'GET') return ok({ archives: archives(ask) });
    if (path.startsWith('/report-archives')) return { ...ok(archives({ ...ask, scene: 'archive-running' })[0]), status: 202 };
    return null;
}
