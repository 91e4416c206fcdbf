#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
#
# Reads protocol.json and writes what is made from it: protocol.gen.h and .c, the client's
# protocol.gen.ts and PROTOCOL.md (prose from protocol.in.md). It refuses a description that is
# inconsistent and an example message that breaks the description. Standard library only.
#   gen.py [OUTPUT_FOLDER]    the folder stands for the top of the repository (the default)
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BIG_MAX = 2**53 - 1
WORD_MAX = 64
TYPES = {'bool', 'int', 'id', 'time', 'string', 'enum', 'struct', 'list', 'ints'}
C_WORDS = {'break', 'case', 'default', 'else', 'for', 'if', 'int', 'long', 'short', 'switch'}
MADE = 'Generated from common/protocol/protocol.json by gen.py: change that, not this.'


class Bad(Exception):
    pass


def camel(name):
    return ''.join(part.capitalize() for part in name.split('_'))


def c_name(name):
    return name + '_' if name in C_WORDS else name


# ---------------------------------------------------------------- the description, checked

def check_field(p, where, f):
    t = f.get('type')
    if t not in TYPES:
        raise Bad(f'{where}: unknown type {t}')
    if t == 'enum' and f['of'] not in p['enums']:
        raise Bad(f'{where}: no enum {f["of"]}')
    if t in ('struct', 'list') and f['of'] not in p['structs']:
        raise Bad(f'{where}: no struct {f["of"]}')
    if t in ('string', 'list', 'ints') and f.get('max', 0) < 1:
        raise Bad(f'{where}: needs a max')
    if t == 'int' and not 0 <= f['min'] <= f['max'] <= 2**31 - 1:
        raise Bad(f'{where}: bad limits')
    if f.get('optional') and t not in ('string', 'int', 'id', 'time'):
        raise Bad(f'{where}: {t} cannot be optional')


def check(p):
    for words in p['enums'].values():
        for word in words:
            if not word.isidentifier() or word != word.lower() or len(word) > WORD_MAX:
                raise Bad(f'bad word {word}')
    for name, fields in p['structs'].items():
        for key, f in fields.items():
            check_field(p, f'{name}.{key}', f)
    check_media(p['media'])
    for side in ('client', 'server'):
        for name, m in p[side].items():
            for key, f in m['fields'].items():
                if key == 'type':
                    raise Bad(f'{side} {name}: "type" is taken')
                check_field(p, f'{side} {name}.{key}', f)
    for i, step in enumerate(p['example']):
        if 'message' in step:
            check_message(p, step['from'], step['message'], f'example {i}')


def check_media(m):
    at = 0
    for field in m['header']:
        if field['at'] != at:
            raise Bad(f'media header: {field["name"]} is not at {at}')
        at += field['bytes']
    if at != m['constants']['header_bytes']['value']:
        raise Bad('media header: header_bytes is not its length')


def check_value(p, f, v, where):
    t = f['type']
    if t in ('int', 'id', 'time'):
        low, high = limits(f)
        good = type(v) is int and low <= v <= high
    elif t == 'bool':
        good = type(v) is bool
    elif t == 'string':
        good = isinstance(v, str) and len(v.encode()) <= f['max']
    elif t == 'enum':
        good = v in p['enums'][f['of']]
    elif t == 'ints':
        good = isinstance(v, list) and len(v) <= f['max'] and all(type(n) is int for n in v)
    elif t == 'struct':
        good = isinstance(v, dict)
        check_fields(p, p['structs'][f['of']], v, where)
    else:
        good = isinstance(v, list) and len(v) <= f['max']
        for item in v:
            check_fields(p, p['structs'][f['of']], item, where)
    if not good:
        raise Bad(f'{where}: bad value {v!r}')


def check_fields(p, fields, v, where):
    for key in v:
        if key not in fields:
            raise Bad(f'{where}: unknown field {key}')
    for key, f in fields.items():
        if key in v:
            check_value(p, f, v[key], f'{where}.{key}')
        elif not f.get('optional'):
            raise Bad(f'{where}: {key} is missing')


def check_message(p, side, message, where):
    fields = dict(message)
    name = fields.pop('type')
    check_fields(p, p[side][name]['fields'], fields, where)


def limits(f):
    if f['type'] == 'id':
        return 1, BIG_MAX
    if f['type'] == 'time':
        return 0, BIG_MAX
    return f['min'], f['max']


