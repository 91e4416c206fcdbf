// SPDX-License-Identifier: Apache-2.0
//
// Fields of a form: label above, sentence about what is wrong below and tied to the field. Choices from
// a list are the browser's own <select>: it works with a thumb, a keyboard and a screen reader.
import { useId, type ReactNode } from 'react';
import { FieldError, Input, Label, TextArea, TextField as AriaTextField } from 'react-aria-components';
import { clipBytes } from '../core/clip.ts';
import './field.css';

interface Common { label: string; value: string; onChange: (value: string) => void; problem?: string | null | undefined }

export function TextField({ label, value, onChange, problem, type = 'text', rows, maxLength, maxBytes, hint, ...rest }: Common & {
    type?: 'text' | 'password' | 'date' | 'time' | 'number' | 'month' | 'search'; rows?: number; maxLength?: number; maxBytes?: number; hint?: string;
    autoComplete?: string; autoCapitalize?: string; autoFocus?: boolean; isRequired?: boolean; inputMode?: 'numeric';
}) {
    return (
        <AriaTextField {...rest} className="field" value={value} onChange={(text) => { onChange(maxBytes ? clipBytes(text, maxBytes) : text); }} isInvalid={Boolean(problem)} validationBehavior="aria"
            type={rows ? 'text' : type} {...(maxLength ? { maxLength } : {})}>
            <Label>{label}</Label>
            {rows ? <TextArea rows={rows} className="input" /> : <Input className="input" type={type} />}
            {hint && <span className="field-hint">{hint}</span>}
            <FieldError className="field-problem">{problem}</FieldError>
        </AriaTextField>
    );
}

export function SelectField({ label, value, onChange, problem, children }: Common & { children: ReactNode }) {
    const id = useId();
    return (
        <div className="field">
            <label htmlFor={id}>{label}</label>
            <select id={id} className="input" value={value} onChange={(e) => { onChange(e.target.value); }}
                aria-invalid={problem ? true : undefined} aria-describedby={problem ? `${id}-problem` : undefined}>{children}</select>
            {problem && <span id={`${id}-problem`} className="field-problem">{problem}</span>}
        </div>
    );
}
