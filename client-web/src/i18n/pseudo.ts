// SPDX-License-Identifier: Apache-2.0
//
// The pseudo-language: English with accents, a third longer, in brackets. Text without brackets on a
// page came from outside the catalogue; text that is cut off has no room for a longer language.
import type { IntlMessageFormat } from 'intl-messageformat';

type Ast = ReturnType<IntlMessageFormat['getAst']>;
type Part = Ast[number];
type Literal = { type: 0; value: string };

const ACCENTS: Record<string, string> = {
    a: 'á', b: 'ƀ', c: 'ç', d: 'đ', e: 'é', g: 'ĝ', h: 'ĥ', i: 'í', j: 'ĵ', k: 'ķ', l: 'ļ', n: 'ñ', o: 'ö', r: 'ŕ',
    s: 'š', t: 'ţ', u: 'ü', w: 'ŵ', y: 'ý', z: 'ž', A: 'Á', E: 'É', I: 'Í', O: 'Ö', U: 'Ü',
};
const isLiteral = (p: Part): boolean => Number(p.type) === 0;

const accent = (text: string): string => text.replace(/[a-zA-Z]/g, (c) => ACCENTS[c] ?? c);
const literals = (ast: Ast): number => ast.reduce((n, p) => n + (isLiteral(p) ? (p as Literal).value.length : 0), 0);

function part(p: Part): Part {
    if (isLiteral(p)) return { ...p, value: accent((p as Literal).value) } as Part;
    if (!('options' in p)) return p;
    const options = Object.fromEntries(Object.entries(p.options).map(([k, o]) => [k, { ...o, value: o.value.map(part) }]));
    return { ...p, options };
}

export function pseudo(ast: Ast): Ast {
    const pad = '~'.repeat(Math.ceil(literals(ast) * 0.3));
    const literal = (value: string): Part => ({ type: 0, value });
    return [literal('⟦'), ...ast.map(part), literal(`${pad}⟧`)];
}