# ---------------------------------------------------------------- C

def c_member(f, key):
    t, name = f['type'], c_name(key)
    if t == 'bool':
        return [f'bool {name};']
    if t in ('int', 'id', 'time'):
        kind = 'int' if t == 'int' else 'int64_t'
        return ([f'bool has_{name};'] if f.get('optional') else []) + [f'{kind} {name};']
    if t == 'string':
        note = ' /* NULL = absent */' if f.get('optional') else ''
        return [f'const char *{name};{note}']
    if t == 'enum':
        return [f'enum sig_{f["of"]} {name};']
    if t == 'struct':
        return [f'struct sig_{f["of"]} {name};']
    item = 'uint16_t' if t == 'ints' else f'struct sig_{f["of"]}'
    return [f'const {item} *{name};', f'size_t {name}_n;']


def c_struct(tag, fields, about=''):
    out = [f'/* {about} */'] if about else []
    out.append(f'struct {tag} {{')
    for key, f in fields.items():
        out += ['    ' + line for line in c_member(f, key)]
    if not fields:
        out.append('    char nothing; /* C has no empty struct */')
    return out + ['};', '']


def c_side(p, side):
    out = []
    for name, m in p[side].items():
        out += c_struct(f'sig_{side}_{name}', m['fields'], m['about'])
    out.append(f'enum sig_{side}_kind {{')
    out += [f'    SIG_{side.upper()}_{name.upper()},' for name in p[side]]
    out += ['};', f'#define SIG_{side.upper()}_KINDS {len(p[side])}', '']
    out += [f'struct sig_{side} {{', f'    enum sig_{side}_kind kind;', '    union {']
    out += [f'        struct sig_{side}_{name} {c_name(name)};' for name in p[side]]
    out += ['    } u;', '    json_t *owner; /* of the strings of a parsed message; NULL otherwise */',
            '};', '', f'extern const struct shape sig_{side}_shapes[SIG_{side.upper()}_KINDS];', '']
    return out


C_HEAD = '''/* SPDX-License-Identifier: Apache-2.0
 *
 * %s
 *
 * The signalling messages. A parsed message borrows its strings from `owner`
 * and owns its lists: release it with its free function. A message that is
 * only written borrows everything and needs no free.
 */
#ifndef PARTA_PROTOCOL_GEN_H
#define PARTA_PROTOCOL_GEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"
#include "common/protocol/shape.h"
'''

C_FUNCTIONS = '''/* Why a message was refused: what `error` tells its sender. */
struct sig_fault {
    enum sig_error code;
    char re[SIG_WORD_MAX + 1];    /* type of the refused message, or "" */
    char field[SIG_WORD_MAX + 1]; /* the field at fault, or "" */
};

/* text[0..len) as one message. ERR_PARSE with *fault filled; ERR_NOMEM. *out untouched on error. */
enum err sig_client_parse(const char *text, size_t len, struct sig_client *out,
                          struct sig_fault *fault) MUST_CHECK;
enum err sig_server_parse(const char *text, size_t len, struct sig_server *out,
                          struct sig_fault *fault) MUST_CHECK;
void sig_client_free(struct sig_client *m);
void sig_server_free(struct sig_server *m);

/* Appends the message. ERR_INVAL if a value is outside its limits (b keeps its length); ERR_NOMEM. */
enum err sig_client_write(const struct sig_client *m, struct strbuf *b) MUST_CHECK;
enum err sig_server_write(const struct sig_server *m, struct strbuf *b) MUST_CHECK;

#endif
'''


def c_media(m):
    out = ['/* Framing of media over WebSocket: see wsmedia.h. */']
    for name, c in m['constants'].items():
        v = c['value']
        out.append(f'#define SIG_MEDIA_{name.upper()} {v if v < 2**31 else f"INT64_C({v})"} /* {c["about"]} */')
    out += [f'#define SIG_MEDIA_AT_{f["name"].upper()} {f["at"]}' for f in m['header']]
    for group in ('kinds', 'flags'):
        word = group[:-1].upper()
        out += [f'#define SIG_MEDIA_{word}_{k.upper()} {v}' for k, v in m[group].items()]
    return out + ['']


