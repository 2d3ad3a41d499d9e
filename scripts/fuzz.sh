#!/usr/bin/env bash
# Fuzzes the parsers of the library, and those of bundles, with libFuzzer, on the toolchain that builds the product.
#
#   scripts/fuzz.sh list                   the formats, one a line
#   scripts/fuzz.sh FORMAT [SECONDS]       one parser, 600 seconds unless given
#   scripts/fuzz.sh all [SECONDS]          every parser, each for so long, as many at a time as there are processors
#
# Seeds are the small files of this repository, and of ../shared/data where that is. What is found lies in fuzz/artifacts; each
# becomes a test. Coverage of earlier runs is kept in fuzz/corpus.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly TARGET="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
readonly TRIPLE=x86_64-unknown-linux-gnu
readonly FUZZERS="$TARGET/$TRIPLE/release"
# What a stranger may have written of a bundle.
readonly EVIDENCE=(bundle envelope jwks manifest note proof timestamp)
# What cargo-fuzz passes for coverage, without a sanitizer: safe Rust needs none, and those need a nightly compiler.
readonly COVERAGE="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing"

main() {
  case "${1:-}" in
    list) formats ;;
    all) build && formats | xargs -P "$(nproc)" -I{} bash scripts/fuzz.sh run {} "${2:-600}" ;;
    run) run "$2" "$3" ;;
    "" | -*) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
    *) build && run "$1" "${2:-600}" ;;
  esac
}

build() {
  RUSTFLAGS="$COVERAGE" cargo build --manifest-path fuzz/Cargo.toml --release --target "$TRIPLE" \
    --target-dir "$TARGET" >&2
}

formats() {
  grep -rhoE '^\s+key: "[a-z0-9-]+"' crates/export-source-library/src/formats crates/export-source-library/src/formats.rs |
    grep -oE '"[^"]+"' | tr -d '"' | grep -vx cyclonedx-vex | sort # which is read as cyclonedx
  echo recognise
  printf '%s\n' "${EVIDENCE[@]}"
}

run() {
  local format=$1 seconds=$2
  local corpus=fuzz/corpus/$format seeds
  seeds=$(mktemp -d)
  mkdir -p "$corpus" "fuzz/artifacts/$format"
  local folder fuzzer=inputs
  [[ " ${EVIDENCE[*]} " != *" $format "* ]] || fuzzer=evidence
  for folder in fixtures crates/export-seal/tests/vectors ../shared/data/own ../shared/data/reference; do
    [[ ! -d $folder ]] || find "$folder" -type f -size -64k
  done | while read -r file; do ln -s "$(realpath "$file")" "$seeds/$(echo "$file" | tr -c 'a-zA-Z0-9.\n' _)"; done
  EXPORT_FUZZ_FORMAT=$format "$FUZZERS/$fuzzer" "$corpus" "$seeds" -max_total_time="$seconds" -rss_limit_mb=512 \
    -malloc_limit_mb=128 -timeout=10 -max_len=65536 -artifact_prefix="fuzz/artifacts/$format/" -print_final_stats=1 \
    >"fuzz/artifacts/$format/log" 2>&1 || { tail -n 30 "fuzz/artifacts/$format/log" >&2 && rm -r "$seeds" && return 1; }
  rm -r "$seeds"
  grep -E 'stat::(number_of_executed_units|peak_rss_mb)|Done ' "fuzz/artifacts/$format/log" | tr '\n' ' ' | sed "s/^/$format: /"
  echo
}

main "$@"
