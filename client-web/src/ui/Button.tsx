// SPDX-License-Identifier: Apache-2.0
//
// The button. `main` is the one filled button of a screen. `blocked` keeps it in the tab order and
// says why, instead of greying it out in silence; `pending` keeps the label and turns a ring.
import { useId, type ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import type { Icon as IconType } from './icon.ts';
import './button.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'isDisabled'> {
    look?: 'main' | 'plain' | 'soft' | 'link' | 'danger';
    icon?: IconType;
    /** grows to the width it is given */
    wide?: boolean;
    /** a higher button for a child's one main action */
    big?: boolean;
    /** why it cannot be pressed now; shown beside it unless `hideReason` */
    blocked?: string | null;
    hideReason?: boolean;
    children: ReactNode;
}

export function Button({ look = 'plain', icon: Icon, wide, big, blocked, hideReason, children, onPress, ...rest }: ButtonProps) {
    const reason = useId();
    const names = ['button', look, wide && 'wide', big && 'big', blocked && 'blocked'].filter(Boolean).join(' ');
    const press = onPress && !blocked ? { onPress } : {};
    const button = (
        <AriaButton {...rest} {...press} type={blocked ? 'button' : (rest.type ?? 'button')} className={names}
            {...(blocked ? { 'aria-disabled': true, 'aria-describedby': reason } : {})}>
            {Icon && <Icon className="icon" aria-hidden />}
            <span className="label">{children}</span>
            {rest.isPending && <span className="ring" aria-hidden />}
        </AriaButton>
    );
    if (!blocked) return button;
    return <>{button}<span id={reason} className={hideReason ? 'spoken' : 'button-reason'}>{blocked}</span></>;
}