def c_header(p):
    out = [C_HEAD % MADE, f'#define SIG_PROTOCOL "{p["protocol"]}"', f'#define SIG_PATH "{p["path"]}"',
           f'#define SIG_WORD_MAX {WORD_MAX}']
    for name, limit in p['limits'].items():
        out.append(f'#define SIG_LIMIT_{name.upper()} {limit["value"]} /* {limit["about"]} */')
    out += [''] + c_media(p['media'])
    for name, words in p['enums'].items():
        out.append(f'enum sig_{name} {{')
        out += [f'    SIG_{name.upper()}_{word.upper()}, /* {about} */' for word, about in words.items()]
        out += ['};', f'#define SIG_{name.upper()}_WORDS {len(words)}',
                f'const char *sig_{name}_name(enum sig_{name} v); /* the word on the wire */',
                f'bool sig_{name}_parse(const char *word, enum sig_{name} *out);', '']
    for name, fields in p['structs'].items():
        out += c_struct('sig_' + name, fields)
    return '\n'.join(out + c_side(p, 'client') + c_side(p, 'server')) + '\n' + C_FUNCTIONS


def c_row(f, key, tag):
    t, name = f['type'], c_name(key)
    row = [f'.name = "{key}"', f'.at = offsetof(struct {tag}, {name})']
    kinds = {'bool': 'BOOL', 'int': 'INT', 'id': 'BIG', 'time': 'BIG', 'string': 'STRING',
             'enum': 'ENUM', 'struct': 'STRUCT', 'list': 'LIST', 'ints': 'INTS'}
    row.insert(1, f'.type = SHAPE_{kinds[t]}')
    if f.get('optional'):
        row.append('.optional = true')
        if t != 'string':
            row.append(f'.extra = offsetof(struct {tag}, has_{name})')
    if t in ('int', 'id', 'time'):
        low, high = limits(f)
        row += [f'.min = {low}', f'.max = INT64_C({high})']
    if t in ('string', 'list', 'ints'):
        row.append(f'.max = {f["max"]}')
    if t in ('list', 'ints'):
        row.append(f'.extra = offsetof(struct {tag}, {name}_n)')
    if t == 'enum':
        row += [f'.words = words_{f["of"]}', f'.words_n = SIG_{f["of"].upper()}_WORDS']
    if t in ('struct', 'list'):
        row.append(f'.sub = &shape_{f["of"]}')
    return '    { ' + ', '.join(row) + ' },'


def c_fields(tag, fields, array):
    if not fields:
        return []
    return [f'static const struct shape_field {array}[] = {{'] + \
        [c_row(f, key, tag) for key, f in fields.items()] + ['};', '']


def c_shape(name, tag, fields, array):
    rows = f'{array}, {len(fields)}' if fields else 'NULL, 0'
    return f'{{ "{name}", {rows}, sizeof(struct {tag}) }}'


def c_source(p):
    out = ['/* SPDX-License-Identifier: Apache-2.0', ' *', f' * {MADE}', ' */',
           '#include "common/protocol/protocol.gen.h"', '', '#include <string.h>', '']
    for name, words in p['enums'].items():
        list_ = ', '.join(f'"{w}"' for w in words)
        out += [f'static const char *const words_{name}[] = {{ {list_} }};',
                f'_Static_assert(sizeof(enum sig_{name}) == sizeof(int), "read as int");', '',
                f'const char *sig_{name}_name(enum sig_{name} v)', '{',
                f'    return (unsigned)v < SIG_{name.upper()}_WORDS ? words_{name}[v] : "";', '}', '',
                f'bool sig_{name}_parse(const char *word, enum sig_{name} *out)', '{',
                f'    for (int i = 0; i < SIG_{name.upper()}_WORDS; i++) {{',
                f'        if (strcmp(word, words_{name}[i]) == 0) {{',
                f'            *out = (enum sig_{name})i;', '            return true;', '        }',
                '    }', '    return false;', '}', '']
    for name, fields in p['structs'].items():
        out += c_fields('sig_' + name, fields, f'fields_{name}')
        shape = c_shape(name, 'sig_' + name, fields, f'fields_{name}')
        out += [f'static const struct shape shape_{name} = {shape};', '']
    for side in ('client', 'server'):
        for name, m in p[side].items():
            out += c_fields(f'sig_{side}_{name}', m['fields'], f'fields_{side}_{name}')
        out.append(f'const struct shape sig_{side}_shapes[SIG_{side.upper()}_KINDS] = {{')
        for name, m in p[side].items():
            tag = f'sig_{side}_{name}'
            out.append('    ' + c_shape(name, tag, m['fields'], f'fields_{side}_{name}') + ',')
        out += ['};', '']
    return '\n'.join(out)


