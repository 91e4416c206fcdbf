// SPDX-License-Identifier: Apache-2.0
export default function Reports(_: { month: string | null }) { return null; }
