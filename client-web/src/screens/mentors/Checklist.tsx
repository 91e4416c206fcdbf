// SPDX-License-Identifier: Apache-2.0
//
// Gates with how they stand, until when, and whose turn it is. A sign and words, never a colour alone.
import { CircleAlert, CircleCheck, Hourglass } from 'lucide-react';
import type { GateState } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { useHiringWords } from './useHiringWords.ts';

export function Checklist({ gates, tz, title }: { gates: GateState[]; tz: string; title: string }) {
    const { t } = useI18n();
    const { gate } = useHiringWords();
    const holds = gates.filter((g) => g.cause === 'holds').length;
    return (
        <section className="card checklist" aria-label={title}>
            <div className="panel-head"><h2>{title}</h2><span className="quiet small tabular">{t('hiring.of', { n: holds, all: gates.length })}</span></div>
            <ul>
                {gates.map((g) => {
                    const Icon = g.cause === 'holds' ? CircleCheck : g.cause === 'waiting' || g.cause === 'not_yet' ? Hourglass : CircleAlert;
                    return (
                        <li key={g.gate} className={g.cause}>
                            <Icon className="icon" aria-hidden />
                            <div>
                                <p className="strong">{t(`hiring.gate.${g.gate}`)}</p>
                                <p className="small">{gate(g, tz)}</p>
                                {g.cause !== 'holds' && g.actor !== 'none' && <p className="small">{t(`hiring.actor.${g.actor}`)}</p>}
                            </div>
                        </li>
                    );
                })}
            </ul>
        </section>
    );
}
