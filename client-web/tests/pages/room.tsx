// SPDX-License-Identifier: Apache-2.0
//
// The room in a chosen state, without a server and without media: /tests/pages/room.html?who=child&scene=live.
// `window.show(scene)` changes the state in place. Served by `vite --mode mock` only; no part of the build.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import '../../src/tokens.css';
import '../../src/base.css';
import { now } from '../../src/core/clock.ts';
import { RouteProvider } from '../../src/hooks/useRoute.tsx';
import { SessionProvider, useSession } from '../../src/hooks/useSession.tsx';
import { LanguageProvider } from '../../src/i18n/index.tsx';
import { EndPage } from '../../src/screens/room/EndPage.tsx';
import { RoomPage } from '../../src/screens/room/RoomPage.tsx';
import { drawnFace } from './face.ts';
import { lessonFull, lineOf, scene } from './states.ts';

declare global {
    interface Window { show: (scene: string) => void; sent: unknown[] }
}

const query = new URLSearchParams(location.search);
const who = query.get('who') ?? 'child';
const lang = query.get('lang') === 'en' ? 'en' : 'ru';
const face = drawnFace();
window.sent = [];
localStorage.setItem('parta.lang', lang);

const session = {
    lineOf,
    surface: () => null,
    sound: null,
    track: (mid: string) => (lineOf(mid) === 'audio' ? null : face),
    send: (m: unknown) => { window.sent.push(m); return true; },
    rest: (on: boolean) => { window.sent.push({ type: 'rest', on }); },
    read: () => undefined,
};

function Shown() {
    const { me } = useSession();
    const [name, setName] = useState(query.get('scene') ?? 'live');
    useEffect(() => { window.show = setName; }, []);
    if (!me) return null;
    if (name === 'over' || name === 'left' || name === 'tired')
        return <EndPage how={name} mentor={lang === 'ru' ? 'Анна Сергеевна' : 'Anna Sergeevna'} onReturn={name === 'over' ? null : () => undefined} />;
    const { view, capture, remedy } = scene(name, lang, who, now());
    return <RoomPage view={view} session={session} capture={{ states: capture, self: capture.camera === 'on' ? face : null, toggle: () => undefined, remedy, reacquire: () => { window.sent.push({ type: 'reacquire' }); } }} info={lessonFull(lang)} onVoiceOnly={() => { window.sent.push({ type: 'pictures' }); }} onLeave={() => undefined} />;
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<LanguageProvider><RouteProvider><SessionProvider><Shown /></SessionProvider></RouteProvider></LanguageProvider>);
