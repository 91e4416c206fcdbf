// SPDX-License-Identifier: Apache-2.0
//
// The picture of attendance, the same on the live board, in the guardian's log and in the report.
import type { Strip as Facts } from '../core/api.gen.ts';
import { lanes, ownAxis, type Axis, type Bar } from '../core/strip.ts';
import './strip.css';

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function Bars({ bars, of }: { bars: Bar[]; of: string }) {
    return bars.map((b, i) => <rect key={i} x={percent(b.from)} width={percent(b.width)} className={of} rx="2" />);
}

/** `label` says in words what the strip shows; without it the words stand beside the strip. */
export function Strip({ strip, axis, now, label }: { strip: Facts; axis?: Axis; now?: number; label?: string }) {
    const drawn = lanes(strip, axis ?? ownAxis(strip), now);
    const ahead = strip.mentor.length === 0 && strip.child.length === 0 && now !== undefined && now < strip.start;
    return (
        <svg className="strip" {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}>
            <Bars bars={[drawn.window]} of={ahead ? 'window ahead' : 'window'} />
            <Bars bars={drawn.outages} of="outage" />
            <Bars bars={drawn.mentor} of="lane mentor" />
            <Bars bars={drawn.child} of="lane child" />
            {drawn.now !== null && <line x1={percent(drawn.now)} x2={percent(drawn.now)} y1="0" y2="100%" className="now" />}
        </svg>
    );
}

export function StripKey({ mentor, child, lesson, now }: { mentor: string; child: string; lesson: string; now?: string }) {
    return (
        <ul className="strip-key">
            <li><span className="key mentor" />{mentor}</li>
            <li><span className="key child" />{child}</li>
            <li><span className="key window" />{lesson}</li>
            {now && <li><span className="key now" />{now}</li>}
        </ul>
    );
}
