// SPDX-License-Identifier: Apache-2.0
//
// The page of those who work: sections at the side (below on a phone), heading with its actions, and
// the content.
import type { ReactNode } from 'react';
import { useI18n } from '../../i18n/index.tsx';
import { useTitle } from '../../hooks/useTitle.ts';
import { OfficeNav } from './OfficeNav.tsx';
import './office-page.css';

export function OfficePage({ title, sub, crumb, actions, facts, problem, children }: {
    title: string;
    sub?: string;
    /** where this page hangs: "Month reports › November 2026" */
    crumb?: ReactNode;
    actions?: ReactNode;
    facts?: ReactNode;
    problem?: boolean;
    children: ReactNode;
}) {
    const { t } = useI18n();
    const heading = useTitle(title, problem);
    const skip = () => { heading.current?.focus(); };
    return (
        <div className="office">
            <button type="button" className="office-skip" onClick={skip}>{t('common.skip')}</button>
            <OfficeNav />
            <main className="office-page">
                <div className="office-head">
                    <div className="office-name">
                        {crumb && <p className="quiet small">{crumb}</p>}
                        <h1 ref={heading} tabIndex={-1}>{title}</h1>
                        {sub && <p className="quiet small">{sub}</p>}
                    </div>
                    {facts}
                    {actions && <div className="office-actions no-print">{actions}</div>}
                </div>
                <div className="office-main">{children}</div>
            </main>
        </div>
    );
}
