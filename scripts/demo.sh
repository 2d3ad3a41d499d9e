#!/usr/bin/env bash
# From nothing to three checked exports and a sealed bundle: installs what is missing, builds, starts the server with no
# configuration but a clean folder, and lets `exportctl demo` submit a PDF, a CSV and a JSON export of the demo library over
# REST, follow them over the WebSocket, download them and check them against their manifests. Then a bundle is verified.
#
#   scripts/demo.sh [FOLDER]     results and data go to FOLDER (default: out/demo, emptied first)
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly out="${1:-out/demo}"
readonly profile="${DEMO_PROFILE:-release}"

say() { printf '%s\n' "$*" >&2; }

bash scripts/setup.sh run

say "demo: building (the first time takes some minutes)"
cargo build --locked --profile "$profile" --bin export-server --bin exportctl
readonly bin="${CARGO_TARGET_DIR:-target}/${profile/#dev/debug}"

rm -rf "$out"
mkdir -p "$out"
say "demo: starting the server, its data in $out/data"
"$bin/export-server" --data "$out/data" --listen 127.0.0.1:0 2>"$out/server.log" &
readonly server=$!
stop() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
}
trap stop EXIT

for _ in $(seq 100); do
  url=$(sed -n 's/^Export Center .* on \(http:[^,]*\),.*/\1/p' "$out/server.log")
  [[ -n "$url" ]] && break
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$out/server.log" >&2
    exit 1
  fi
  sleep 0.1
done
if [[ -z "$url" ]]; then
  say "demo: the server did not start in 10 seconds; see $out/server.log"
  exit 1
fi

EXPORT_URL="$url" EXPORT_TOKEN="$("$bin/exportctl" token --tenant demo --data "$out/data")"
export EXPORT_URL EXPORT_TOKEN
"$bin/exportctl" demo --out "$out"

say "demo: a sealed evidence bundle, verified offline with the server's public keys"
curl --fail --silent --show-error "$url/.well-known/evidence-keys.json" >"$out/evidence-keys.json"
"$bin/exportctl" --quiet submit --scan payments-api-2026-11-20 --format zip --out "$out/zip" >/dev/null
"$bin/exportctl" verify "$out/zip/evidence.zip" --keys "$out/evidence-keys.json"
