// SPDX-License-Identifier: Apache-2.0
export default function ReportPage(_: { id: string }) { return null; }
