# The commands of this repository. `just` lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]
export PATH := justfile_directory() / ".venv/bin" + ":" + env("PATH")

_default:
    @just --list --unsorted

# Start the embedded default, export the demo library over REST, check what comes back
demo *arguments:
    bash scripts/demo.sh {{ arguments }}

# All checks and tests, as CI runs them
test:
    bash scripts/test.sh

# The tests alone
test-fast:
    bash scripts/test.sh --fast

# Format, lints, dependencies: what must pass before a commit
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo deny --log-level error check bans licenses sources

# Measure beside other tools in the same run: `just bench formats`, `just bench convert`, `just bench pdf`, `just bench ingest`, `just bench seal` (or another size: `just bench formats 50000`)
bench *arguments:
    bash scripts/bench.sh {{ arguments }}

# Fuzz the parsers of the library: `just fuzz list`, `just fuzz grype 600`, `just fuzz all 600`
fuzz *arguments:
    bash scripts/fuzz.sh {{ arguments }}

# Write the golden files anew
bless:
    BLESS=1 cargo nextest run --workspace -E 'test(golden)'

# Write the demo library anew from its tables
fixtures:
    python3 fixtures/demo/generate.py

# Check a running Scanner, Policy, VexLens or SbomService against the contract: `just provider-check URL --token T --tenant T --scan ID`
provider-check *arguments:
    cargo run --quiet --package export-source-services --example provider-check -- {{ arguments }}
