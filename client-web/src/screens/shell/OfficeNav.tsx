// SPDX-License-Identifier: Apache-2.0
//
// Sections by role, and the person with the settings.
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { BookOpenCheck, CalendarDays, FileText, Radio, Users, UserRound, type LucideIcon } from 'lucide-react';
import { CalendarDays, Clock4, FileText, Radio, Users, UserRound, type LucideIcon } from 'lucide-react';
import { CalendarDays, FileText, Radio, Users, UserRound, UsersRound, type LucideIcon } from 'lucide-react';
import { CalendarDays, FileText, Radio, Shapes, Users, UserRound, type LucideIcon } from 'lucide-react';
import { CalendarDays, ClipboardList, FileText, FolderOpen, Inbox, Radio, Users, UserRound, type LucideIcon } from 'lucide-react';
import { CalendarDays, FileText, IdCard, Radio, Users, UserRound, type LucideIcon } from 'lucide-react';
import type { Role } from '../../core/api.gen.ts';
import type { Route } from '../../core/route.ts';
import { useLink, useRoute } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { SettingsSheet } from '../settings/SettingsSheet.tsx';

interface Section { to: Route; at: Route['at'][]; icon: LucideIcon; name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.programmes' | 'nav.reports' }

const today: Section = { to: { at: 'home' }, at: ['home'], icon: Radio, name: 'nav.today' };
const timetable: Section = { to: { at: 'timetable', date: null }, at: ['timetable', 'week', 'draft', 'plan'], icon: CalendarDays, name: 'nav.timetable' };
const reports: Section = { to: { at: 'reports', month: null }, at: ['reports', 'report'], icon: FileText, name: 'nav.reports' };
interface Section { to: Route; at: Route['at'][]; icon: LucideIcon; name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'nav.timesheet' }
interface Section { to: Route; at: Route['at'][]; icon: LucideIcon; name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'accounts.nav' }

const today: Section = { to: { at: 'home' }, at: ['home'], icon: Radio, name: 'nav.today' };
const timetable: Section = { to: { at: 'timetable', date: null }, at: ['timetable'], icon: CalendarDays, name: 'nav.timetable' };
const reports: Section = { to: { at: 'reports', month: null }, at: ['reports', 'report', 'wellbeing'], icon: FileText, name: 'nav.reports' };
const timesheet: Section = { to: { at: 'timesheet', month: null }, at: ['timesheet'], icon: Clock4, name: 'nav.timesheet' };
const children: Section = { to: { at: 'children' }, at: ['children', 'log'], icon: Users, name: 'nav.children' };
const programmes: Section = { to: { at: 'programmes' }, at: ['programmes', 'programme', 'candidates', 'hours'], icon: BookOpenCheck, name: 'nav.programmes' };
interface Section { to: Route; at: Route['at'][]; icon: LucideIcon; name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'nav.sections' }
interface Section {
    to: Route; at: Route['at'][]; icon: LucideIcon;
    name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'nav.intake' | 'nav.register' | 'nav.referrals' | 'nav.needs';
}
interface Section { to: Route; at: Route['at'][]; icon: LucideIcon; name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'nav.mentors' | 'nav.papers' }

const today: Section = { to: { at: 'home' }, at: ['home'], icon: Radio, name: 'nav.today' };
const timetable: Section = { to: { at: 'timetable', date: null }, at: ['timetable'], icon: CalendarDays, name: 'nav.timetable' };
const reports: Section = { to: { at: 'reports', month: null }, at: ['reports', 'report'], icon: FileText, name: 'nav.reports' };
const children: Section = { to: { at: 'children' }, at: ['children', 'log', 'consents', 'choices'], icon: Users, name: 'nav.children' };
const sections: Section = { to: { at: 'sections' }, at: ['sections', 'section'], icon: Shapes, name: 'nav.sections' };

const people: Section = { to: { at: 'people' }, at: ['people', 'outbox'], icon: UsersRound, name: 'accounts.nav' };

const OFFICE = [today, timetable, children, reports, people];
const SECTIONS: Partial<Record<Role, Section[]>> = {
    coordinator: [today, timetable, children, programmes, reports],
    coordinator: [...OFFICE, timesheet],
    coordinator: [today, timetable, children, sections, reports],
    admin: OFFICE,
    mentor: [{ ...today, icon: CalendarDays, name: 'nav.my_day' }, children, reports, timesheet],
    school_officer: [{ ...reports, to: { at: 'home' }, at: ['home', 'reports', 'report'] }, children],
const intake: Section = { to: { at: 'intake' }, at: ['intake', 'referral', 'referrals', 'needs'], icon: Inbox, name: 'nav.intake' };
const register: Section = { to: { at: 'register' }, at: ['register', 'case'], icon: FolderOpen, name: 'nav.register' };
const referrals: Section = { to: { at: 'referrals' }, at: ['referrals', 'referral', 'referral_new', 'case'], icon: Inbox, name: 'nav.referrals' };
const needs: Section = { to: { at: 'needs', month: null }, at: ['needs'], icon: ClipboardList, name: 'nav.needs' };

const mentors: Section = { to: { at: 'mentors' }, at: ['mentors', 'mentor', 'can_teach'], icon: IdCard, name: 'nav.mentors' };
const papers: Section = { ...mentors, name: 'nav.papers' }; // a mentor's own file

const OFFICE = [today, timetable, children, mentors, reports];
const SECTIONS: Partial<Record<Role, Section[]>> = {
    coordinator: [today, intake, register, timetable, children, reports],
    admin: OFFICE,
    mentor: [{ ...today, icon: CalendarDays, name: 'nav.my_day' }, children, reports],
    school_officer: [{ ...reports, to: { at: 'home' }, at: ['home', 'reports', 'report'] }, referrals, needs, children],
    mentor: [{ ...today, icon: CalendarDays, name: 'nav.my_day' }, children, papers, reports],
    school_officer: [{ ...reports, to: { at: 'home' }, at: ['home', 'reports', 'report'] }, children, mentors],
};

export function OfficeNav() {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const here = useRoute().at;
    const [open, setOpen] = useState(false);
    return (
        <header className="office-side no-print">
            <a className="office-mark" {...link({ at: 'home' })}><Mark name={t('app.name')} /></a>
            <nav aria-label={t('common.menu')}>
                <ul>
                    {(SECTIONS[me.role] ?? []).map(({ to, at, icon: Icon, name }) => (
                        <li key={name}><a className="office-link" {...link(to)} aria-current={at.includes(here) ? 'page' : undefined}><Icon className="icon" aria-hidden />{t(name)}</a></li>
                    ))}
                </ul>
            </nav>
            <Button className="office-me" onPress={() => { setOpen(true); }}>
                <UserRound className="icon" aria-hidden />
                <span className="office-me-name"><span className="strong">{me.name}</span> <span className="quiet">{t(`role.${me.role}`)}</span></span>
                <span className="spoken">{t('nav.person')}</span>
            </Button>
            <SettingsSheet open={open} onClose={() => { setOpen(false); }} />
        </header>
    );
}
