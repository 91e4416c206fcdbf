// SPDX-License-Identifier: Apache-2.0
//
// One fact and one next step. `role` alert for what has just gone wrong, status for what has just
// gone well; none for what was there when the page opened.
import type { ReactNode, Ref } from 'react';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { Tone } from './Chip.tsx';
import './note.css';

const ICONS = { plain: Info, ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert, info: Info };

export function Note({ tone = 'info', title, children, role, focusRef }: {
    tone?: Tone; title?: string; children?: ReactNode; role?: 'alert' | 'status'; focusRef?: Ref<HTMLDivElement>;
}) {
    const Icon = ICONS[tone];
    return (
        <div className={`note ${tone}`} role={role} ref={focusRef} tabIndex={focusRef ? -1 : undefined}>
            <Icon className="icon" aria-hidden />
            <div className="note-body">{title && <p className="strong">{title}</p>}{children}</div>
        </div>
    );
}
