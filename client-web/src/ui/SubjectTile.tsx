// SPDX-License-Identifier: Apache-2.0
import { REST, subjectLook } from './subjects.ts';
import './subject-tile.css';

/** The subject's glyph on its soft ground. Decoration: the name stands beside it. */
export function SubjectTile({ subject, size = 'md' }: { subject: string; size?: 'sm' | 'md' | 'lg' }) {
    const { tint, icon: Icon } = subject === 'rest' ? REST : subjectLook(subject);
    return <span className={`subject-tile ${tint} ${size}`} aria-hidden><Icon /></span>;
}

/** The subject's colour as a bar, for dense rows. */
export function SubjectBar({ subject }: { subject: string }) {
    return <span className={`subject-bar ${subjectLook(subject).tint}`} aria-hidden />;
}
