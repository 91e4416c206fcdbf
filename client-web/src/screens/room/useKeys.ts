// SPDX-License-Identifier: Apache-2.0
//
// One-letter keys of the room, by their place on the keyboard so that Russian layouts have them too.
// Off while typing; Leave has none.
import { useEffect, useRef } from 'react';
import type { RoomModel } from './useRoom.ts';

const typing = (target: EventTarget | null): boolean =>
    target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

export function useKeys(room: RoomModel, onWrite: () => void): void {
    const latest = useRef({ room, onWrite });
    useEffect(() => { latest.current = { room, onWrite }; });
    useEffect(() => {
        const press = (e: KeyboardEvent) => {
            const { room: r, onWrite: write } = latest.current;
            if (e.ctrlKey || e.altKey || e.metaKey || e.repeat || typing(e.target)) return;
            if (e.code === 'KeyC') { e.preventDefault(); write(); }
            if (e.code === 'KeyT' && r.isChild) r.session.rest(!r.resting);
            if (r.still) return;
            if (e.code === 'KeyR' && r.group && !r.isMentor) r.session.send({ type: 'hand', up: !r.stage.me?.hand });
            if (r.listens) return;
            if (e.code === 'KeyM') r.capture.toggle('mic');
            if (e.code === 'KeyV' && (r.isChild || r.isMentor || r.group)) r.capture.toggle('camera');
            if (e.code === 'KeyD' && (r.isMentor || r.stage.me?.seat === 'speaker')) r.capture.toggle('screen');
            if (e.code === 'KeyR' && r.isChild) r.session.send({ type: 'hand', up: !r.stage.me?.hand });
        };
        addEventListener('keydown', press);
        return () => { removeEventListener('keydown', press); };
    }, []);
}
