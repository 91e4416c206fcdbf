// SPDX-License-Identifier: Apache-2.0
//
// A button that shows an icon alone and has a spoken name. For adults, and for Close and Leave.
import { Button, type ButtonProps } from 'react-aria-components';
import type { Icon as IconType } from './icon.ts';
import './icon-button.css';

export function IconButton({ icon: Icon, name, framed, ...rest }: Omit<ButtonProps, 'children' | 'className' | 'aria-label'> & {
    icon: IconType; name: string; framed?: boolean;
}) {
    return <Button {...rest} aria-label={name} className={`icon-button${framed ? ' framed' : ''}`}><Icon className="icon" aria-hidden /></Button>;
}
