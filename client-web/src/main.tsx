// SPDX-License-Identifier: Apache-2.0
//
// Starts the pages.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './tokens.css';
import './base.css';
import { App } from './screens/App.tsx';

// A button that has the focus when a page opens shows its ring from the first key on.
addEventListener('keydown', () => { document.documentElement.dataset.keys = ''; }, { once: true });

const root = document.getElementById('root');
if (root) createRoot(root).render(<StrictMode><App /></StrictMode>);
