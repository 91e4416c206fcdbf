// SPDX-License-Identifier: Apache-2.0
//
// One of a few, all of them in sight: arrows move, a tap chooses.
import type { ReactNode } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import './choice.css';

export interface Option<V extends string> { value: V; label: string; picture?: ReactNode; lang?: string }

export function Choice<V extends string>({ label, value, options, onChange }: {
    label: string; value: V; options: Option<V>[]; onChange: (value: V) => void;
}) {
    return (
        <RadioGroup className="choice" value={value} onChange={(v) => { onChange(v as V); }}>
            <Label>{label}</Label>
            <div className="choice-row">
                {options.map((o) => (
                    <Radio key={o.value} value={o.value} className={`choice-item${o.picture ? ' pictured' : ''}`}>
                        {o.picture}<span lang={o.lang}>{o.label}</span>
                    </Radio>
                ))}
            </div>
        </RadioGroup>
    );
}
