// SPDX-License-Identifier: Apache-2.0
//
// The lesson room. Not built yet: the door says that it does not answer.
import { Door } from '../door/Door.tsx';

export default function Room({ lesson }: { lesson: number }) {
    return <Door code="unavailable" lesson={lesson} onTry={() => undefined} onTakeOver={() => undefined} />;
}
