// SPDX-License-Identifier: Apache-2.0
import type { ComponentType } from 'react';

/** Anything drawn like a lucide icon: takes the text's colour, hidden from those who listen. */
export type Icon = ComponentType<{ className?: string; 'aria-hidden'?: boolean }>;
