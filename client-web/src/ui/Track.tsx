// SPDX-License-Identifier: Apache-2.0
//
// A live track in an element: a picture that fills its box, or a sound. The words for it stand beside.
// A picture tells whether it moves; a sound tells when the browser wants a press before it plays.
import { useEffect, useRef, type RefObject } from 'react';
import type { Surface } from '../core/media.ts';
import './track.css';

/** none: no frame yet; still: none for two seconds; gone: none for eight */
export type Flow = 'none' | 'flowing' | 'still' | 'gone';

const LOOK_MS = 500;
const STILL_MS = 2_000;
const GONE_MS = 8_000;

function useTrack<E extends HTMLMediaElement>(track: MediaStreamTrack | null): RefObject<E | null> {
    const element = useRef<E>(null);
    useEffect(() => {
        if (!element.current) return;
        element.current.srcObject = track ? new MediaStream([track]) : null;
    }, [track]);
    return element;
}

/** Counts frames that are shown; a hidden page shows none, which says nothing about the link. */
function watch(total: () => number, tell: (flow: Flow) => void): () => void {
    let frames = total();
    let quietMs = 0;
    let flow: Flow = 'none';
    const to = (next: Flow) => { if (next !== flow) { flow = next; tell(next); } };
    const look = () => {
        const now = total();
        quietMs = now !== frames || document.hidden ? 0 : quietMs + LOOK_MS;
        if (now !== frames) to('flowing');
        else if (flow !== 'none' && quietMs >= GONE_MS) to('gone');
        else if (flow === 'flowing' && quietMs >= STILL_MS) to('still');
        frames = now;
    };
    tell('none');
    const timer = setInterval(look, LOOK_MS);
    return () => { clearInterval(timer); };
}

export function VideoTrack({ track, mirrored, fit = 'cover', onFlow }: {
    track: MediaStreamTrack | null; mirrored?: boolean; fit?: 'cover' | 'contain'; onFlow?: (flow: Flow) => void;
}) {
    const element = useTrack<HTMLVideoElement>(track);
    const tell = useRef(onFlow);
    useEffect(() => { tell.current = onFlow; });
    const watched = onFlow !== undefined;
    useEffect(() => {
        if (!watched || !track || !element.current) return;
        const video = element.current;
        const first = () => { tell.current?.('flowing'); }; // sooner than the next look
        video.addEventListener('loadeddata', first);
        const stop = watch(() => video.getVideoPlaybackQuality().totalVideoFrames, (flow) => { tell.current?.(flow); });
        return () => { stop(); video.removeEventListener('loadeddata', first); };
    }, [watched, track, element]);
    return <video ref={element} className={`track ${fit}${mirrored ? ' mirrored' : ''}`} autoPlay playsInline muted aria-hidden tabIndex={-1} />;
}

/** Pictures that are drawn and not a track: a canvas that is given away as soon as it is there. */
export function DrawnTrack({ surface, fit = 'cover', onFlow }: { surface: Surface; fit?: 'cover' | 'contain'; onFlow?: (flow: Flow) => void }) {
    const place = useRef<HTMLDivElement>(null);
    const latest = useRef({ surface, onFlow });
    useEffect(() => { latest.current = { surface, onFlow }; });
    const watched = onFlow !== undefined;
    useEffect(() => {
        const canvas = document.createElement('canvas'); // one that was given away cannot be given again
        canvas.className = `track ${fit}`;
        place.current?.append(canvas);
        const detach = latest.current.surface.attach(canvas);
        const stop = watched ? watch(() => latest.current.surface.shown(), (flow) => { latest.current.onFlow?.(flow); }) : () => undefined;
        return () => { stop(); detach(); canvas.remove(); };
    }, [surface.id, fit, watched]);
    return <div ref={place} className="drawn" aria-hidden />;
}

/** The picture of a slot, whichever way it comes. */
export function Picture({ of, mid, fit, onFlow }: {
    of: { track: (mid: string) => MediaStreamTrack | null; surface: (mid: string) => Surface | null };
    mid: string; fit?: 'cover' | 'contain'; onFlow?: (flow: Flow) => void;
}) {
    const surface = of.surface(mid);
    const more = { ...(fit ? { fit } : {}), ...(onFlow ? { onFlow } : {}) };
    return surface ? <DrawnTrack surface={surface} {...more} /> : <VideoTrack track={of.track(mid)} {...more} />;
}

export function AudioTrack({ track, onBlocked }: { track: MediaStreamTrack | null; onBlocked?: (blocked: boolean) => void }) {
    const element = useTrack<HTMLAudioElement>(track);
    const tell = useRef(onBlocked);
    useEffect(() => { tell.current = onBlocked; });
    useEffect(() => {
        const audio = element.current;
        if (!audio || !track) return;
        const play = () => {
            audio.play().then(() => { tell.current?.(false); }, (error: unknown) => {
                if (error instanceof DOMException && error.name === 'NotAllowedError') tell.current?.(true);
            });
        };
        play();
        // After a reload the browser may want one press anywhere before it lets us be heard.
        const press = () => { if (audio.paused) play(); };
        addEventListener('pointerup', press);
        addEventListener('keydown', press);
        return () => { removeEventListener('pointerup', press); removeEventListener('keydown', press); };
    }, [track, element]);
    // What is said can be written too: the mentor's lines stand on the stage.
    // eslint-disable-next-line jsx-a11y/media-has-caption
    return <audio ref={element} autoPlay />;
}
