// SPDX-License-Identifier: Apache-2.0
//
// Types, accessibility of the markup, and who may import whom: core <- hooks <- screens -> ui; i18n
// stands beside core and may be used by all but core.
import js from '@eslint/js';
import ts from 'typescript-eslint';
import a11y from 'eslint-plugin-jsx-a11y';

const REACT = ['react', 'react-dom', 'react-dom/*', 'react-aria-components', 'lucide-react'];
const forbid = (files, folders, packages = []) => ({
    files,
    rules: {
        'no-restricted-imports': ['error', {
            patterns: [
                ...folders.map((f) => ({ group: [`**/${f}/**`], message: `${files[0]} may not use ${f}` })),
                ...packages.map((p) => ({ group: [p], message: `${files[0]} may not use ${p}` })),
            ],
        }],
    },
});

export default ts.config(
    { ignores: ['dist', 'node_modules', '**/*.gen.ts'] },
    js.configs.recommended,
    ...ts.configs.recommendedTypeChecked.map((c) => ({ ...c, files: ['**/*.ts', '**/*.tsx'] })),
    {
        files: ['**/*.ts', '**/*.tsx'],
        languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
        rules: {
            '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
            '@typescript-eslint/only-throw-error': 'off',
            '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
            '@typescript-eslint/no-base-to-string': 'off',
            'no-console': 'error',
            eqeqeq: 'error',
        },
    },
    { files: ['src/**/*.tsx'], ...a11y.flatConfigs.strict },
    // Where the focus begins is designed: the one main button of a child's page.
    { files: ['src/**/*.tsx'], rules: { 'jsx-a11y/no-autofocus': 'off' } },
    // A list that scrolls by itself must be reached by keyboard (WCAG 2.1.1).
    { files: ['src/**/*.tsx'], rules: { 'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: ['ol'], roles: ['tabpanel'] }] } },
    { files: ['src/**'], rules: { 'max-lines': ['error', { max: 250 }] } },
    forbid(['src/core/**'], ['hooks', 'screens', 'ui', 'i18n'], REACT),
    { files: ['src/core/**'], rules: { 'no-restricted-globals': ['error', 'document', 'window', 'localStorage'] } },
    forbid(['src/i18n/**'], ['hooks', 'screens', 'ui']),
    forbid(['src/hooks/**'], ['screens', 'ui']),
    forbid(['src/ui/**'], ['hooks', 'screens']),
    // Functions that run inside a page.
    { files: ['tests/checks.mjs', 'tests/shots.mjs'], languageOptions: { globals: { innerWidth: 'readonly', getComputedStyle: 'readonly', NodeFilter: 'readonly', localStorage: 'readonly' } } },
    {
        files: ['**/*.mjs', '*.js'],
        languageOptions: { globals: { URL: 'readonly', console: 'readonly', setTimeout: 'readonly', window: 'readonly', document: 'readonly', RTCPeerConnection: 'readonly', performance: 'readonly', MutationObserver: 'readonly', navigator: 'readonly', fetch: 'readonly', process: 'readonly' } },
    },
);
