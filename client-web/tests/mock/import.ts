// SPDX-License-Identifier: Apache-2.0
//
// A list that was looked through: all right, or with something wrong in it.
import type { ImportFault, ImportKind, ImportResult } from '../../src/core/api.gen.ts';
import type { Ask } from './answer.ts';

const FAULTS: ImportFault[] = [
    { file: '', row: 1, column: 'class', code: 'which_column' },
    { file: '', row: 4, column: 'birth_date', code: 'malformed' },
    { file: '', row: 4, column: 'school', code: 'unknown' },
    { file: '', row: 9, column: 'register_no', code: 'taken' },
    { file: '', row: 12, column: 'name', code: 'duplicate' },
];

export function imported({ url, scene }: Ask): ImportResult {
    const faults = scene === 'faults' ? FAULTS : [];
    const applied = url.searchParams.get('apply') === 'true' && faults.length === 0;
    return {
        kind: (url.searchParams.get('kind') ?? 'children') as ImportKind, applied, rows: 14, faults, faults_total: faults.length,
        made: { schools: 0, children: applied ? 14 : 0, mentors: 0, guardians: applied ? 11 : 0, assignments: 0, lessons: 0 }, version: null,
    };
}
