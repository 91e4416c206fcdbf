// SPDX-License-Identifier: Apache-2.0
//
// Lays a .gz beside every text file of dist/ that gets smaller by it; the server sends it when the
// browser accepts gzip. Prints the size of what a browser loads.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
let raw = 0;
let packed = 0;
for (const name of readdirSync(dist, { recursive: true })) {
    if (!/\.(js|css|html|svg)$/.test(name)) continue;
    const bytes = readFileSync(join(dist, name));
    const gz = gzipSync(bytes, { level: 9 });
    raw += bytes.length;
    packed += Math.min(gz.length, bytes.length);
    if (gz.length < bytes.length) writeFileSync(join(dist, `${name}.gz`), gz);
}
console.log(`dist: ${(raw / 1000).toFixed(0)} kB of text, ${(packed / 1000).toFixed(0)} kB compressed`);
