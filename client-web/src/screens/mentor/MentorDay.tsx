// SPDX-License-Identifier: Apache-2.0
export default function MentorDay() { return null; }
