// SPDX-License-Identifier: Apache-2.0
//
// Sections by role, and the person with the settings. On a phone the first four stand in the bar; the
// others open as a sheet.
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Ellipsis, UserRound } from 'lucide-react';
import { useLink, useRoute } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { SettingsSheet } from '../settings/SettingsSheet.tsx';
import { IN_BAR, sectionsOf, type Section } from './sections.ts';

function SectionLink({ section: { to, at, icon: Icon, name }, onGo }: { section: Section; onGo?: () => void }) {
    const { t } = useI18n();
    const link = useLink();
    const here = useRoute().at;
    const { href, onClick } = link(to);
    return (
        <a className="office-link" href={href} onClick={(e) => { onClick(e); onGo?.(); }} aria-current={at.includes(here) ? 'page' : undefined}>
            <Icon className="icon" aria-hidden />{t(name)}
        </a>
    );
}

export function OfficeNav() {
    const { t } = useI18n();
    const me = useMe();
    const link = useLink();
    const here = useRoute().at;
    const [open, setOpen] = useState<'settings' | 'more' | null>(null);
    const sections = sectionsOf(me.role);
    const later = sections.slice(sections.length > IN_BAR + 1 ? IN_BAR : sections.length);
    const close = () => { setOpen(null); };
    return (
        <header className="office-side no-print">
            <a className="office-mark" {...link({ at: 'home' })}><Mark name={t('app.name')} /></a>
            <nav aria-label={t('common.menu')}>
                <ul>
                    {sections.map((s) => <li key={s.name} className={later.includes(s) ? 'later' : undefined}><SectionLink section={s} /></li>)}
                    {later.length > 0 && (
                        <li className="more">
                            <Button className={`office-link${later.some((s) => s.at.includes(here)) ? ' here' : ''}`} onPress={() => { setOpen('more'); }}>
                                <Ellipsis className="icon" aria-hidden />{t('nav.more')}
                            </Button>
                        </li>
                    )}
                </ul>
            </nav>
            <Button className="office-me" onPress={() => { setOpen('settings'); }}>
                <UserRound className="icon" aria-hidden />
                <span className="office-me-name"><span className="strong">{me.name}</span> <span className="quiet">{t(`role.${me.role}`)}</span></span>
                <span className="spoken">{t('nav.person')}</span>
            </Button>
            <SettingsSheet open={open === 'settings'} onClose={close} />
            <Sheet open={open === 'more'} onClose={close} title={t('common.menu')}>
                <ul className="office-later">{later.map((s) => <li key={s.name}><SectionLink section={s} onGo={close} /></li>)}</ul>
            </Sheet>
        </header>
    );
}