# ---------------------------------------------------------------- TypeScript

TS_NAMES = {'close': 'CloseCode', 'error': 'ErrorCode', 'notice': 'NoticeCode'}


def ts_enum(name):
    return TS_NAMES.get(name, camel(name))


def ts_type(f):
    t = f['type']
    if t in ('int', 'id', 'time'):
        return 'number'
    return {'bool': 'boolean', 'string': 'string', 'ints': 'number[]'}.get(t) or \
        (ts_enum(f['of']) if t == 'enum' else camel(f['of']) + ('[]' if t == 'list' else ''))


def ts_interface(name, fields, type_word='', about=''):
    out = [f'/** {about} */'] if about else []
    out.append(f'export interface {name} {{')
    if type_word:
        out.append(f"  type: '{type_word}';")
    for key, f in fields.items():
        note = f'  /** {f["about"]} */' if 'about' in f else ''
        out += [note] if note else []
        optional = f.get('optional')
        out.append(f'  {key}{"?" if optional else ""}: {ts_type(f)}{" | null" if optional else ""};')
    return out + ['}', '']


def ts_rule(f):
    t = f['type']
    optional = ', optional: true' if f.get('optional') else ''
    if t in ('int', 'id', 'time'):
        low, high = limits(f)
        return f"{{ t: 'int', min: {low}, max: {high}{optional} }}"
    if t in ('string', 'ints'):
        return f"{{ t: '{t}', max: {f['max']}{optional} }}"
    if t == 'enum':
        return f"{{ t: 'enum', words: {f['of'].upper()}_WORDS }}"
    if t == 'struct':
        return f"{{ t: 'struct', of: '{f['of']}' }}"
    if t == 'list':
        return f"{{ t: 'list', of: '{f['of']}', max: {f['max']} }}"
    return f"{{ t: '{t}' }}"


def ts_rules(name, table):
    out = [f'const {name}: Record<string, Record<string, Rule>> = {{']
    for key, fields in table.items():
        out.append(f'  {key}: {{')
        out += [f'    {k}: {ts_rule(f)},' for k, f in fields.items()]
        out.append('  },')
    return out + ['};', '']


TS_CHECK = '''export type Parsed =
  | { ok: true; message: ServerMessage }
  | { ok: false; code: ErrorCode; field: string };

interface Fault {
  code: ErrorCode;
  field: string;
}

function utf8Bytes(text: string): number {
  let n = 0;
  for (const c of text) {
    const point = c.codePointAt(0) ?? 0;
    n += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return n;
}

function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

function isInt(v: unknown, min: number, max: number): boolean {
  return typeof v === 'number' && Number.isInteger(v) && v >= min && v <= max;
}

function checkList(v: unknown, max: number, field: string): Fault | null {
  if (!Array.isArray(v)) return { code: 'bad_field', field };
  return v.length > max ? { code: 'too_long', field } : null;
}

function checkStruct(of: string, v: unknown, field: string): Fault | null {
  const rules = STRUCT_RULES[of];
  if (!rules || !isObject(v)) return { code: 'bad_field', field };
  const fault = checkFields(rules, v);
  return fault && { code: fault.code, field: `${field}.${fault.field}` };
}

function checkValue(rule: Rule, v: unknown, field: string): Fault | null {
  const bad: Fault = { code: 'bad_field', field };
  switch (rule.t) {
    case 'bool':
      return typeof v === 'boolean' ? null : bad;
    case 'int':
      return isInt(v, rule.min, rule.max) ? null : bad;
    case 'string':
      if (typeof v !== 'string') return bad;
      return utf8Bytes(v) > rule.max ? { code: 'too_long', field } : null;
    case 'enum':
      return typeof v === 'string' && rule.words.includes(v) ? null : bad;
    case 'struct':
      return checkStruct(rule.of, v, field);
    case 'ints':
      return (
        checkList(v, rule.max, field) ??
        ((v as unknown[]).every((n) => isInt(n, 1, 65535)) ? null : bad)
      );
    case 'list': {
      const fault = checkList(v, rule.max, field);
      if (fault) return fault;
      for (const item of v as unknown[]) {
        const inner = checkStruct(rule.of, item, field);
        if (inner) return inner;
      }
      return null;
    }
  }
}

function checkFields(rules: Record<string, Rule>, v: Record<string, unknown>): Fault | null {
  for (const [name, rule] of Object.entries(rules)) {
    const value = v[name];
    const optional = 'optional' in rule && rule.optional === true;
    if (value === undefined || (value === null && optional)) {
      if (optional) continue;
      return { code: 'missing_field', field: name };
    }
    const fault = checkValue(rule, value, name);
    if (fault) return fault;
  }
  for (const name of Object.keys(v)) {
    if (!Object.hasOwn(rules, name)) return { code: 'unknown_field', field: name };
  }
  return null;
}

/** One message of the server, or what is wrong with it. */
export function parseServer(text: string): Parsed {
  let v: unknown;
  try {
    v = JSON.parse(text);
  } catch {
    return { ok: false, code: 'malformed', field: '' };
  }
  if (!isObject(v)) return { ok: false, code: 'malformed', field: '' };
  const { type, ...fields } = v;
  if (typeof type !== 'string') {
    const code = type === undefined ? 'missing_field' : 'bad_field';
    return { ok: false, code, field: 'type' };
  }
  const rules = Object.hasOwn(SERVER_RULES, type) ? SERVER_RULES[type] : undefined;
  if (!rules) return { ok: false, code: 'unknown_type', field: 'type' };
  const fault = checkFields(rules, fields);
  return fault ? { ok: false, ...fault } : { ok: true, message: v as unknown as ServerMessage };
}

export function encodeClient(message: ClientMessage): string {
  return JSON.stringify(message);
}
'''

