// SPDX-License-Identifier: Apache-2.0
export default function GuardianLog(_: { child: number; month: string | null }) { return null; }
