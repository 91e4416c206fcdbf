// SPDX-License-Identifier: Apache-2.0
//
// The ready check. Not built yet.
import { Door } from '../door/Door.tsx';

export default function Ready({ lesson }: { lesson: number | null }) {
    return <Door code="unavailable" lesson={lesson ?? 0} onTry={() => undefined} onTakeOver={() => undefined} />;
}
