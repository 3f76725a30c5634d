#!/usr/bin/env bash
# Measures our SDK beside progenitor's client of the same 127 operations, and prints a Markdown table.
#
# usage: scripts/bench-peers.sh [RUNS]        RUNS: how often a build is timed, the median counts (5)
#
# By hand, not in CI: it takes some twenty minutes and installs cargo-progenitor from the registry. Everything it
# writes is below target/peers; nothing is called over a network, the programs that it builds are only
# measured. Timings are wall clock and, in parentheses, processor time: where the machine does other things
# as well, read the latter, and ratios rather than seconds.
# PEERS_LARGE=1 adds the generation of 10,160 operations by progenitor.
set -euo pipefail

runs=${1:-5}
root=$(cd "$(dirname "$0")/.." && pwd)
peers=$root/target/peers
export CARGO_TARGET_DIR=$peers/build
mkdir -p "$peers/apps"

say() { echo "bench-peers: $*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

for tool in python3 cargo bc; do
  have "$tool" || { say "$tool is missing"; exit 1; }
done

# seconds COMMAND...: how long it takes, and how long the processors work on it.
seconds() {
  local TIMEFORMAT='%R %U %S' spent
  spent=$({ time "$@" >"$peers/log" 2>&1; } 2>&1) || {
    say "failed: $*"
    tail -n 20 "$peers/log" >&2
    return 1
  }
  awk '{ print $1, $2 + $3 }' <<<"$spent"
}

# middle COLUMN: the median of a column of the input.
middle() { awk -v column="$1" 'NF { print $column }' | sort -n | sed -n "$(((runs + 1) / 2))p"; }

# median BEFORE COMMAND...: the median of all runs; BEFORE is run, untimed, before each.
median() {
  local before=$1 times="" time _
  shift
  for _ in $(seq "$runs"); do
    "$before"
    time=$(seconds "$@") || { echo "failed"; return; }
    times+=$time$'\n'
  done
  awk -v wall="$(middle 1 <<<"$times")" -v busy="$(middle 2 <<<"$times")" \
    'BEGIN { printf wall < 1 ? "%.3f s (%.3f)" : "%.2f s (%.2f)", wall, busy }'
}

# peak COMMAND...: how long it takes, and the most memory that it held.
peak() {
  python3 - "$@" <<'PY' || echo "failed"
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
busy = used.ru_utime + used.ru_stime
print(f"{wall:.2f} s ({busy:.2f}) / {used.ru_maxrss / 1024:.0f} MB")
PY
}

nothing() { :; }
in_peers() { (cd "$peers" && "$@"); }

say "progenitor, from the registry"
if [ ! -x "$peers/bin/cargo-progenitor" ]; then
  cargo install --quiet cargo-progenitor --root "$peers"
fi
progenitor() { "$peers/bin/cargo-progenitor" progenitor "$@"; }

say "the catalog as OpenAPI"
catalog=$root/catalog/providers/eyun/api_catalog.json
python3 "$root/scripts/openapi.py" "$catalog" >"$peers/openapi.json"
peer_generate() {
  progenitor --input "$peers/openapi.json" --output "$peers/progenitor" \
    --name progenitor-peer --version 0.1.0
}
peer_forget() { rm -rf "$peers/progenitor"; }
peer_generation=$(median peer_forget peer_generate)

say "ours"
(cd "$root" && cargo build --quiet --profile xtask --package xtask)
xtask=$CARGO_TARGET_DIR/xtask/xtask
codegen() { (cd "$root" && "$xtask" codegen --provider eyun --out "$peers/out"); }
forget_out() { rm -rf "$peers/out"; }
if codegen >"$peers/log" 2>&1; then
  our_generation=$(median forget_out codegen)
  codegen >/dev/null 2>&1
  our_repeat=$(median nothing codegen)
else
  say "cargo xtask codegen --out does not run here: $(tail -n 1 "$peers/log")"
  our_generation="not run"
  our_repeat="not run"
fi

say "ours, 10,160 operations"
large_catalog() { (cd "$root" && cargo run --quiet --package tests --example large_catalog -- 80 "$peers/catalog"); }
rm -rf "$peers/catalog" "$peers/large-out"
large_catalog
our_large=$(cd "$root" && peak "$xtask" codegen --catalog "$peers/catalog" --out "$peers/large-out")

say "generation in memory"
estimate() {
  python3 - "$CARGO_TARGET_DIR/criterion/$1/new/estimates.json" <<'PY' || echo "not run"
import json, sys
print(f"{json.load(open(sys.argv[1]))['median']['point_estimate'] / 1e9:.3f} s")
PY
}
bench() { (cd "$root" && cargo bench --quiet --package tests --bench generating -- "$@"); }
small_alone="not run" large_alone="not run" small="not run" large="not run"
if bench >"$peers/log" 2>&1; then
  small_alone=$(estimate generate/127)
  large_alone=$(estimate generate/10160)
  small=$(estimate "read and generate/127")
  large=$(estimate "read and generate/10160")
else
  say "the benchmark does not run: $(tail -n 1 "$peers/log")"
fi
peer_large="not run (PEERS_LARGE=1)"
if [ "${PEERS_LARGE:-0}" = 1 ]; then
  python3 "$root/scripts/openapi.py" "$catalog" 80 >"$peers/large.json" 2>/dev/null
  peer_large=$(peak "$peers/bin/cargo-progenitor" progenitor --input "$peers/large.json" \
    --output "$peers/large" --name large --version 0.1.0)
fi

say "the crates and the applications"
peer_forget
peer_generate >/dev/null 2>&1
rm -rf "$peers/sdk" "$peers/apps"
mkdir -p "$peers/apps"
cp -r "$root/generated-sdk" "$peers/sdk"
python3 "$root/scripts/peer_apps.py" "$peers/sdk" "$peers/progenitor" \
  "$root/tests/benches/codec/calls.rs" "$peers/apps"
cat >"$peers/Cargo.toml" <<'TOML'
[workspace]
resolver = "3"
members = ["sdk", "progenitor", "apps/*"]

[workspace.dependencies]
generated-sdk = { path = "sdk", default-features = false, features = ["eyun", "reqwest"] }

[profile.release]
strip = true
TOML

ours=(--package generated-sdk --no-default-features --features eyun,reqwest)
theirs=(--package progenitor-peer)
touch_ours() { touch "$peers/sdk/src/lib.rs"; }
touch_theirs() { touch "$peers/progenitor/src/lib.rs"; }
# Every file of the crate is compiled anew, without a trace of the run before.
clean_ours() { in_peers cargo clean --quiet --package generated-sdk; }
clean_theirs() { in_peers cargo clean --quiet --package progenitor-peer; }

crates() { in_peers cargo tree --edges normal,build --prefix none "$@" | sed 's/ (\*)$//' | sort -u | wc -l; }
our_crates=$(crates "${ours[@]}")
peer_crates=$(crates "${theirs[@]}")

say "cargo check"
in_peers cargo check --quiet "${ours[@]}"
in_peers cargo check --quiet "${theirs[@]}"
our_check=$(median clean_ours in_peers cargo check "${ours[@]}")
peer_check=$(median clean_theirs in_peers cargo check "${theirs[@]}")

say "release builds"
in_peers cargo build --quiet --release "${ours[@]}"
in_peers cargo build --quiet --release "${theirs[@]}"
our_release=$(median touch_ours in_peers cargo build --release "${ours[@]}")
peer_release=$(median touch_theirs in_peers cargo build --release "${theirs[@]}")

say "applications"
app() { in_peers cargo build --quiet --release --package "$1"; }
size() { awk -v bytes="$(wc -c <"$CARGO_TARGET_DIR/release/$1")" 'BEGIN { printf "%.2f MB", bytes / 1e6 }'; }
for name in sdk-one sdk-all peer-one peer-all hand-one codec; do app "$name"; done
touch_app() { touch "$peers/apps/sdk-all/src/main.rs" "$peers/apps/peer-all/src/main.rs"; }
our_rebuild=$(median touch_app app sdk-all)
peer_rebuild=$(median touch_app app peer-all)

say "instructions of a call"
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
counted() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$CARGO_TARGET_DIR/release/codec" "$1" "$2" 2>&1 |
    sed -n 's/.*Collected : //p'
}
instructions() { echo "($(counted "$1" 600) - $(counted "$1" 100)) / 500" | bc; }
if have valgrind; then
  sdk_short=$(instructions sdk-short)
  sdk_long=$(instructions sdk-long)
  hand_short=$(instructions hand-short)
  hand_long=$(instructions hand-long)
  our_short="$sdk_short, $(ratio "$sdk_short" "$hand_short") ×"
  our_long="$sdk_long, $(ratio "$sdk_long" "$hand_long") ×"
