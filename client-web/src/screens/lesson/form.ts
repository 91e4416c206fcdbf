// SPDX-License-Identifier: Apache-2.0
import type { LessonFull } from '../../core/api.gen.ts';

/** What every form about a lesson is given. */
export interface LessonForm { lesson: LessonFull; etag: string; onBack: () => void; onDone: () => void }
