// SPDX-License-Identifier: Apache-2.0
//
// The server counts bytes of UTF-8, a field counts characters: text is cut where the last whole
// character fits.
export function clipBytes(text: string, max: number): string {
    const encoder = new TextEncoder();
    if (encoder.encode(text).length <= max) return text;
    let out = '';
    let used = 0;
    for (const c of text) {
        used += encoder.encode(c).length;
        if (used > max) break;
        out += c;
    }
    return out;
}
