#!/usr/bin/env bash
# Shows that the same commit makes the same package: builds it twice, from two clean clones in different folders, with another umask, time
# zone, language, folder of packages and CI setting, and compares. Prints what differs. Takes some minutes. One line a check; 1 if it failed.
#   reproducible.sh [amd64|arm64]
# What is not committed is not in it.
set -euo pipefail
cd "$(dirname "$0")/../.."; root=$PWD
. tests/package/checks.sh
fail() { echo "reproducible.sh: $*" >&2; exit 1; }
usage() { sed -n '2,5s/^# \{0,1\}//p' tests/package/reproducible.sh >&2; exit 2; }
arch=${1:-$(dpkg --print-architecture)}
[ $# -le 1 ] && [[ $arch =~ ^(amd64|arm64)$ ]] || usage
work=$(mktemp -d "${TMPDIR:-/tmp}/thatdam-reproducible.XXXXXX"); trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

one=$work/one two=$work/a/deeper/folder/two
for clone in "$one" "$two"; do mkdir -p "$(dirname "$clone")"; git clone -q --no-hardlinks "$root" "$clone"; done
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
build() { # CLONE [NAME=VALUE…]
  local clone=$1 start=$SECONDS; shift
  (cd "$clone" && env "$@" packaging/build-deb.sh "$arch") > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the build in $clone failed; its words are above"; }
  echo "$(tail -n 1 "$work/log"), in $((SECONDS - start)) s"
}
umask 022
build "$one" -u CI TZ=UTC LC_ALL=C.UTF-8
umask 077
mkdir -p "$packages"; cp -al "$packages" "$work/packages" 2>/dev/null || cp -a "$packages" "$work/packages"
build "$two" CI=true TZ=Asia/Kathmandu LC_ALL=C NUGET_PACKAGES="$work/packages"

cd "$work"
deb() { ls "$1"/artifacts/deb/*_"$arch".deb; }
if cmp -s "$(deb "$one")" "$(deb "$two")"; then
  passed "two builds make the same package for $arch, sha256 $(sha256sum "$(deb "$one")" | cut -d' ' -f1)"
else
  for clone in "$one" "$two"; do dpkg-deb -R "$(deb "$clone")" "$clone.deb"; (cd "$clone.deb" && find . -type f -exec sha256sum {} + | sort -k 2) > "$clone.sums"; done
  diff "$one.sums" "$two.sums" | sed -n 's/^< [0-9a-f]*  //p' | while read -r file; do
    echo "$file differs"
    if readelf -h "$one.deb/$file" > /dev/null 2>&1; then
      readelf -SW "$one.deb/$file" | sed -n 's/^ *\[ *[0-9]*\] *\(\.[^ ]*\) .*/\1/p' | while read -r section; do
        for clone in "$one" "$two"; do objcopy -O binary --only-section="$section" --set-section-flags "$section=alloc" "$clone.deb/$file" "$clone.section" 2>/dev/null || : > "$clone.section"; done
        cmp -s "$one.section" "$two.section" || echo "  in its section $section"
      done
    fi
  done
  failed "two builds make the same package for $arch" "the files above differ"
fi
ended
