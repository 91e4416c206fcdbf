// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from './load.ts';

const files = import.meta.glob<Partial<Catalogue>>('./ru/*.json', { eager: true, import: 'default' });

export const catalogue = Object.assign({}, ...Object.values(files)) as Catalogue;
