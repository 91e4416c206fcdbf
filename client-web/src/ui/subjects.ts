// SPDX-License-Identifier: Apache-2.0
//
// A subject's colour and glyph, the same everywhere. The name is in the catalogue: `subject.<code>`.
import { BookOpen, Calculator, Coffee, Globe, Languages, Leaf, Music, Palette, type LucideIcon } from 'lucide-react';
import type { SubjectCode } from '../core/api.gen.ts';

export const SUBJECTS: Record<SubjectCode, { tint: string; icon: LucideIcon }> = {
    maths: { tint: 's1', icon: Calculator },
    language: { tint: 's2', icon: Languages },
    reading: { tint: 's3', icon: BookOpen },
    nature: { tint: 's4', icon: Leaf },
    foreign: { tint: 's5', icon: Globe },
    art: { tint: 's6', icon: Palette },
    music: { tint: 's6', icon: Music },
};

/** A pause between lessons is drawn like a subject, but is none. */
export const REST = { tint: 's4', icon: Coffee };

/** A code this page does not know (a newer server) still gets a face. */
export const subjectLook = (code: string): { tint: string; icon: LucideIcon } => SUBJECTS[code as SubjectCode] ?? { tint: 's3', icon: BookOpen };
