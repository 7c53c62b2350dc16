#!/usr/bin/env bash
# Shows the main job on this machine: builds the agent, starts it unprivileged with its built-in virtual camera (and any real camera
# that is there), lists the devices, records five seconds from each kind, and shows what became of every frame. The recordings stay.
#   demo.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."; root=$PWD
seconds=${1:-5}
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { printf '\n%s\n' "$*"; }
fail() { echo "demo.sh: $*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "no dotnet: install the .NET SDK 10.0 (Ubuntu: apt-get install dotnet-sdk-10.0; else https://dot.net)"
command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || packaging/install-missing.sh ffmpeg

# An everyday build: no C compiler. Skipped when nothing has changed since the last.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
agent=artifacts/bin/ThatDam.Agent/debug cli=artifacts/bin/ThatDam.Cli/debug stamp=artifacts/demo.stamp
sources=$({ find native agent cli -type f \( -name '*.cs' -o -name '*.csproj' \) -print0
            printf '%s\0' Directory.Build.props Directory.Packages.props global.json; } | sort -z | xargs -0 sha256sum | sha256sum)
if [ "$(cat $stamp 2>/dev/null)" != "$sources" ] || [ ! -x $agent/thatdam-capture ] || [ ! -x $cli/damctl ]; then
  say "Building"
  log=$(mktemp)
  for project in agent cli; do dotnet build $project -v q -tl:off > "$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; fail "$project does not build"; }; done
  rm -f "$log"
  echo "$sources" > $stamp
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/thatdam-demo.XXXXXX")
recordings=$(mktemp -d "${TMPDIR:-/tmp}/thatdam-recordings.XXXXXX")
daemon=''
cleanup() {
  [ -n "$daemon" ] && kill -KILL "$daemon" 2>/dev/null || true
  rm -rf "$work"
  rmdir "$recordings" 2>/dev/null || true
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Started by root, the agent runs as nobody, who may not be able to read this folder: from a copy.
unprivileged=() bin=$root/$agent
if [ "$(id -u)" -eq 0 ]; then
  groups=--clear-groups; getent group video >/dev/null && groups=--groups=$(getent group video | cut -d: -f3)
  unprivileged=(setpriv --reuid=65534 --regid=65534 "$groups")
  bin=$work/bin; cp -r $agent "$bin"
  chmod 755 "$work"; chown -R 65534:65534 "$recordings"
  "${unprivileged[@]}" test -x "$(realpath "$(command -v dotnet)")" || fail "dotnet lies where only root can read it ($(realpath "$(command -v dotnet)")): run this as an ordinary user"
fi
export DOTNET_ROOT; DOTNET_ROOT=$(dirname "$(realpath "$(command -v dotnet)")")
mkdir "$work/state" "$work/run"; : > "$work/capture.conf"
[ ${#unprivileged[@]} -eq 0 ] || chown 65534:65534 "$work/state" "$work/run"

say "Starting the agent as $([ ${#unprivileged[@]} -gt 0 ] && echo nobody || id -un)"
export THATDAM_SOCKET=$work/run/capture.sock HOME=$work
"${unprivileged[@]}" "$bin/thatdam-capture" --config "$work/capture.conf" --socket "$THATDAM_SOCKET" \
  --output "$recordings" --state "$work/state" --set VirtualCameras.Count=1 > "$work/log" 2>&1 &
daemon=$!
for ((i = 0; i < 300; i++)); do
  grep -q '^ready ' "$work/log" && break
  kill -0 "$daemon" 2>/dev/null || { cat "$work/log" >&2; daemon=''; fail "the agent ended; its log is above"; }
  sleep 0.1
done
grep '^ready ' "$work/log" || { cat "$work/log" >&2; fail "the agent is not ready after 30 s; its log is above"; }
damctl() { "$root/$cli/damctl" "$@"; }

say "damctl devices list"
damctl devices list
devices=$(damctl devices list -o json | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
real=$(grep '^/dev/' <<< "$devices" | head -n 1 || true)

field() { grep -o "\"$1\":\(\"[^\"]*\"\|[0-9.]*\)" <<< "$2" | head -n 1 | cut -d: -f2- | tr -d '"'; }
record() { # DEVICE
  local started id ended
  say "damctl record start $1"
  damctl record start "$1" -o json > "$work/started" || return 1
  started=$(cat "$work/started"); id=$(field id "$started")
  echo "$id: $(field codec "$started") in $(field container "$started"), $(field width "$started")x$(field height "$started") at $(field fps "$started") fps"
  sleep "$seconds"
  say "damctl record stop $id"
  damctl record stop "$id"
  ended=$(damctl record show "$id" -o json)
  [ "$(field state "$ended")" = stopped ] || { echo "$ended" >&2; fail "the recording did not end well"; }
  file=$(field file "$ended")
  say "$file"
  ffprobe -v error -count_frames -select_streams v:0 -show_entries \
    stream=codec_name,profile,width,height,pix_fmt,avg_frame_rate,nb_read_frames:format=format_name,duration,size -of compact=nk=0 "$file"
  echo "frames: $(field captured "$ended") captured, $(field lost "$ended") lost, $(field error "$ended") damaged, $(field dropped "$ended") dropped, $(field written "$ended") written"
}
record virtual:0
if [ -n "$real" ]; then record "$real" || echo "($real could not be recorded; the reason is above)"; fi

say "Stopping"
children=$(cat /proc/"$daemon"/task/*/children 2>/dev/null || true)
kill -TERM "$daemon"; rc=0; wait "$daemon" || rc=$?; daemon=''
for child in $children; do
  for ((i = 0; i < 50; i++)); do [ -d "/proc/$child" ] || continue 2; sleep 0.1; done
  fail "process $child was left running"
done
[ $rc -eq 0 ] || { cat "$work/log" >&2; fail "the agent ended with $rc; its log is above"; }
echo "the agent has ended; the recordings stay in $recordings"
