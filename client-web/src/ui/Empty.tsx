// SPDX-License-Identifier: Apache-2.0
//
// Nothing here: a sentence that says what would be here and who puts it there.
import type { Icon as IconType } from './icon.ts';
import type { ReactNode } from 'react';
import './empty.css';

export function Empty({ icon: Icon, sentence, children }: { icon: IconType; sentence: string; children?: ReactNode }) {
    return <div className="empty"><Icon className="icon" aria-hidden /><p>{sentence}</p>{children}</div>;
}
