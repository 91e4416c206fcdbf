// SPDX-License-Identifier: Apache-2.0
//
// Sections by role, and the person with the settings.
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { CalendarDays, FileText, IdCard, Radio, Users, UserRound, type LucideIcon } from 'lucide-react';
import type { Role } from '../../core/api.gen.ts';
import type { Route } from '../../core/route.ts';
import { useLink, useRoute } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { SettingsSheet } from '../settings/SettingsSheet.tsx';

interface Section { to: Route; at: Route['at'][]; icon: LucideIcon; name: 'nav.today' | 'nav.my_day' | 'nav.timetable' | 'nav.children' | 'nav.reports' | 'nav.mentors' | 'nav.papers' }

const today: Section = { to: { at: 'home' }, at: ['home'], icon: Radio, name: 'nav.today' };
const timetable: Section = { to: { at: 'timetable', date: null }, at: ['timetable'], icon: CalendarDays, name: 'nav.timetable' };
const reports: Section = { to: { at: 'reports', month: null }, at: ['reports', 'report'], icon: FileText, name: 'nav.reports' };
const children: Section = { to: { at: 'children' }, at: ['children', 'log'], icon: Users, name: 'nav.children' };

const mentors: Section = { to: { at: 'mentors' }, at: ['mentors', 'mentor', 'can_teach'], icon: IdCard, name: 'nav.mentors' };
const papers: Section = { ...mentors, name: 'nav.papers' }; // a mentor's own file

const OFFICE = [today, timetable, children, mentors, reports];
const SECTIONS: Partial<Record<Role, Section[]>> = {
    coordinator: OFFICE,
    admin: OFFICE,
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
