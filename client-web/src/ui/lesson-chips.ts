// SPDX-License-Identifier: Apache-2.0
//
// Tone and icon of the one word a list shows for a lesson. The word is `chip.<code>`.
import { Bed, Check, CircleAlert, Clock, DoorOpen, Hourglass, MoveRight, Pause, Radio, UserX, X } from 'lucide-react';
import type { Chip } from '../core/api.gen.ts';
import type { Tone } from './Chip.tsx';
import type { Icon } from './icon.ts';
import { WeakLink } from './LinkBars.tsx';

export const LESSON_CHIP: Record<Chip, { tone: Tone; icon: Icon }> = {
    later: { tone: 'plain', icon: Clock },
    door_open: { tone: 'plain', icon: DoorOpen },
    waiting: { tone: 'info', icon: Hourglass },
    mentor_missing: { tone: 'bad', icon: UserX },
    child_missing: { tone: 'warn', icon: Hourglass },
    live: { tone: 'ok', icon: Radio },
    paused: { tone: 'warn', icon: Pause },
    resting: { tone: 'info', icon: Bed },
    weak: { tone: 'warn', icon: WeakLink },
    done: { tone: 'ok', icon: Check },
    part: { tone: 'warn', icon: CircleAlert },
    missed: { tone: 'bad', icon: X },
    cancelled: { tone: 'plain', icon: X },
    moved: { tone: 'plain', icon: MoveRight },
    needs_substitute: { tone: 'bad', icon: UserX },
};
