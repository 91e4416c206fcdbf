// SPDX-License-Identifier: Apache-2.0
//
// One request, one answer. `scene` asks for a special state of a screen: empty, failing, refused.
import type { Locale, Me } from '../../src/core/api.gen.ts';
import { accounts, openAccounts } from './accounts.ts';
import { attendance } from './attendance.ts';
import { board } from './board.ts';
import { noShow } from './noshow.ts';
import { calendars } from './calendars.ts';
import { consents } from './consents.ts';
import { imported } from './import.ts';
import { day } from './day.ts';
import { figures } from './figures.ts';
import { hiring } from './hiring.ts';
import { childLog } from './log.ts';
import { me, NOW, people } from './people.ts';
import { pathTest, pathTests } from './path.ts';
import { approvals, candidates, catalogue, childProgrammes, weeklyHours, withoutMentor, withoutPeers } from './programme.ts';
import { plans } from './plan.ts';
import { childMarks, markChanges, sheet, sheetDeliveries, sheets } from './marks.ts';
import { deliveries, timesheet, wellbeing } from './reportflow.ts';
import { report, reports } from './reports.ts';
import { retention } from './retention.ts';
import { webhooks } from './webhooks.ts';
import { weekAnswer } from './week.ts';
import { series } from './series.ts';
import { events } from './events.ts';
import { sections } from './sections.ts';
import { intake } from './intake.ts';
import { children, conflict, lessonFull, mentors, timetable } from './timetable.ts';

export interface Ask { method: string; url: URL; who: string | null; scene: string; locale: Locale; body: Record<string, unknown> }
export interface Reply { status: number; body?: unknown; type?: string; etag?: string; who?: string | null }

export const ok = (body: unknown, more: Partial<Reply> = {}): Reply => ({ status: 200, body, ...more });
export const refuse = (status: number, code: string, more: object = {}): Reply => ({ status, body: { error: { code, ...more } } });

const changes: Partial<Me> = {};

function signIn({ body, locale }: Ask): Reply {
    const role = body.code === '417302' ? 'child' : body.password === 'parta' ? String(body.login)
        : String(body.link ?? '').startsWith('demo-') ? String(body.link).slice(5).replace(/-.*/, '') : null;
    if (body.login === 'second' && !body.second) return refuse(401, 'need_code');
    const person = role ? me(role, locale, changes) : null;
    return person && role ? ok(person, { who: role }) : refuse(401, 'bad_sign_in');
}

function lessons(ask: Ask): Reply {
    const [, , idText = '', what] = ask.url.pathname.split('/');
    const id = Number(idText) || 699;
    if (what === 'attendance') return ok(attendance(ask, id));
    if (what === 'note' || what === 'confirmation') return ok({ ...ask.body, at: NOW, by: people(ask.locale)('anna'), answer_by: NOW });
    const taken = typeof ask.body.time === 'string' && ask.body.time.endsWith(':00');
    if (ask.method === 'POST' && taken) return refuse(409, 'conflict', conflict(ask.locale));
    return ok(lessonFull(ask, id), { etag: '"v1"' });
}

