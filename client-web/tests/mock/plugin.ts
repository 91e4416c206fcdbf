// SPDX-License-Identifier: Apache-2.0
//
// Answers /api/v1 from a made-up world, for development and for the pictures of the screens. Not part
// of the build. The cookie `mock` says who is signed in; a sign-in sets it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { answer } from './answer.ts';

const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

function body(req: IncomingMessage): Promise<string> {
    return new Promise((resolve) => {
        let text = '';
        req.on('data', (chunk: Buffer) => { text += chunk.toString(); });
        req.on('end', () => { resolve(text); });
    });
}

async function handle(req: IncomingMessage, res: ServerResponse, next: () => void): Promise<void> {
    if (!req.url?.startsWith('/api/v1/')) {
        res.setHeader('Content-Security-Policy', CSP);
        next();
        return;
    }
    const cookies = new URLSearchParams((req.headers.cookie ?? '').replace(/;\s*/g, '&'));
    const text = await body(req);
    const reply = answer({
        method: req.method ?? 'GET',
        url: new URL(req.url.slice('/api/v1'.length), 'http://mock'),
        who: cookies.get('mock'),
        scene: cookies.get('scene') ?? '',
        locale: cookies.get('locale') === 'en' ? 'en' : 'ru',
        body: text && req.headers['content-type'] === 'application/json' ? (JSON.parse(text) as Record<string, unknown>) : {},
    });
    if (reply.who !== undefined) res.setHeader('Set-Cookie', `mock=${reply.who ?? ''}; Path=/`);
    if (reply.etag) res.setHeader('ETag', reply.etag);
    res.statusCode = reply.status;
    res.setHeader('Content-Type', reply.type ?? 'application/json');
    res.end(reply.body === undefined ? '' : reply.type ? String(reply.body) : JSON.stringify(reply.body));
}

export function mockApi(): Plugin {
    const use = (app: { use: (f: (req: IncomingMessage, res: ServerResponse, next: () => void) => void) => void }) => {
        app.use((req, res, next) => void handle(req, res, next));
    };
    return {
        name: 'mock-api',
        configurePreviewServer: (server) => { use(server.middlewares); },
        configureServer: (server) => {
            server.middlewares.use((req, res, next) => (req.url?.startsWith('/api/v1/') ? void handle(req, res, next) : next()));
        },
    };
}
