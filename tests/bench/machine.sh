#!/usr/bin/env bash
# On the machine itself, with the built-in virtual camera: what a copy costs, what a warm ffmpeg saves, and what damctl takes.
set -euo pipefail
. "$(dirname "$0")/agent.sh"
seconds=${SECONDS_EACH:-20}
tools=$(mktemp -d); trap 'rm -rf "$tools"' EXIT
gcc -O2 -o "$tools/cpu-time" "$(dirname "$0")/cpu-time.c"
gcc -O2 -shared -fPIC -o "$tools/first-read.so" "$(dirname "$0")/first-read.c" -ldl
cpu_ns() { "$tools/cpu-time" "$agent"; }

echo; echo "The daemon's CPU, milliseconds a second of YUYV at 30 fps, less the virtual camera's own thread (ffmpeg's not counted)"
row '' zero-copy copy ratio target
per_second() { awk -v n="$1" -v s="$seconds" 'BEGIN { printf "%.2f", n / 1e6 / s }'; } # milliseconds
camera_ns() { # of the capturing thread, which also paints the virtual camera's pictures
  cat "$(grep -l '^capture ' /proc/"$agent"/task/*/comm | head -n 1 | xargs dirname)/schedstat" | cut -d' ' -f1
}
used() { # SIZE on|off
  local before after id
  agent_start --set VirtualCameras.Count=1 --set Capture.ZeroCopy="$2" --set Ffmpeg.Preset=ultrafast
  encoders_tried
  id=$(damctl record start virtual:0 --size "$1" --fps 30 -o json | field id)
  sleep 2; before=$(cpu_ns); camera=$(camera_ns); sleep "$seconds"; after=$(cpu_ns); camera=$(($(camera_ns) - camera))
  damctl record stop "$id" >/dev/null
  transport=$(damctl record show "$id" -o json | field transport)
  frames=$(damctl record show "$id" -o json | grep -o '"frames":{[^}]*}')
  agent_stop
  used_ms=$(per_second $((after - before))) camera_ms=$(per_second "$camera")
}
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
for size in 1280x720 1920x1080; do
  zeros=() copies=() with=()
  for round in 1 2 3; do # by turns, for what else the machine does comes and goes
    used $size auto; zeros+=("$(less "$used_ms" "$camera_ms")"); how=$transport; with+=("$used_ms")
    used $size off; copies+=("$(less "$used_ms" "$camera_ms")"); with+=("against $used_ms;")
  done
  row "$size ($how against $transport; medians of 3)" "$(median "${zeros[@]}")" "$(median "${copies[@]}")" "$(ratio "$(median "${zeros[@]}")" "$(median "${copies[@]}")")" "≤ 0.40"
  echo "      with the camera's own ${with[*]} $frames"
done

echo; echo "From 'damctl record start' to the first byte that ffmpeg takes, milliseconds (median of 15)"
row '' warm cold ratio target
printf '#!/bin/sh\nFIRST_READ=%s/at LD_PRELOAD=%s/first-read.so exec %s "$@"\n' "$tools" "$tools" "$(command -v ffmpeg)" > "$tools/ffmpeg"
chmod +x "$tools/ffmpeg"
first_byte() { # POOL
  local began id n
  agent_start --set VirtualCameras.Count=1 --set Ffmpeg.PoolSize="$1" --set Ffmpeg.Path="$tools/ffmpeg"
  encoders_tried
  for n in {1..15}; do
    if [ "$1" -gt 0 ]; then until [ "$(damctl status -o json | grep -o '"warm":[0-9]*' | cut -d: -f2)" -ge "$1" ]; do sleep 0.1; done; fi
    sleep 0.5; rm -f "$tools"/at.*
    began=$EPOCHREALTIME
    id=$(damctl record start virtual:0 --size 640x360 --fps 30 -o json | field id)
    until ls "$tools"/at.* >/dev/null 2>&1; do sleep 0.05; done
    damctl record stop "$id" >/dev/null
    awk -v began="$began" '{ printf "%.1f\n", ($1 - began) * 1000 }' "$tools"/at.*
  done | sort -n | sed -n 8p
  agent_stop
}
warm=$(first_byte 1); cold=$(first_byte 0)
row 'h264 640x360' "$warm" "$cold" "$(ratio "$cold" "$warm")" "≥ 3 × faster"

echo; echo "The list of four devices, milliseconds from exec to exit (median of 200, one after the other)"
row '' damctl curl ratio target
agent_start --set VirtualCameras.Count=4; encoders_tried
took() { # COMMAND…
  local n began ended
  for ((n = 0; n < 200; n++)); do began=$EPOCHREALTIME; "$@" >/dev/null; ended=$EPOCHREALTIME; echo $((${ended/./} - ${began/./})); done |
    sort -n | awk '{ v[NR] = $1 / 1000 } END { printf "%.1f", v[int(NR / 2)] }'
}
ours=$(took damctl devices list) theirs=$(took curl -s --unix-socket "$THATDAM_SOCKET" http://agent/v1/devices)
row "damctl devices list; curl of the same" "$ours" "$theirs" "$(ratio "$ours" "$theirs")" "≤ 15 ms"
echo "      a program that does nothing takes $(took /bin/true)"
agent_stop
