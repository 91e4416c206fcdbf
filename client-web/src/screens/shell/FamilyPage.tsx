// SPDX-License-Identifier: Apache-2.0
//
// The page of a child, a guardian or a stranger: heading, help at the top right, content, and a docked
// bar that takes its own room so that it never covers what has the focus.
import type { ReactNode } from 'react';
import { useTitle } from '../../hooks/useTitle.ts';
import './family-page.css';

export function FamilyPage({ title, problem, lead, sub, end, dock, narrow, children }: {
    title: string;
    /** the page shows an error: its title says so */
    problem?: boolean;
    /** before the heading: the animal */
    lead?: ReactNode;
    sub?: string;
    /** top right */
    end?: ReactNode;
    dock?: ReactNode;
    narrow?: boolean;
    children: ReactNode;
}) {
    const heading = useTitle(title, problem);
    return (
        <div className={`family${narrow ? ' narrow' : ''}`}>
            <header className="family-head">
                {lead}
                <div className="family-name">
                    <h1 ref={heading} tabIndex={-1}>{title}</h1>
                    {sub && <p className="quiet">{sub}</p>}
                </div>
                {end}
            </header>
            <main className="family-main">{children}</main>
            {dock && <div className="family-dock">{dock}</div>}
        </div>
    );
}
