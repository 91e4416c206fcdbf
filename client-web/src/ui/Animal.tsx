// SPDX-License-Identifier: Apache-2.0
//
// The animal that sits at the desk when the camera is off: a picture in a circle. Decoration; the
// name stands beside it in words.
import bear from '../art/bear.svg';
import fox from '../art/fox.svg';
import owl from '../art/owl.svg';
import './animal.css';

const ART: Record<string, string> = { bear, fox, owl };

export function Animal({ kind, size = 'md' }: { kind: string; size?: 'sm' | 'md' | 'lg' }) {
    return <img className={`animal ${size}`} src={ART[kind] ?? fox} alt="" />;
}
