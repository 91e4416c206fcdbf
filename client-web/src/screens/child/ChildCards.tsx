// SPDX-License-Identifier: Apache-2.0
import { Book, BookOpen, Guitar, Image, NotebookPen, Palette, Pencil, Ruler, type LucideIcon } from 'lucide-react';
import type { Day, Thing } from '../../core/api.gen.ts';
import { later } from '../../core/child-day.ts';
import { useI18n } from '../../i18n/index.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';

/** What comes after the next lesson, with the rests between. */
export function LaterCard({ day }: { day: Day }) {
    const { t, fmt } = useI18n();
    const rows = later(day);
    return (
        <section className="card later-card">
            <h2>{t('child.later')}</h2>
            {rows.length === 0 && <p className="quiet">{t('child.later_none')}</p>}
            <ul>
                {rows.map((row) => (
                    <li key={`${row.kind}${row.at}`}>
                        <span className="later-time">{fmt.clock(row.at, day.tz)}</span>
                        <SubjectTile subject={row.kind === 'rest' ? 'rest' : row.lesson.subject} />
                        <span className="later-name">{row.kind === 'rest' ? t('child.rest') : t(`subject.${row.lesson.subject}`)}</span>
                        {row.kind === 'lesson' && row.lesson.chip === 'cancelled' && <Chip>{t('chip.cancelled')}</Chip>}
                    </li>
                ))}
            </ul>
        </section>
    );
}

const THINGS: Record<Thing, LucideIcon> = {
    notebook: NotebookPen, pencil: Pencil, ruler: Ruler, textbook: Book, reader: BookOpen, album: Image, paints: Palette, instrument: Guitar,
};

/** What to have at hand. */
export function BringCard({ things }: { things: Thing[] }) {
    const { t } = useI18n();
    return (
        <section className="card bring-card">
            <h2>{t('child.bring')}</h2>
            <ul>
                {things.map((thing) => {
                    const Icon = THINGS[thing];
                    return <li key={thing}><Icon className="icon" aria-hidden />{t(`thing.${thing}`)}</li>;
                })}
            </ul>
        </section>
    );
}
