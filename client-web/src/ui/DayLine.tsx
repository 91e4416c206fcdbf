// SPDX-License-Identifier: Apache-2.0
//
// The day line as a picture. Its label says the same in words.
import { dayLine, type Box, type DayLesson } from '../core/dayline.ts';
import { subjectLook } from './subjects.ts';
import './day-line.css';

export interface DrawnLesson extends DayLesson { subject: string; time: string; done: boolean }

export function DayLine({ lessons, now, box, label }: { lessons: DrawnLesson[]; now: number; box: Box; label: string }) {
    const line = dayLine(lessons, now, box);
    const { width: w, height: h } = box;
    const meadow = `M0 ${h - 18}C${w * 0.25} ${h - 34} ${w * 0.6} ${h - 4} ${w} ${h - 26}V${h}H0Z`;
    return (
        <svg className="day-line" viewBox={`0 0 ${w} ${h}`} role="img" aria-label={label}>
            <defs>
                <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
                    <stop offset="0" className="sky-top" /><stop offset="1" className="sky-foot" />
                </linearGradient>
            </defs>
            <rect width={w} height={h} fill="url(#sky)" />
            <path d={meadow} className="meadow" />
            <path d={line.ahead} className="ahead" />
            <path d={line.past} className="past" />
            <circle cx={line.sun.x} cy={line.sun.y} r="25" className="sun-light" />
            <circle cx={line.sun.x} cy={line.sun.y} r="16" className="sun" />
            {line.rings.map((ring) => {
                const lesson = lessons[ring.index];
                if (!lesson) return null;
                return (
                    <g key={ring.index} className={subjectLook(lesson.subject).tint}>
                        <circle cx={ring.x} cy={ring.y} r="10" className={lesson.done ? 'ring done' : 'ring'} />
                        {lesson.done && <path d={`M${ring.x - 5} ${ring.y}l3.5 3.8 6.5-7`} className="tick" />}
                        <text x={ring.label.x} y={ring.label.y} className="ring-time">{lesson.time}</text>
                    </g>
                );
            })}
        </svg>
    );
}
