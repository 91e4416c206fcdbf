// SPDX-License-Identifier: Apache-2.0
//
// Writes src/core/api.gen.ts from the schemas of common/openapi.yaml. A unit test fails when the file
// is out of date. Knows only the parts of JSON Schema that the description uses and stops at others.
import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const source = new URL('../../common/openapi.yaml', import.meta.url);
const target = new URL('../src/core/api.gen.ts', import.meta.url);

const quote = (value) => (value === null ? 'null' : typeof value === 'string' ? `'${value}'` : String(value));
// Names that TypeScript already has.
const RENAMED = { Date: 'CalendarDate', Error: 'ApiError' };
const rename = (name) => RENAMED[name] ?? name;
const SCALARS = { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' };

function type(schema, indent) {
    if (schema.$ref) return rename(schema.$ref.split('/').pop());
    if (schema.enum) return schema.enum.map(quote).join(' | ');
    if (schema.oneOf) return schema.oneOf.map((s) => type(s, indent)).join(' | ');
    if (schema.allOf?.length === 1) return type(schema.allOf[0], indent);
    if (Array.isArray(schema.type)) return schema.type.map((t) => SCALARS[t]).join(' | ');
    if (schema.type === 'array') {
        const item = type(schema.items, indent);
        return item.includes('|') ? `(${item})[]` : `${item}[]`;
    }
    if (schema.type === 'object') {
        const required = new Set(schema.required ?? []);
        const lines = Object.entries(schema.properties ?? {}).map(([name, s]) => {
            const about = s.description ? `${indent}    /** ${s.description.trim().replace(/\s+/g, ' ')} */\n` : '';
            return `${about}${indent}    ${name}${required.has(name) ? '' : '?'}: ${type(s, `${indent}    `)};`;
        });
        return `{\n${lines.join('\n')}\n${indent}}`;
    }
    const scalar = SCALARS[schema.type];
    if (!scalar) throw new Error(`no type for ${JSON.stringify(schema)}`);
    return scalar;
}

export function apiTypes() {
    const { schemas } = parse(readFileSync(source, 'utf8')).components;
    const parts = Object.entries(schemas).map(([given, s]) => {
        const name = rename(given);
        const about = s.description ? `/** ${s.description.trim().replace(/\s+/g, ' ')} */\n` : '';
        const body = type(s, '');
        return `${about}export ${body.startsWith('{') ? `interface ${name} ${body}` : `type ${name} = ${body};`}\n`;
    });
    return `// SPDX-License-Identifier: Apache-2.0\n//\n// Generated from common/openapi.yaml by tools/api-types.mjs: change that, not this.\n\n${parts.join('\n')}`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(target, apiTypes());
