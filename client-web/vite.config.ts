// SPDX-License-Identifier: Apache-2.0
//
// Builds the pages into dist/. `vite --mode mock` and `vite preview --mode mock` answer the API from
// tests/mock instead of a server; without it the development server passes /api and /ws on to one.
import { defineConfig } from 'vitest/config';
import { mockApi } from './tests/mock/plugin.ts';

const server = process.env.PARTA_SERVER ?? 'https://localhost:8443';

export default defineConfig(({ mode }) => ({
    esbuild: { jsx: 'automatic', legalComments: 'none' },
    plugins: mode === 'mock' ? [mockApi()] : [],
    server: mode === 'mock' ? {} : {
        proxy: {
            '/api': { target: server, secure: false },
            '/ws': { target: server, secure: false, ws: true },
        },
    },
    build: {
        target: ['chrome111', 'firefox115', 'safari16.4'],
        assetsInlineLimit: 0,
        reportCompressedSize: false,
        modulePreload: { polyfill: false },
    },
    test: { include: ['tests/unit/**/*.test.ts', 'tests/unit/**/*.test.tsx'], environment: 'node' },
}));
