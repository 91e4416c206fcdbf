// SPDX-License-Identifier: Apache-2.0
//
// A tool of the lesson room: icon above its word, which never goes away. `on` is for switches.
import { ToggleButton, Button } from 'react-aria-components';
import type { LucideIcon } from 'lucide-react';
import './tool.css';

export interface ToolProps {
    icon: LucideIcon;
    word: string;
    /** a longer name for those who listen, and a title */
    name?: string;
    look?: 'switch' | 'hand' | 'rest' | 'plain';
    on?: boolean;
    off?: boolean;
    blocked?: boolean;
    badge?: number;
    onPress: () => void;
}

export function Tool({ icon: Icon, word, name, look = 'switch', on, off, blocked, badge, onPress }: ToolProps) {
    const names = `tool ${look}${on ? ' on' : ''}${off ? ' off' : ''}`;
    const inner = (
        <>
            <Icon className="icon" aria-hidden />
            <span>{word}</span>
            {badge ? <span className="tool-badge" aria-hidden>{badge}</span> : null}
        </>
    );
    const label = name ? { 'aria-label': name } : {};
    if (on === undefined) return <Button className={names} {...label} isDisabled={blocked ?? false} onPress={onPress}>{inner}</Button>;
    return <ToggleButton className={names} {...label} isSelected={on} isDisabled={blocked ?? false} onChange={onPress}>{inner}</ToggleButton>;
}
