#!/usr/bin/env bash
# Installs those of the named Debian packages that are not there yet. As an ordinary user it asks sudo.
#   install-missing.sh PACKAGE…
set -euo pipefail
missing=()
for package in "$@"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "missing packages: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
command -v apt-get >/dev/null || { echo "missing packages: ${missing[*]}. This is no Debian: install them by hand" >&2; exit 1; }
echo "installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
quietly() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; }
log=$(mktemp); trap 'rm -f "$log"' EXIT
if ! quietly install -y --no-install-recommends "${missing[@]}"; then
  quietly update && quietly install -y --no-install-recommends "${missing[@]}" ||
    { cat "$log" >&2; echo "could not install ${missing[*]}: apt's words are above" >&2; exit 1; }
fi
