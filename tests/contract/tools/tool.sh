#!/usr/bin/env bash
# Runs a script beside it with node. The packages that package-lock.json names are installed first, if they are not there yet.
#   tool.sh SCRIPT.mjs [ARGUMENT…]
set -euo pipefail
cd "$(dirname "$0")"
command -v node >/dev/null && command -v npm >/dev/null || ../../../packaging/install-missing.sh nodejs npm
stamp=$(sha256sum package-lock.json)
exec 9< package-lock.json
flock 9
if [ "$(cat node_modules/.stamp 2>/dev/null)" != "$stamp" ]; then
  npm ci --silent --no-progress </dev/null >&2 || { echo "npm ci failed in $PWD: is there a package registry?" >&2; exit 1; }
  echo "$stamp" > node_modules/.stamp
fi
flock -u 9
exec node "$@" 9<&-
