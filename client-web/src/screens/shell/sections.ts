// SPDX-License-Identifier: Apache-2.0
//
// Where each role finds its pages. The first four stand in a phone's bar, the others behind "More".
import {
    Award, BookOpenCheck, CalendarDays, CalendarRange, ChartColumn, ClipboardList, Clock4, FileText, FolderOpen, IdCard, Inbox, ListPlus,
    Presentation, Radio, Shapes, Users, UsersRound, type LucideIcon,
} from 'lucide-react';
import type { Role } from '../../core/api.gen.ts';
import type { Route } from '../../core/route.ts';

export interface Section {
    to: Route;
    at: Route['at'][];
    icon: LucideIcon;
    name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'nav.marks' | 'nav.mentors' | 'nav.papers'
        | 'nav.programmes' | 'nav.sections' | 'nav.timesheet' | 'nav.intake' | 'nav.register' | 'nav.referrals' | 'nav.needs' | 'nav.import'
        | 'accounts.nav' | 'calendars.nav' | 'nav.figures' | 'nav.events';
}

const today: Section = { to: { at: 'home' }, at: ['home'], icon: Radio, name: 'nav.today' };
const timetable: Section = { to: { at: 'timetable', date: null }, at: ['timetable', 'week', 'series', 'draft', 'plan'], icon: CalendarDays, name: 'nav.timetable' };
const children: Section = { to: { at: 'children' }, at: ['children', 'log', 'marks', 'consents', 'choices'], icon: Users, name: 'nav.children' };
const events: Section = { to: { at: 'events' }, at: ['events', 'event', 'event_new', 'event_edit'], icon: Presentation, name: 'nav.events' };
const reports: Section = { to: { at: 'reports', month: null }, at: ['reports', 'report', 'wellbeing'], icon: FileText, name: 'nav.reports' };
const marks: Section = { to: { at: 'sheets' }, at: ['sheets', 'sheet'], icon: Award, name: 'nav.marks' };
const timesheet: Section = { to: { at: 'timesheet', month: null }, at: ['timesheet'], icon: Clock4, name: 'nav.timesheet' };
const figures: Section = { to: { at: 'figures', ask: {} }, at: ['figures', 'figure_rows'], icon: ChartColumn, name: 'nav.figures' };
const mentors: Section = { to: { at: 'mentors' }, at: ['mentors', 'mentor', 'can_teach'], icon: IdCard, name: 'nav.mentors' };
const papers: Section = { ...mentors, at: [...mentors.at, 'hours'], name: 'nav.papers' }; // a mentor's own file
const pupils: Section = { ...children, at: [...children.at, 'programme'] }; // for whom programmes have no place of their own
const programmes: Section = { to: { at: 'programmes' }, at: ['programmes', 'programme', 'candidates', 'hours'], icon: BookOpenCheck, name: 'nav.programmes' };
const calendars: Section = { to: { at: 'calendar', school: null }, at: ['calendar'], icon: CalendarRange, name: 'calendars.nav' };
const sections: Section = { to: { at: 'sections' }, at: ['sections', 'section', 'section_new'], icon: Shapes, name: 'nav.sections' };
const intake: Section = { to: { at: 'intake' }, at: ['intake', 'referral', 'referrals', 'needs'], icon: Inbox, name: 'nav.intake' };
const register: Section = { to: { at: 'register' }, at: ['register', 'case'], icon: FolderOpen, name: 'nav.register' };
const referrals: Section = { to: { at: 'referrals' }, at: ['referrals', 'referral', 'referral_new', 'case'], icon: Inbox, name: 'nav.referrals' };
const needs: Section = { to: { at: 'needs', month: null }, at: ['needs'], icon: ClipboardList, name: 'nav.needs' };
const people: Section = { to: { at: 'people' }, at: ['people', 'outbox', 'webhooks', 'webhook', 'retention', 'retention_list'], icon: UsersRound, name: 'accounts.nav' };
const lists: Section = { to: { at: 'import' }, at: ['import'], icon: ListPlus, name: 'nav.import' };

const BY_ROLE: Partial<Record<Role, Section[]>> = {
    coordinator: [today, timetable, children, reports, marks, intake, register, programmes, calendars, mentors, sections, events, timesheet, figures, people, lists],
    admin: [today, timetable, children, reports, people],
    mentor: [{ ...today, icon: CalendarDays, name: 'nav.my_day' }, pupils, papers, reports, marks, events, timesheet, figures],
    school_officer: [{ ...reports, to: { at: 'home' }, at: ['home', 'reports', 'report'] }, referrals, needs, pupils, marks, calendars, events, mentors, figures],
};

export const IN_BAR = 4;

export const sectionsOf = (role: Role): Section[] => BY_ROLE[role] ?? [];
