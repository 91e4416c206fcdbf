// SPDX-License-Identifier: Apache-2.0
//
// A QR code from the server's rows, with the white border that scanners need, in either theme.
import './accounts.css';

const QUIET = 4;

export function Qr({ rows, name }: { rows: string[]; name: string }) {
    const side = rows.length + 2 * QUIET;
    const path = rows.flatMap((row, y) => [...row].map((c, x) => (c === '1' ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : ''))).join('');
    return (
        <svg className="qr" role="img" aria-label={name} viewBox={`0 0 ${side} ${side}`} shapeRendering="crispEdges">
            <rect width={side} height={side} className="qr-paper" />
            <path d={path} className="qr-ink" />
        </svg>
    );
}
