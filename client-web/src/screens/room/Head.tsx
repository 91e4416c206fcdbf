// SPDX-License-Identifier: Apache-2.0
//
// Subject, time left in words and as a thin line, link, leave. Adults also see whether it is recorded
// and how many screen minutes are used.
import { Disc, LogOut, MonitorUp } from 'lucide-react';
import { minutesLeft, shareGone } from '../../core/stage.ts';
import { useMedia } from '../../hooks/useAppearance.ts';
import { useNow } from '../../hooks/useNow.ts';
import { useTitle } from '../../hooks/useTitle.ts';
import { useI18n } from '../../i18n/index.tsx';
import type { Key } from '../../i18n/load.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import type { Icon } from '../../ui/icon.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { LinkBars, WeakLink, type Strength } from '../../ui/LinkBars.tsx';
import { SubjectTile } from '../../ui/SubjectTile.tsx';
import type { RoomModel } from './useRoom.ts';

const LINK_WORDS = { good: 'room.link_good', fair: 'room.link_fair', weak: 'room.link_weak', gone: 'room.link_gone', paused: 'room.link_paused', reserve: 'room.link_reserve' } as const;
const STRENGTHS: Record<RoomModel['link'], Strength> = { good: 'full', fair: 'two', weak: 'one', gone: 'none' };
const LINK_TONES: Record<RoomModel['link'], Tone> = { good: 'ok', fair: 'warn', weak: 'warn', gone: 'bad' };
const bars = (strength: Strength): Icon => (props) => <LinkBars strength={strength} {...props} />;
const LINK_ICONS: Record<RoomModel['link'], Icon> = { good: bars('full'), fair: bars('two'), weak: WeakLink, gone: bars('none') };
const KNOWN = ['maths', 'language', 'reading', 'nature', 'foreign', 'art', 'music'];
const ENDING_MIN = 5;

function AdultChips({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const { lesson, screenUsedS } = room.view.lesson;
    const limit = lesson?.screen_limit_s ?? 0;
    return (
        <div className="room-chips">
            <Chip icon={Disc}>{t('room.not_recorded', { who: 'adult' })}</Chip>
            <Chip icon={LINK_ICONS[room.link]} tone={LINK_TONES[room.link]}>{t(LINK_WORDS[room.sign])}</Chip>
            {limit > 0 && (
                <Chip icon={MonitorUp} tone={screenUsedS >= limit ? 'warn' : 'plain'}>
                    {t('room.screen_minutes', { used: Math.floor(screenUsedS / 60), limit: Math.floor(limit / 60) })}
                </Chip>
            )}
        </div>
    );
}

/** `onLeave` asks; for the mentor the question has "end for everyone" in it. */
export function Head({ room, onLeave }: { room: RoomModel; onLeave: () => void }) {
    const { t, fmt } = useI18n();
    const now = useNow(1000);
    const small = useMedia('(max-width: 640px), (max-height: 480px)');
    const { lesson } = room.view.lesson;
    const subject = lesson?.subject ?? '';
    const title = KNOWN.includes(subject) ? t(`subject.${subject}` as Key & 'subject.maths') : subject;
    const name = lesson?.title ?? title;
    const heading = useTitle(name);
    if (!lesson) return null;
    const tz = room.info?.tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const left = minutesLeft(lesson.end, now);
    const time = now < lesson.start ? t('room.starts_at', { time: fmt.clock(lesson.start, tz) }) : t('room.minutes_left', { n: left });
    const child = room.stage.tiles.find((x) => x.member.seat === 'child');
    const adult = !room.isChild && !small;
    const word = room.isMentor ? t(room.group ? 'room.group_end' : 'room.end') : t('room.leave');
    return (
        <header className="room-head">
            <SubjectTile subject={subject} />
            <div className="room-name">
                <h1 ref={heading} tabIndex={-1}>{room.isMentor && child && !small ? `${title} · ${child.member.name}` : name}</h1>
                <p className="quiet">{time}</p>
            </div>
            {adult ? <AdultChips room={room} /> : <span className={`room-link ${room.link}`} role="img" aria-label={t(LINK_WORDS[room.sign])}><LinkBars strength={STRENGTHS[room.link]} aria-hidden /></span>}
            {small ? <IconButton icon={LogOut} framed name={word} onPress={onLeave} /> : <Button icon={LogOut} onPress={onLeave}>{word}</Button>}
            <progress className={`room-time${left <= ENDING_MIN ? ' ending' : ''}`} max={1} value={shareGone(lesson.start, lesson.end, now)} aria-label={time} />
        </header>
    );
}
