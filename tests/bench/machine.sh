#!/usr/bin/env bash
# On the machine itself, with the built-in virtual camera: what a copy costs, what a warm ffmpeg saves, and what damctl takes.
set -euo pipefail
. "$(dirname "$0")/agent.sh"
seconds=${SECONDS_EACH:-20}

echo; echo "The daemon's CPU, milliseconds a second of YUYV at 30 fps (ffmpeg's not counted)"
row '' zero-copy copy ratio target
used() { # SIZE on|off
  local before after id
  agent_start --set VirtualCameras.Count=1 --set Capture.ZeroCopy="$2" --set Ffmpeg.Preset=ultrafast
  encoders_tried
  id=$(damctl record start virtual:0 --size "$1" --fps 30 -o json | field id)
  sleep 2; before=$(cpu_ns "$agent"); sleep "$seconds"; after=$(cpu_ns "$agent")
  damctl record stop "$id" >/dev/null
  transport=$(damctl record show "$id" -o json | field transport)
  frames=$(damctl record show "$id" -o json | grep -o '"frames":{[^}]*}')
  agent_stop
  used_ms=$(awk -v n=$((after - before)) -v s="$seconds" 'BEGIN { printf "%.2f", n / 1e6 / s }')
}
for size in 1280x720 1920x1080; do
  used $size auto; zero=$used_ms; how=$transport; first=$frames
  used $size off; copy=$used_ms
  row "$size ($how against $transport)" "$zero" "$copy" "$(ratio "$zero" "$copy")" "≤ 0.40"
  echo "      $first against $frames"
done

echo; echo "From 'damctl record start' to the first byte that ffmpeg takes, milliseconds (median of 9; ffmpeg and agent under strace)"
row '' warm cold ratio target
first_byte() { # POOL
  local trace began id n
  trace=$(mktemp -d)
  under="strace -f -ff -qq --seccomp-bpf -ttt -T -e trace=read -e signal=none -o $trace/t"
  agent_start --set VirtualCameras.Count=1 --set Ffmpeg.PoolSize="$1"; under=''
  encoders_tried
  for n in 1 2 3 4 5 6 7 8 9; do
    if [ "$1" -gt 0 ]; then until [ "$(damctl status -o json | grep -o '"warm":[0-9]*' | cut -d: -f2)" -ge "$1" ]; do sleep 0.1; done; fi
    sleep 0.5
    began=$EPOCHREALTIME
    id=$(damctl record start virtual:0 --size 640x360 --fps 30 -o json | field id)
    sleep 1; damctl record stop "$id" >/dev/null
    # The end of the first read of fd 0 that got anything, after the start. The daemon itself never reads its own.
    cat "$trace"/t.* | sed -n 's/^\([0-9.]*\) read(0, .* = [1-9][0-9]* <\([0-9.]*\)>$/\1 \2/p' |
      awk -v began="$began" '{ t = $1 + $2 } t > began && (!best || t < best) { best = t } END { printf "%.1f\n", (best - began) * 1000 }'
  done | sort -n | sed -n 5p
  agent_stop; rm -rf "$trace"
}
warm=$(first_byte 1); cold=$(first_byte 0)
row 'h264 640x360' "$warm" "$cold" "$(ratio "$cold" "$warm")" "≥ 3 × faster"

echo; echo "damctl devices list, milliseconds from exec to exit"
agent_start --set VirtualCameras.Count=4; encoders_tried
for ((n = 0; n < 200; n++)); do
  began=$EPOCHREALTIME; damctl devices list >/dev/null; ended=$EPOCHREALTIME
  echo $(( (${ended/./} - ${began/./}) ))
done | sort -n | awk '{ v[NR] = $1 / 1000 } END { printf "  median %.1f, 95th percentile %.1f, least %.1f   target ≤ 15\n", v[int(NR / 2)], v[int(NR * 0.95)], v[1] }'
agent_stop
