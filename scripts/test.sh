#!/usr/bin/env bash
# Passes all checks and tests. Installs what they need first: the browser, readers of our files, tools.
#
#   scripts/test.sh           everything, as CI does
#   scripts/test.sh --fast    the tests alone
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly fast="${1:-}"

step() { printf '\n== %s\n' "$*" >&2; }

step "set-up"
bash scripts/setup.sh test
export PATH="$PWD/.venv/bin:$PATH"
# Where a tool is missing, a test fails instead of being skipped.
export CI="${CI:-true}"

if [[ "$fast" != "--fast" ]]; then
  step "format"
  cargo fmt --all --check
  step "licences and sources of the dependencies"
  cargo deny --log-level error check bans licenses sources
  step "clippy"
  cargo clippy --workspace --all-targets --locked -- -D warnings
  step "documentation"
  RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
  step "fixtures are current"
  python3 fixtures/demo/generate.py --check
fi

step "programs"
cargo build --workspace --bins --examples --locked
step "tests"
cargo nextest run --workspace --locked
cargo test --workspace --doc --locked --quiet
