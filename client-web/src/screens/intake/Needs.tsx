// SPDX-License-Identifier: Apache-2.0
//
// Returns of numbers: a school sees its own last months and declares, the centre a month of all schools.
import { useMe } from '../../hooks/useSession.tsx';
import { NeedsCentre } from './NeedsCentre.tsx';
import { NeedsSchool } from './NeedsSchool.tsx';
import './intake.css';

export default function Needs({ month }: { month: string | null }) {
    return useMe().role === 'school_officer' ? <NeedsSchool /> : <NeedsCentre month={month} />;
}