TS_RULE = '''type Rule =
  | { t: 'bool' }
  | { t: 'int'; min: number; max: number; optional?: true }
  | { t: 'string'; max: number; optional?: true }
  | { t: 'ints'; max: number }
  | { t: 'enum'; words: readonly string[] }
  | { t: 'struct'; of: string }
  | { t: 'list'; of: string; max: number };
'''


def ts_union(side, p):
    return [f'export type {camel(side)}Message ='] + \
        [f'  | {camel(side)}{camel(name)}' for name in p[side]] + ['  ;', '']


def ts_media(m):
    out = ['/** Framing of media over WebSocket. */', 'export const MEDIA = {']
    out += [f'  /** {c["about"]} */\n  {k}: {c["value"]},' for k, c in m['constants'].items()]
    out += ['  /** offsets in the header */', '  at: {']
    out += [f'    {f["name"]}: {f["at"]},' for f in m['header']] + ['  },']
    for group in ('kinds', 'flags'):
        out += [f'  {group}: {{'] + [f'    {k}: {v},' for k, v in m[group].items()] + ['  },']
    return out + ['} as const;', '']


def typescript(p):
    out = ['// SPDX-License-Identifier: Apache-2.0', '//', f'// {MADE}',
           '// The signalling messages as types, and the strict check of what the server says.', '',
           f"export const PROTOCOL = '{p['protocol']}';", f"export const PATH = '{p['path']}';",
           'export const LIMITS = {']
    out += [f'  /** {v["about"]} */\n  {k}: {v["value"]},' for k, v in p['limits'].items()]
    out += ['} as const;', ''] + ts_media(p['media'])
    for name, words in p['enums'].items():
        out.append(f'export const {name.upper()}_WORDS = [')
        out += [f"  /** {about} */\n  '{w}'," for w, about in words.items()]
        out += ['] as const;',
                f'export type {ts_enum(name)} = (typeof {name.upper()}_WORDS)[number];', '']
    for name, fields in p['structs'].items():
        out += ts_interface(camel(name), fields)
    for side in ('client', 'server'):
        for name, m in p[side].items():
            out += ts_interface(camel(side) + camel(name), m['fields'], name, m['about'])
        out += ts_union(side, p)
    out.append(TS_RULE)
    out += ts_rules('STRUCT_RULES', p['structs'])
    out += ts_rules('SERVER_RULES', {k: m['fields'] for k, m in p['server'].items()})
    return '\n'.join(out) + TS_CHECK


# ---------------------------------------------------------------- PROTOCOL.md