export function answer(ask: Ask): Reply {
    const { method, url, who, locale } = ask;
    const path = url.pathname;
    if (ask.scene === 'down') return refuse(503, 'unavailable');
    if (path === '/centre') return ok({ name: 'Parta', phone: '8 800 555-10-12', locales: ['ru', 'en'], demo: true });
    if (path === '/session' && method === 'POST') return signIn(ask);
    const open = openAccounts(ask);
    if (open) return open;
    const person = who ? me(who, locale, changes) : null;
    if (!person || !who) return refuse(401, 'no_login');
    if (path === '/session') return method === 'DELETE' ? { status: 204, who: null } : ok(person);
    const account = accounts(ask);
    if (account) return account;
    const kept = retention(ask);
    if (kept) return kept;
    const hooked = webhooks(ask);
    if (hooked) return hooked;
    if (path === '/me' && method === 'PATCH') return ok(Object.assign(person, Object.assign(changes, ask.body)));
    if (path === '/me/day' && ask.scene === 'day-down') return refuse(503, 'unavailable');
    if (path === '/me/day') return ok(day(ask));
    if (path === '/board') return ok(board(ask));
    const missed = noShow(ask);
    if (missed) return missed;
    if (path === '/timetable') return ok(timetable(ask));
    if (path.startsWith('/plans')) return plans(ask);
    const repeated = series(ask);
    if (repeated) return repeated;
    const ofWeek = weekAnswer(ask);
    if (ofWeek) return ofWeek;
    if (path.endsWith('.pdf') && path.startsWith('/events/')) return ok('%PDF-1.4', { type: 'application/pdf' });
    const ofEvents = events(ask);
    if (ofEvents) return ofEvents;
    if (path === '/imports') return ok(imported(ask));
    if (path === '/children') return ok(children(ask));
    if (path === '/programmes') return ok(catalogue(ask));
    if (path === '/programme-approvals') return ok(approvals(ask));
    if (path === '/children-without-mentor') return ok(withoutMentor(ask));
    if (path === '/children-without-peers') return ok(withoutPeers(ask));
    if (/^\/children\/\d+\/programme$/.test(path)) return ok(childProgrammes(ask));
    if (/^\/children\/\d+\/candidates$/.test(path)) return ok(candidates(ask));
    if (path.endsWith('/assignments') && ask.scene === 'taken') return refuse(409, 'gate', { gate: 'one_lead' });
    if (path.endsWith('/hours')) return ok(weeklyHours(ask));
    if (path === '/mentors') return ok(mentors(ask));
    const ofSchool = calendars(ask);
    if (ofSchool) return ofSchool;
    const hired = hiring(ask);
    if (hired) return hired;
    if (path.endsWith('/mark-changes')) return ok(markChanges(ask));
    if (/^\/children\/\d+\/marks$/.test(path)) return ok(childMarks(ask));
    if (path === '/mark-sheets') return ok(sheets(ask));
    if (path === '/mark-sheet-acknowledgements') return ok({ acknowledged: (ask.body.sheets as string[]).length });
    if (path === '/mark-sheet-deliveries') return ok(sheetDeliveries(ask));
    if (/^\/mark-sheets\/[0-9-]+(\/\w+)?$/.test(path)) return ok(sheet(ask), { etag: '"v2"' });
    if (path.startsWith('/lessons')) return lessons(ask);
    if (/^\/children\/\d+\/log$/.test(path)) return ok(childLog(ask));
    if (/^\/(sections|providers|section-visits|section-clashes|choices|children\/\d+\/choice)/.test(path)) return sections(ask);
    if (/^\/children\/\d+\/consents/.test(path)) return consents(ask);
    if (path.endsWith('/confirmations')) return ok({ confirmed: (ask.body.lessons as number[]).length });
    if (path === '/reports') return ok(reports(ask));
    if (path.endsWith('.csv') || path.endsWith('.xlsx')) return ok('no,date\r\n', { type: 'text/csv' });
    if (path.endsWith('.pdf')) return ok('%PDF-1.4', { type: 'application/pdf' });
    if (path.endsWith('/wellbeing')) return wellbeing(ask);
    if (path.startsWith('/reports/')) return ok(report(ask), { etag: '"v1"' });
    if (path === '/deliveries') return ok(deliveries(ask));
    if (path === '/report-acknowledgements') return ok({ acknowledged: (ask.body.reports as string[]).length });
    if (path === '/timesheet') return ok(timesheet(ask));
    const counted = figures(ask);
    if (counted) return counted;
    if (path.startsWith('/reports/')) return ok(report(ask));
    const ofIntake = intake(ask);
    if (ofIntake) return ofIntake;
    if (path === '/me/path-tests') return ok(pathTest(ask));
    if (path === '/path-tests') return ok(pathTests(ask));
    if (/^\/me\/(help|not-today|ready)$/.test(path)) return ok({ at: NOW, coordinator: people(locale)('irina') });
    return refuse(404, 'not_found');
}
