#!/usr/bin/env bash
# Measures Export Center beside what programmers use in Python, in the same run on the same data. docs/benchmarks.md tells more.
#
#   scripts/bench.sh formats [FINDINGS]    the renderers, from a ready snapshot
#   scripts/bench.sh convert [FINDINGS]    the whole way, from a Trivy report to files
#
# FINDINGS is 1000000 unless given, which needs 10 GB of disk in target/bench and 12 GB of memory for the hungriest peer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly VENV=.venv-bench
# The peers, in the versions that the documented figures are of.
readonly PEERS=(orjson==3.13.0 polars==2.1.0 XlsxWriter==3.3.1 openpyxl==3.1.5 ijson==3.6.0)

main() {
  case "${1:-}" in
    formats) local program=export-bench ;;
    convert) local program=exportctl ;;
    *)
      sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
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

main "$@"