def md_type(f):
    t = f['type']
    if t == 'int':
        return f'integer {f["min"]}..{f["max"]}'
    if t == 'string':
        return f'string, at most {f["max"]} bytes'
    if t == 'enum':
        return f'word of [{f["of"]}](#{f["of"].replace("_", "-")})'
    if t == 'struct':
        return f'object [{f["of"]}](#{f["of"].replace("_", "-")})'
    if t == 'list':
        return f'list of [{f["of"]}](#{f["of"].replace("_", "-")}), at most {f["max"]}'
    if t == 'ints':
        return f'list of integers 1..65535, at most {f["max"]}'
    return {'bool': 'true or false', 'id': 'integer from 1: an id', 'time': 'integer: a time'}[t]


def md_fields(fields):
    if not fields:
        return ['No fields.', '']
    out = ['| field | type | meaning |', '|---|---|---|']
    for key, f in fields.items():
        note = ('optional; ' if f.get('optional') else '') + f.get('about', '')
        out.append(f'| `{key}` | {md_type(f)} | {note.strip("; ")} |')
    return out + ['']


def md_messages(p, side):
    out = []
    for name, m in p[side].items():
        out += [f'#### `{name}`', m['about'], ''] + md_fields(m['fields'])
    return '\n'.join(out).rstrip()


def md_enums(p):
    out = []
    for name, words in p['enums'].items():
        out += [f'#### {name.replace("_", "-")}', '', '| word | meaning |', '|---|---|']
        out += [f'| `{word}` | {about} |' for word, about in words.items()] + ['']
    return '\n'.join(out).rstrip()


def md_structs(p):
    out = []
    for name, fields in p['structs'].items():
        out += [f'#### {name.replace("_", "-")}', ''] + md_fields(fields)
    return '\n'.join(out).rstrip()


def md_example(p):
    out, code = [], False
    for step in p['example']:
        if 'note' in step:
            out += (['```', ''] if code else []) + [step['note'], '', '```']
            code = True
        if 'message' in step:
            mark = '→' if step['from'] == 'client' else '←'
            out.append(mark + ' ' + json.dumps(step['message'], ensure_ascii=False))
    return '\n'.join(out + ['```'])


def md_media(m):
    out = [m['about'], '', '| offset | bytes | field | meaning |', '|---|---|---|---|']
    out += [f'| {f["at"]} | {f["bytes"]} | `{f["name"]}` | {f["about"]} |' for f in m['header']]
    out += [f'| {m["constants"]["header_bytes"]["value"]} | the rest | payload | one Opus packet or one VP8 frame |',
            '', '| constant | value | meaning |', '|---|---|---|']
    out += [f'| `{k}` | {c["value"]} | {c["about"]} |' for k, c in m['constants'].items()] + ['']
    return '\n'.join(out + [f'{i}. {r}' for i, r in enumerate(m['rules'], 1)])


def markdown(p, prose):
    limits_ = ['| limit | value | meaning |', '|---|---|---|']
    limits_ += [f'| `{k}` | {v["value"]} | {v["about"]} |' for k, v in p['limits'].items()]
    parts = {'made': MADE, 'protocol': p['protocol'], 'path': p['path'], 'about': p['about'],
             'rules': '\n'.join(f'{i}. {r}' for i, r in enumerate(p['rules'], 1)),
             'limits': '\n'.join(limits_), 'client': md_messages(p, 'client'),
             'server': md_messages(p, 'server'), 'enums': md_enums(p), 'structs': md_structs(p),
             'example': md_example(p), 'media': md_media(p['media'])}
    for key, text in parts.items():
        if '{{' + key + '}}' not in prose:
            raise Bad(f'protocol.in.md does not use {key}')
        prose = prose.replace('{{' + key + '}}', text)
    return prose


def save(top, path, text):
    path = os.path.join(top, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else TOP
    if top.startswith('-'):
        sys.exit('usage: gen.py [FOLDER]')
    with open(os.path.join(HERE, 'protocol.json'), encoding='utf-8') as f:
        p = json.load(f)
    with open(os.path.join(HERE, 'protocol.in.md'), encoding='utf-8') as f:
        prose = f.read()
    check(p)
    save(top, 'common/protocol/protocol.gen.h', c_header(p))
    save(top, 'common/protocol/protocol.gen.c', c_source(p))
    save(top, 'client-web/src/core/protocol.gen.ts', typescript(p))
    save(top, 'common/protocol/PROTOCOL.md', markdown(p, prose))


if __name__ == '__main__':
    try:
        main()
    except Bad as why:
        sys.exit(f'protocol.json: {why}')
