// SPDX-License-Identifier: Apache-2.0
//
// Some of a few, all of them in sight: Space ticks, a tap ticks.
import { Checkbox, CheckboxGroup, FieldError, Label } from 'react-aria-components';
import { Check } from 'lucide-react';
import type { Option } from './Choice.tsx';
import './choice.css';

export function Checks<V extends string>({ label, value, options, onChange, problem }: {
    label: string; value: V[]; options: Option<V>[]; onChange: (value: V[]) => void; problem?: string | null | undefined;
}) {
    return (
        <CheckboxGroup className="choice" value={value} onChange={(v) => { onChange(v as V[]); }} isInvalid={Boolean(problem)} validationBehavior="aria">
            <Label>{label}</Label>
            <div className="choice-row">
                {options.map((o) => (
                    <Checkbox key={o.value} value={o.value} className="choice-item">
                        {({ isSelected }) => <>{isSelected && <Check className="icon" aria-hidden />}<span>{o.label}</span></>}
                    </Checkbox>
                ))}
            </div>
            <FieldError className="field-problem">{problem}</FieldError>
        </CheckboxGroup>
    );
}
