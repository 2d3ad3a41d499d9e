#!/usr/bin/env bash
# Measures `exportctl convert`: time and peak memory for 50k, 200k and 1M findings (or the sizes that are given), from a
# generated Trivy report with VEX statements and verdicts to CSV and JSON, beside a Python script doing the same CSV.
# Inputs stay in target/bench (about 1.6 GB for the largest).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --release --locked --bin exportctl >&2
exec python3 benches/convert.py "${CARGO_TARGET_DIR:-target}" "$@"
