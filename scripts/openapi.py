#!/usr/bin/env python3
"""Exports an api_catalog.json as OpenAPI 3.0, for generators that read nothing else.

usage: openapi.py CATALOG [COPIES] > openapi.json

Every endpoint becomes a POST with a JSON body and an enveloped JSON reply. OpenAPI has one operation per
path, so that a second one at the same path gets the path `/…/2`: said on standard error, one line each.
With COPIES every operation is there as often, below a path of its own.
"""

import json
import re
import sys

SCALARS = {
    "string": {"type": "string"},
    "int": {"type": "integer", "format": "int64"},
    "long": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
}
CHOICE = re.compile(r"(?:^|[；;，, （(])(-?\d+|[A-Za-z]\w*)：")


def scalar(word):
    """The schema of a type's word, lists included."""
    if word.endswith("[]"):
        return {"type": "array", "items": scalar(word[:-2])}
    return dict(SCALARS.get(word, {"type": "string"}))


def choices(row, schema):
    """Adds the values that a description lists, `1：…；2：…`, where there are two or more."""
    found = list(dict.fromkeys(CHOICE.findall(row["说明"])))
    # A closed list of the envelope's codes would make every other code undecodable.
    if len(found) < 2 or row["path"] == "code":
        return
    if schema["type"] == "integer" and all(re.fullmatch(r"-?\d+", value) for value in found):
        schema["enum"] = [int(value) for value in found]
    elif schema["type"] == "string":
        schema["enum"] = found


def place(root, row):
    """Puts a row where its dotted path says: `data.sns[].id`."""
    at = root
    *above, last = row["path"].split(".")
    for name in above:
        name, is_list = name.removesuffix("[]"), name.endswith("[]")
        held = at["properties"].setdefault(name, {})
        if is_list:
            held.setdefault("type", "array")
            held = held.setdefault("items", {})
        held["type"] = "object"
        at = held
        at.setdefault("properties", {})
    name = last.removesuffix("[]")
    word = row["类型"]
    if word == "null":
        return
    schema = scalar(word)
    choices(row, schema)
    schema["description"] = row["说明"]
    schema.update(at["properties"].get(name, {}))
    at["properties"][name] = schema
    if row.get("必选") == "是":
        at.setdefault("required", []).append(name)


def tree(rows):
    """All rows of a table as one schema."""
    root = {"type": "object", "properties": {}}
    for row in rows:
        if row.get("path"):
            place(root, row)
    return root


def camel(identity):
    """`biao_qian_addContactLabel` as the name of a schema."""
    return "".join(part[:1].upper() + part[1:] for part in identity.split("_"))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        catalog = json.load(file)["catalog"]
    copies = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    paths, schemas = {}, {}
    for copy, entry in ((copy, entry) for copy in range(copies) for entry in catalog):
        if entry["kind"] != "endpoint":
            continue
        identity, path = entry["operationId"], entry["path"]
        if copies > 1:
            identity, path = f"m{copy}_{identity}", f"/m{copy}{path}"
        if path in paths:
            path += "/2"
            if copy == 0:
                print(f"{identity}: {entry['path']} is taken, exported as {path}", file=sys.stderr)
        name = camel(identity)
        schemas[f"{name}Body"] = tree(entry["params"])
        schemas[f"{name}Reply"] = tree(entry["returns"])

        def held(kind):
            schema = {"$ref": f"#/components/schemas/{name}{kind}"}
            return {"content": {"application/json": {"schema": schema}}}

        paths[path] = {
            "post": {
                "operationId": identity,
                "summary": entry["title"],
                "tags": [entry["module"]],
                "requestBody": {"required": True, **held("Body")},
                "responses": {"200": {"description": "the envelope", **held("Reply")}},
            }
        }
    document = {
        "openapi": "3.0.3",
        "info": {"title": "gateway", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
