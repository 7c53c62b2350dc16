#!/usr/bin/env bash
# Shows that the arm64 package works: built here, unpacked into a root of arm64 libraries, and run there under emulation: both programs
# answer, the daemon serves its virtual camera, records from it, and ends cleanly. One line a check; 1 if one failed.
#   arm64.sh [--programs DIR]
# --programs DIR packs what packaging/publish.sh DIR linux-arm64 has put there, instead of building. Installs what it needs.
set -euo pipefail
cd "$(dirname "$0")/../.."; root=$PWD
. tests/package/checks.sh
fail() { echo "arm64.sh: $*" >&2; exit 1; }
usage() { sed -n '2,5s/^# \{0,1\}//p' tests/package/arm64.sh >&2; exit 2; }
build=(packaging/build-deb.sh arm64)
case $# in 0) ;; 2) [ "$1" = --programs ] || usage; build+=(--programs "$2");; *) usage;; esac

packaging/install-missing.sh qemu-user-static dpkg-dev ffmpeg
work=$(mktemp -d "${TMPDIR:-/tmp}/thatdam-arm64.XXXXXX")
daemon=''
cleanup() { [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
trap 'exit 130' INT TERM

"${build[@]}" || fail "the package was not built; the reason is above"
deb=$(ls artifacts/deb/thatdam-capture_*_arm64.deb | sort -V | tail -n 1)

# The libraries of an arm64 machine, from this system's own archive: lists and packages lie apart, this system learns of no architecture.
libraries=$root/artifacts/arm64-libraries
if [ ! -e "$libraries/.whole" ]; then
  rm -rf "$libraries"; mkdir -p "$libraries/lists/partial" "$libraries/debs"
  apt=(-qq -o "Dir::State::Lists=$libraries/lists" -o APT::Architectures=arm64 -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "no list of arm64 packages: apt's words are above; its sources must offer arm64"; }
  ssl=libssl3; ! apt-cache "${apt[@]}" show libssl3t64:arm64 > /dev/null 2>&1 || ssl=libssl3t64
  (cd "$libraries/debs" && apt-get "${apt[@]}" download libc6:arm64 libgcc-s1:arm64 zlib1g:arm64 $ssl:arm64) > "$work/log" 2>&1 ||
    { cat "$work/log" >&2; fail "the arm64 libraries did not come: apt's words are above"; }
  for package in "$libraries"/debs/*.deb; do dpkg-deb -x "$package" "$libraries"; done
  touch "$libraries/.whole"
fi
arm=$work/root; mkdir "$arm"
for part in lib usr; do [ ! -e "$libraries/$part" ] || cp -a "$libraries/$part" "$arm/"; done
dpkg-deb -x "$deb" "$arm"
run() { qemu-aarch64-static -L "$arm" "$@"; }
agent() { run "$arm/usr/lib/thatdam-capture/thatdam-capture" "$@"; }
damctl() { run "$arm/usr/bin/damctl" "$@"; }
says() { # TEXT COMMAND…: whether what it prints has that text
  local text=$1 said; shift
  said=$("$@" 2>&1) || { echo "$said"; return 1; }
  grep -qF -- "$text" <<< "$said" || { echo "no '$text' in: $said"; return 1; }
}

size=$(stat -c %s "$deb")
check "the package is for arm64" says arm64 dpkg-deb -f "$deb" Architecture
check "the package is no larger than 12 MB ($size bytes)" [ "$size" -le 12582912 ]
version=$(dpkg-deb -f "$deb" Version)
check "thatdam-capture --version" says "$version" agent --version
check "thatdam-capture --help" says --config agent --help
check "damctl --version" says "$version" damctl --version
check "damctl --help" says devices damctl --help

mkdir "$work/state" "$work/recordings"; : > "$work/capture.conf"
export THATDAM_SOCKET=$work/capture.sock HOME=$work
qemu-aarch64-static -L "$arm" "$arm/usr/lib/thatdam-capture/thatdam-capture" --config "$work/capture.conf" --socket "$THATDAM_SOCKET" \
  --output "$work/recordings" --state "$work/state" --set VirtualCameras.Count=1 > "$work/daemon.log" 2>&1 &
daemon=$!
ready() { grep -q '^ready ' "$work/daemon.log"; }
ready_or_ended() { ready || ! kill -0 "$daemon" 2>/dev/null; }
if within 120 ready_or_ended && ready; then
  passed "the daemon is ready"
  check "damctl status" says "$version" damctl status
  check "damctl devices list" says virtual:0 damctl devices list
  check "damctl record start" says virtual: damctl record start virtual:0 --size 640x360 --fps 15 -o json
  sleep 10
  check "damctl record stop" damctl record stop --all
  recording=$(find "$work/recordings" -type f -name '*.mp4' | head -n 1)
  check "the recording can be read" says h264 ffprobe -v error -show_entries stream=codec_name "${recording:-none}"
  kill -TERM "$daemon"
  gone() { ! kill -0 "$daemon" 2>/dev/null; }
  if within 60 gone; then
    rc=0; wait "$daemon" || rc=$?; daemon=''
    check "the daemon ends with 0" [ $rc -eq 0 ]
  else
    failed "the daemon ends with 0" "it still runs 60 s after SIGTERM: $(tail -n 20 "$work/daemon.log" | tr '\n' '|')"
  fi
else
  failed "the daemon is ready" "$(tail -n 20 "$work/daemon.log" | tr '\n' '|')"
fi
ended
