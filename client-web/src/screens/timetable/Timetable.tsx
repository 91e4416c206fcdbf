// SPDX-License-Identifier: Apache-2.0
export default function Timetable(_: { date: string | null }) { return null; }
