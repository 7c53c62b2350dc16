#!/usr/bin/env bash
# Builds the two programs as native executables: thatdam-capture and damctl, with libe_sqlite3.so that must lie beside them.
#   publish.sh DIR [linux-x64|linux-arm64]
# Installs the C tools it needs. Does nothing when DIR already holds what the sources make. A trim or AOT warning is an error.
set -euo pipefail
cd "$(dirname "$0")/.."; root=$PWD
[ $# -ge 1 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"; dir=$(realpath "$1")
machine=$(uname -m); case $machine in x86_64) here=linux-x64;; aarch64) here=linux-arm64;; *) here=none;; esac
rid=${2:-$here}
case $rid in linux-x64|linux-arm64) ;; *) echo "publish.sh: no target $rid: linux-x64 or linux-arm64" >&2; exit 2;; esac
command -v dotnet >/dev/null || { echo "publish.sh: no dotnet: install the .NET SDK 10.0 (https://dot.net)" >&2; exit 1; }

sources() {
  find native agent cli -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.json' \) -not -path '*/bin/*' -not -path '*/obj/*' -print0
  printf '%s\0' EVENTS.md agent/contract/asyncapi.yaml Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json \
    .config/dotnet-tools.json packaging/publish.sh packaging/sbom.sh
}
stamp=$(sources | sort -z | xargs -0 sha256sum | { cat; dotnet --version; echo "$rid"; } | sha256sum | cut -d' ' -f1)
programs=(thatdam-capture damctl libe_sqlite3.so sbom.cdx.json)
there() {
  [ "$(cat "$dir/.made-from" 2>/dev/null)" = "$stamp" ] || return 1
  local f; for f in "${programs[@]}"; do [ -e "$dir/$f" ] || return 1; done
}

exec 9> "$dir/.lock"; flock 9
there && { echo "$dir: up to date ($rid)"; exit 0; }
packages=(clang zlib1g-dev)
if [ "$rid" != "$here" ]; then
  [ "$rid" = linux-arm64 ] || { echo "publish.sh: $rid cannot be built on $machine" >&2; exit 1; }
  packages+=(llvm lld gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
fi
packaging/install-missing.sh "${packages[@]}"

work=$(mktemp -d "${TMPDIR:-/tmp}/publish.XXXXXX"); trap 'rm -rf "$work"' EXIT
rm -f "$dir/.made-from"
for project in agent cli; do
  echo "publishing $project ($rid) …"
  # A folder of its own for the intermediate files: a restore for one target must not undo that of everyday builds.
  # The folder that this stands in is named nowhere: the same sources make the same programs, wherever they lie.
  if ! dotnet publish "$project" -c Release -r "$rid" -p:PublishAot=true -p:TrimmerSingleWarn=false "-p:PathMap=$root/=/_/" \
       --artifacts-path artifacts/native -o "$work/$project" -v minimal -tl:off > "$work/log" 2>&1; then
    cat "$work/log" >&2; echo "publish.sh: $project does not build for $rid" >&2; exit 1
  fi
  if grep -E 'warning IL[0-9]+|AOT analysis warning|Trim analysis warning' "$work/log" >&2; then
    echo "publish.sh: $project has trim or AOT warnings (above)" >&2; exit 1
  fi
done
install -m755 "$work/agent/thatdam-capture" "$work/cli/damctl" "$dir/"
install -m644 "$work/agent/libe_sqlite3.so" "$dir/"
packaging/sbom.sh "$dir/sbom.cdx.json" "$rid"
# The contract, for those who consume the events.
mkdir -p "$dir/contract/schemas"
install -m644 agent/contract/asyncapi.yaml EVENTS.md "$dir/contract/"
install -m644 agent/contract/schemas/*.json "$dir/contract/schemas/"
echo "$stamp" > "$dir/.made-from"
ls -l "$dir" | awk 'NR > 1 { printf "%10d  %s\n", $5, $9 }'