else
  say "valgrind is missing: no instructions are counted"
  hand_short="not run"; hand_long="not run"; our_short="not run"; our_long="not run"
fi

cat <<TABLE
| | by hand | progenitor | ours | budget |
|---|---|---|---|---|
| generate 127 operations, the command | – | $peer_generation | $our_generation | – |
| the same, nothing changed | – | – | $our_repeat | 0.01 s |
| generate 127 in memory / with reading | – | – | $small_alone / $small | 0.05 s |
| generate 10,160 in memory / with reading | – | – | $large_alone / $large | – |
| generate 10,160, the command: time / peak memory | – | $peer_large | $our_large | 3.5 s / 400 MB |
| \`cargo check\` of the crate alone | – | $peer_check | $our_check | 1.9 s |
| its release build alone | – | $peer_release | $our_release | 4 s |
| rebuild of an app that calls all 127 | – | $peer_rebuild | $our_rebuild | 4 s |
| stripped binary, 1 call | $(size hand-one) | $(size peer-one) | $(size sdk-one) | 1.9 MB |
| stripped binary, all 127 calls | – | $(size peer-all) | $(size sdk-all) | 2.5 MB |
| encode + decode of sendText, instructions | $hand_short | – | $our_short | 1.5 × |
| encode + decode of getCircle, instructions | $hand_long | – | $our_long | 1.5 × |
| crates in the tree | – | $peer_crates | $our_crates | 72 |
TABLE
