// SPDX-License-Identifier: Apache-2.0
export function catalogue(lang: 'ru' | 'en'): Record<string, string>;
export function argumentsOf(text: string): Record<string, string>;
export function messageTypes(): string;
