#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks answers of the server against common/openapi.yaml.

    contract.py SPEC                 the description alone: references, closed objects, its own examples
    contract.py SPEC DUMP...         and every answer that the C tests wrote (one JSON object a line:
                                     {"method","path","status","type","body"})

It refuses what the description does not have: a path, a status without a schema, a field, a word of an
enum. It also refuses a dump that never touches a described operation, so a forgotten test is seen.
Only the part of JSON Schema that the description uses is known here; an unknown keyword is an error,
never skipped.
"""
import json
import re
import sys

import yaml

KNOWN = {"$ref", "type", "enum", "properties", "required", "additionalProperties", "items", "minItems",
         "maxItems", "uniqueItems", "minimum", "maximum", "minLength", "maxLength", "pattern", "oneOf",
         "allOf", "description", "default", "contentEncoding"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


class Spec:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.doc = yaml.safe_load(f)

    def follow(self, node):
        while isinstance(node, dict) and "$ref" in node:
            at = self.doc
            for part in node["$ref"].removeprefix("#/").split("/"):
                at = at[part]
            node = at
        return node

    def faults(self, value, schema, at="$"):
        """Sentences about what is wrong with value."""
        schema = self.follow(schema)
        unknown = set(schema) - KNOWN
        if unknown:
            raise SystemExit(f"contract.py does not know the keywords {sorted(unknown)} at {at}")
        out = []
        types = schema.get("type")
        if types is not None:
            types = [types] if isinstance(types, str) else types
            if not any(self.is_type(value, t) for t in types):
                return [f"{at}: {json.dumps(value, ensure_ascii=False)[:60]} is not {'/'.join(types)}"]
        if "enum" in schema and value not in schema["enum"]:
            out.append(f"{at}: {value!r} is not one of {schema['enum']}")
        if "oneOf" in schema:
            tries = [self.faults(value, s, at) for s in schema["oneOf"]]
            if sum(not t for t in tries) != 1:
                out.append(f"{at}: fits {sum(not t for t in tries)} of oneOf: {min(tries, key=len)[:3]}")
        for part in schema.get("allOf", []):
            out += self.faults(value, part, at)
        if isinstance(value, dict) and "properties" in schema:
            props = schema["properties"]
            out += [f"{at}.{k}: not documented" for k in value if k not in props]
            out += [f"{at}.{k}: missing" for k in schema.get("required", []) if k not in value]
            for k, v in value.items():
                if k in props:
                    out += self.faults(v, props[k], f"{at}.{k}")
        if isinstance(value, list):
            if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 1 << 30):
                out.append(f"{at}: {len(value)} items")
            if schema.get("uniqueItems") and len({json.dumps(v, sort_keys=True) for v in value}) != len(value):
                out.append(f"{at}: items repeat")
            for i, v in enumerate(value):
                out += self.faults(v, schema.get("items", {}), f"{at}[{i}]")
        if isinstance(value, int) and not isinstance(value, bool):
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                out.append(f"{at}: {value} out of range")
        if isinstance(value, str):
            if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 1 << 30):
                out.append(f"{at}: length {len(value)}")
            if "pattern" in schema and not re.search(schema["pattern"], value):
                out.append(f"{at}: {value!r} does not match {schema['pattern']}")
        return out

    @staticmethod
    def is_type(value, name):
        if name == "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, TYPES[name])

    def operations(self):
        for path, item in self.doc["paths"].items():
            for method, op in item.items():
                yield method.upper(), path, op

    def find(self, method, path):
        """The operation a concrete path belongs to; the longest template wins."""
        best = None
        for m, template, op in self.operations():
            rx = re.sub(r"\\{(\w+)\\}", r"[^/]+?", re.escape(template))
            if m == method and re.fullmatch(rx, path):
                if best is None or len(template) > len(best[0]):
                    best = (template, op)
        return best

    def answer(self, op, status):
        node = op["responses"].get(str(status)) or (op["responses"].get("default") if status >= 400 else None)
        return self.follow(node) if node else None


def check_examples(spec):
    out = []

    def walk(node, at):
        if isinstance(node, dict):
            spec.follow(node)
            if isinstance(node.get("schema"), dict):
                for e in [node["example"]] if "example" in node else []:
                    out.extend(spec.faults(e, node["schema"], at))
                for name, e in node.get("examples", {}).items():
                    out.extend(spec.faults(e["value"], node["schema"], f"{at}.{name}"))
            for k, v in node.items():
                walk(v, f"{at}/{k}")
        elif isinstance(node, list):
            for v in node:
                walk(v, at)

    walk(spec.doc, "")
    def keywords(schema, at):
        """An unknown keyword is most often a comma in an unquoted description."""
        if set(schema) - KNOWN:
            out.append(f"{at}: unknown keywords {sorted(set(schema) - KNOWN)}")
        for k, v in schema.get("properties", {}).items():
            keywords(v, f"{at}.{k}")
        for v in schema.get("oneOf", []) + schema.get("allOf", []):
            keywords(v, at)
        if "items" in schema:
            keywords(schema["items"], f"{at}[]")

    for name, schema in spec.doc["components"]["schemas"].items():
        keywords(schema, name)
        if schema.get("type") == "object":
            if schema.get("additionalProperties") is not False:
                out.append(f"schema {name} is not closed")
            out += [f"schema {name}: {k!r} is not a string: quote it" for k in schema["properties"] if not isinstance(k, str)]
            ghosts = set(schema.get("required", [])) - set(schema["properties"])
            if ghosts:
                out.append(f"schema {name} requires {sorted(ghosts)}, which it does not have")
    ids = [op["operationId"] for _, _, op in spec.operations()]
    out += [f"operationId {i} twice" for i in set(ids) if ids.count(i) > 1]
    return out


def check_dump(spec, path, seen):
    out = []
    with open(path, encoding="utf-8") as f:
        for n, line in enumerate(f, 1):
            d = json.loads(line)
            where = f"{d['method']} {d['path']} {d['status']} ({path}:{n})"
            found = spec.find(d["method"], d["path"].removeprefix("/api/v1"))
            if not found:
                if d["status"] not in (404, 405):
                    out.append(f"{where}: no such operation is described")
                    continue
                schema = {"$ref": "#/components/schemas/Refusal"}
            else:
                template, op = found
                answer = spec.answer(op, d["status"])
                if answer is None:
                    out.append(f"{where}: status is not described")
                    continue
                if d["status"] < 400:
                    seen.add((d["method"], template))
                media = answer.get("content", {})
                if not media:
                    if d["body"] is not None:
                        out.append(f"{where}: has a body, none is described")
                    continue
                kind = d["type"].split(";")[0]
                if kind not in media:
                    out.append(f"{where}: content type {kind!r}, described {sorted(media)}")
                    continue
                if kind != "application/json":
                    continue
                schema = media[kind]["schema"]
            out += [f"{where}: {fault}" for fault in spec.faults(d["body"], schema)]
    return out


def check_checker(spec, path):
    """A check that cannot fail is none: a good answer with one field more, or one less, must be at fault."""
    with open(path, encoding="utf-8") as f:
        for line in f:
            d = json.loads(line)
            found = spec.find(d["method"], d["path"].removeprefix("/api/v1"))
            if not found or d["status"] >= 300 or not isinstance(d["body"], dict) or not d["body"]:
                continue
            schema = spec.answer(found[1], d["status"])["content"]["application/json"]["schema"]
            more = dict(d["body"], ghost=1)
            less = {k: v for k, v in d["body"].items() if k not in spec.follow(schema)["required"][:1]}
            ok = any("ghost: not documented" in x for x in spec.faults(more, schema)) and any(
                "missing" in x for x in spec.faults(less, schema))
            return [] if ok else [f"{d['path']}: a spoilt answer was let through"]
    return [f"{path}: no answer to spoil"]


def main(argv):
    if len(argv) < 2:
        raise SystemExit(__doc__)
    spec = Spec(argv[1])
    faults = check_examples(spec)
    seen = set()
    for path in argv[2:]:
        faults += check_dump(spec, path, seen)
    if argv[2:]:
        faults += check_checker(spec, argv[2])
        faults += [f"{m} {p}: no test had a success from it" for m, p, _ in spec.operations() if (m, p) not in seen]
    for f in faults[:60]:
        print(f, file=sys.stderr)
    total = sum(1 for _ in spec.operations())
    print(f"contract: {total} operations, {len(seen)} answered, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
