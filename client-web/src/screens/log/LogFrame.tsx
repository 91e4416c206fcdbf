// SPDX-License-Identifier: Apache-2.0
//
// The log in the frame of the reader: a family's page with help, or an office page.
import type { ReactNode } from 'react';
import { CalendarRange, ChevronLeft, ChevronRight } from 'lucide-react';
import type { ChildLog } from '../../core/api.gen.ts';
import { addMonths } from '../../core/wall.ts';
import { useRouter } from '../../hooks/useRoute.tsx';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { HelpButton } from '../help/HelpButton.tsx';
import { SettingsButton } from '../settings/SettingsButton.tsx';
import { FamilyPage } from '../shell/FamilyPage.tsx';
import { OfficePage } from '../shell/OfficePage.tsx';

export function LogFrame({ child, log, dock, children }: { child: number; log: ChildLog | null; dock: ReactNode; children: ReactNode }) {
    const { t, fmt } = useI18n();
    const me = useMe();
    const { go } = useRouter();
    const known = me.children.find((c) => c.id === child);
    const name = log?.child.given ?? known?.given;
    const title = name ? t('log.title', { name }) : t('common.my_day');
    const others = me.children.filter((c) => c.id !== child);
    const months = log && <MonthSteps log={log} />;
    const switcher = others.length > 0 && (
        <nav className="log-children" aria-label={t('log.children')}>
            {others.map((c) => <Button key={c.id} onPress={() => { go({ at: 'log', child: c.id, month: null }); }}>{t('log.title', { name: c.given })}</Button>)}
        </nav>
    );
    if (me.role === 'guardian') {
        return (
            <FamilyPage title={title} {...(log ? { sub: fmt.month(log.month) } : {})} lead={<SettingsButton animal={log?.child.animal ?? known?.animal ?? me.animal} />}
                end={<HelpButton call={{ place: 'log' }} />} dock={dock}>
                {switcher}{children}{months}
                <div className="log-week"><Button icon={CalendarRange} onPress={() => { go({ at: 'week', of: `child-${child}`, date: null }); }}>{t('week.show')}</Button></div>
            </FamilyPage>
        );
    }
    return <OfficePage title={title} {...(log ? { sub: fmt.month(log.month) } : {})} actions={months}>{children}</OfficePage>;
}

function MonthSteps({ log }: { log: ChildLog }) {
    const { t } = useI18n();
    const { go } = useRouter();
    const to = (step: number) => { go({ at: 'log', child: log.child.id, month: addMonths(log.month, step) }); };
    return (
        <div className="log-months">
            <IconButton framed icon={ChevronLeft} name={t('common.previous_month')} onPress={() => { to(-1); }} />
            <IconButton framed icon={ChevronRight} name={t('common.next_month')} onPress={() => { to(1); }} />
        </div>
    );
}
