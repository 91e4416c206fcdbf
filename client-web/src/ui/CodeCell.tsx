// SPDX-License-Identifier: Apache-2.0
//
// An attendance code: the letter on the colour of its family. The word is spoken and shown as a title.
import type { Code } from '../core/api.gen.ts';
import { useI18n } from '../i18n/index.tsx';
import './code-cell.css';

const FAMILY: Record<Code, 'held' | 'part' | 'child' | 'ours' | 'none'> = {
    P: 'held', L: 'held', E: 'part', T: 'part', U: 'child', N: 'child', S: 'ours', W: 'ours', X: 'ours', I: 'none', M: 'none', C: 'none', H: 'none',
};

export function CodeCell({ code, changed }: { code: Code; changed?: boolean }) {
    const { t } = useI18n();
    const name = t(`code.${code}`);
    return (
        <span className={`code-cell ${FAMILY[code]}${changed ? ' changed' : ''}`} title={name}>
            <span aria-hidden>{code}</span><span className="spoken">{name}</span>
        </span>
    );
}
