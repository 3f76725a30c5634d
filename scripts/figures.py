#!/usr/bin/env python3
"""How large the house is: hand-written lines a room without tests, generated lines an operation, functions that are
longer than clippy.toml allows and why, and the files that know one fact of provider.toml.

usage: scripts/figures.py [FACT]      FACT: a key of provider.toml whose stops are counted (busy)
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Room, its folder, how many lines it should have at most.
ROOMS = [
    ("catalog", "catalog/src", 13_500),
    ("generator", "generator/src", 10_500),
    ("xtask", "xtask/src", 3_600),
    ("runtime", "generated-sdk/src/runtime", 15_500),
    ("mock", "mock/src", 6_500),
]


def tracked(folder):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    paths = (ROOT / line for line in listed.stdout.splitlines() if line.endswith(".rs"))
    return [path for path in paths if path.exists()]


def is_test(path, folder):
    inside = path.relative_to(ROOT / folder)
    return any(part == "tests" for part in inside.parts[:-1]) or re.match(r"tests(_\w+)?\.rs$", inside.name)


def without_tests(text):
    """The lines of a file, what stands below `#[cfg(test)] mod …` left out."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if line == "#[cfg(test)]" and re.match(r"mod \w+ \{", following):
            return lines[:at]
    return lines


def providers():
    return sorted(path.parent.name for path in (ROOT / "catalog/providers").glob("*/provider.toml"))


def operations(provider):
    catalog = json.loads((ROOT / "catalog/providers" / provider / "api_catalog.json").read_text())
    return sum(1 for entry in catalog["catalog"] if entry.get("kind", "endpoint") in ("endpoint", "command", "call"))


def lines_by_hand():
    print("| room | hand-written lines without tests | goal |\n|---|---|---|")
    for room, folder, goal in ROOMS:
        files = [path for path in tracked(folder) if not is_test(path, folder)]
        count = sum(len(without_tests(path.read_text())) for path in files)
        print(f"| {room} | {count:,} in {len(files)} files | {goal:,} |")


def lines_generated():
    print("\n| provider | generated lines | operations | lines an operation, events left out |\n|---|---|---|---|")
    total = 0
    for provider in providers():
        files = tracked(f"generated-sdk/src/{provider}")
        lines = {path: len(path.read_text().splitlines()) for path in files}
        count = sum(lines.values())
        total += count
        number = operations(provider)
        of_calls = sum(count for path, count in lines.items() if path.name != "callback.rs")
        print(f"| {provider} | {count:,} | {number} | {of_calls / number:.0f} |")
    print(f"| all | {total:,} | | |")


def long_functions():
    """Those that say why they are longer than clippy.toml's threshold; others fail clippy."""
    print("\nFunctions beyond clippy.toml's threshold, each with its reason:\n")
    reason = re.compile(r"too_many_lines,\s*reason = \"([^\"]*)\"")
    for folder in ["catalog", "generator", "xtask", "generated-sdk/src/runtime", "mock", "tests"]:
        for path in tracked(folder):
            for found in reason.finditer(path.read_text()):
                print(f"- {path.relative_to(ROOT)}: {found[1]}")


def stops(fact):
    word = re.compile(rf"\b{fact}\b|\bis_{fact}\b")
    print(f"\nFiles that know `{fact}` (tests left out):\n")
    for _, folder, _ in ROOMS:
        for path in tracked(folder):
            if is_test(path, folder):
                continue
            count = sum(1 for line in without_tests(path.read_text()) if word.search(line))
            if count:
                print(f"- {path.relative_to(ROOT)}: {count} lines")


lines_by_hand()
lines_generated()
long_functions()
stops(sys.argv[1] if len(sys.argv) > 1 else "busy")
