// SPDX-License-Identifier: Apache-2.0
//
// The form of an event as text fields, and what is sent of it.
import type { Event, EventChange, EventItemNew, EventKind, EventNew } from '../../core/api.gen.ts';
import { localParts } from './times.ts';

export interface ItemRow { title: string; minutes: string; who: string; name: string }
export interface Draft {
    kind: EventKind; title: string; about: string; chair: string; secretary: string; place: string; date: string; time: string; minutes: string;
    answerBy: string; agenda: ItemRow[];
}

export const emptyItem = (): ItemRow => ({ title: '', minutes: '15', who: '', name: '' });
export const emptyDraft = (): Draft => ({
    kind: 'seminar', title: '', about: '', chair: '', secretary: '', place: '', date: '', time: '', minutes: '90', answerBy: '', agenda: [],
});

export const draftOf = (e: Event): Draft => ({
    ...emptyDraft(), kind: e.kind, title: e.title, about: e.about ?? '', chair: String(e.chair.id), secretary: String(e.secretary.id), place: e.place,
    ...localParts(e.start, e.tz), minutes: String(Math.round((e.end - e.start) / 60_000)),
    agenda: e.agenda.map((i) => ({ title: i.title, minutes: String(i.minutes), who: i.speaker ? String(i.speaker.id) : i.speaker_name ? 'other' : '', name: i.speaker_name ?? '' })),
});

const itemBody = (r: ItemRow): EventItemNew => ({
    title: r.title.trim(), minutes: Number(r.minutes),
    ...(r.who === 'other' ? (r.name.trim() ? { speaker_name: r.name.trim() } : {}) : r.who ? { speaker: Number(r.who) } : {}),
});

const whole = (text: string, most: number): boolean => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most;

/** Names of the fields that still need the writer; items as `item 0`. */
export function missing(d: Draft, isNew: boolean): string[] {
    const always: (keyof Draft)[] = ['title', 'chair', 'secretary'];
    const fresh: (keyof Draft)[] = ['place', 'date', 'time'];
    const empty = [...always, ...(isNew ? fresh : [])].filter((k) => !String(d[k]).trim());
    const items = d.agenda.flatMap((r, i) => (r.title.trim() && whole(r.minutes, 480) ? [] : [`item ${i}`]));
    return [...empty, ...(isNew && !whole(d.minutes, 480) ? ['minutes'] : []), ...items];
}

export const changeBody = (d: Draft): EventChange => ({
    kind: d.kind, title: d.title.trim(), about: d.about.trim(), chair: Number(d.chair), secretary: Number(d.secretary), agenda: d.agenda.map(itemBody),
    ...(d.answerBy ? { answer_by: d.answerBy } : {}),
});

export const newBody = (d: Draft): EventNew => ({ ...changeBody(d), place: d.place.trim(), date: d.date, time: d.time, minutes: Number(d.minutes) });
