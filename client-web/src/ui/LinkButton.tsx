// SPDX-License-Identifier: Apache-2.0
//
// A link that looks like a button: it goes somewhere (a phone number, a file, another page).
import type { ReactNode } from 'react';
import { Link, type LinkProps } from 'react-aria-components';
import type { Icon as IconType } from './icon.ts';
import './button.css';

export function LinkButton({ look = 'plain', icon: Icon, wide, big, children, ...rest }: Omit<LinkProps, 'className' | 'children'> & {
    look?: 'main' | 'plain' | 'soft' | 'link'; icon?: IconType; wide?: boolean; big?: boolean; children: ReactNode; download?: boolean | string;
}) {
    const names = ['button', look, wide && 'wide', big && 'big'].filter(Boolean).join(' ');
    return <Link {...rest} className={names}>{Icon && <Icon className="icon" aria-hidden />}<span className="label">{children}</span></Link>;
}
