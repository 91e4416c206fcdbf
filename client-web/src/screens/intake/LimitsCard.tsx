// SPDX-License-Identifier: Apache-2.0
//
// The limits of the recommendation in words; never a reason.
import { CalendarX, Clock, Laptop, Monitor, Video, VideoOff, type LucideIcon } from 'lucide-react';
import type { RecommendationLimits } from '../../core/api.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { usePaperWords } from './usePaperWords.ts';

export function LimitsCard({ limits: l }: { limits: RecommendationLimits | null }) {
    const { t, fmt } = useI18n();
    const words = usePaperWords();
    const lines: [LucideIcon, string][] = [];
    if (l) {
        if (l.lesson_minutes !== null) lines.push([Clock, t('intake.limits.lesson', { n: l.lesson_minutes })]);
        if (l.lessons_per_day !== null) lines.push([Clock, t('intake.limits.day', { n: l.lessons_per_day })]);
        if (l.lessons_per_week !== null) lines.push([Clock, t('intake.limits.week', { n: l.lessons_per_week })]);
        if (l.screen_minutes !== null) lines.push([Monitor, t('intake.limits.screen', { n: l.screen_minutes })]);
        if (lines.length === 0) lines.push([Clock, t('intake.limits.any')]);
        if (l.hours) lines.push([Clock, t('intake.limits.hours', l.hours)]);
        if (l.rest_days.length > 0) lines.push([CalendarX, t('intake.limits.rest', { days: fmt.list(l.rest_days.map((d) => t(`intake.weekday.${d as 1}`))) })]);
        if (l.equipment.length > 0) lines.push([Laptop, fmt.list(l.equipment.map((e) => t(`intake.equipment.${e}`)))]);
        lines.push(l.camera_allowed ? [Video, t('intake.limits.camera_yes')] : [VideoOff, t('intake.limits.camera_no')]);
        const until = l.state === 'expired' ? 'intake.limits.expired' : l.state === 'ahead' ? 'intake.limits.ahead' : 'intake.limits.until';
        lines.push([CalendarX, t(until, { day: words.day(l.state === 'ahead' ? l.from : l.to) })]);
    }
    return (
        <section className="card intake-card" aria-labelledby="intake-limits">
            <h2 id="intake-limits">{t('intake.limits.title')}</h2>
            {l ? <ul className="intake-list">{lines.map(([Icon, text]) => <li key={text}><Icon className="icon" aria-hidden /><span>{text}</span></li>)}</ul>
                : <p className="quiet">{t('intake.limits.none')}</p>}
        </section>
    );
}
