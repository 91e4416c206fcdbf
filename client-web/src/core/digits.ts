// SPDX-License-Identifier: Apache-2.0
//
// The six boxes of a card's code as one string; a blank is an empty box.
export const NO_DIGITS = '      ';

/** Puts a digit (or '' to empty it) into box i; out of range changes nothing. */
export function setDigit(value: string, i: number, digit: string): string {
    if (i < 0 || i > 5) return value;
    return value.slice(0, i) + (digit.slice(-1) || ' ') + value.slice(i + 1);
}

/** Puts several digits from box i on; what does not fit is dropped. */
export function fillDigits(value: string, i: number, digits: string): string {
    const room = digits.slice(0, 6 - i);
    return value.slice(0, i) + room + value.slice(i + room.length);
}

export const complete = (value: string): boolean => /^\d{6}$/.test(value);
