// SPDX-License-Identifier: Apache-2.0
//
// The words of every version of every consent. The server says which version counts; a version that is
// not here cannot be agreed to on this page. New words are a new entry: nobody's consent changes under it.
import type { ConsentKind } from '../../core/api.gen.ts';
import type { Messages } from '../../i18n/messages.gen.ts';

type Key = Extract<keyof Messages, `consents.words.${string}`>;

const WORDS: Record<ConsentKind, readonly Key[]> = {
    lessons: ['consents.words.lessons_1'],
    group: ['consents.words.group_1'],
    recording: ['consents.words.recording_1'],
    sections: ['consents.words.sections_1'],
};

export const wordsOf = (kind: ConsentKind, version: number): Key | null => WORDS[kind][version - 1] ?? null;
