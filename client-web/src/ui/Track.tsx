// SPDX-License-Identifier: Apache-2.0
//
// A live track in an element: a picture that fills its box, or a sound. The words for it stand beside.
import { useEffect, useRef } from 'react';
import './track.css';

function useTrack<E extends HTMLMediaElement>(track: MediaStreamTrack | null) {
    const element = useRef<E>(null);
    useEffect(() => {
        if (!element.current) return;
        element.current.srcObject = track ? new MediaStream([track]) : null;
    }, [track]);
    return element;
}

export function VideoTrack({ track, mirrored, fit = 'cover' }: { track: MediaStreamTrack | null; mirrored?: boolean; fit?: 'cover' | 'contain' }) {
    const element = useTrack<HTMLVideoElement>(track);
    return <video ref={element} className={`track ${fit}${mirrored ? ' mirrored' : ''}`} autoPlay playsInline muted aria-hidden tabIndex={-1} />;
}

export function AudioTrack({ track }: { track: MediaStreamTrack | null }) {
    const element = useTrack<HTMLAudioElement>(track);
    // What is said is written too: by the chat, and by typed captions of the mentor.
    // eslint-disable-next-line jsx-a11y/media-has-caption
    return <audio ref={element} autoPlay />;
}
