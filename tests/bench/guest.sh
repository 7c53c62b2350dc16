#!/bin/bash
# In the test bed: this agent against ffmpeg's own V4L2 input on the same camera mode, and the listing of 64 nodes against v4l2-ctl.
#   guest.sh ROOT SECONDS
# CPU is what the whole guest uses on its host (host-cpu), taken while everything runs: process start is left out.
set -euo pipefail
root=$1 seconds=$2
export THATDAM_PROGRAMS=$root/artifacts/programs
. "$root/tests/bench/agent.sh"
mode=(--size 640x360 --fps 30)

steady() { # seconds of host CPU used in $seconds
  local before after
  sleep 8; before=$(host-cpu); sleep "$seconds"; after=$(host-cpu)
  awk -v a="$after" -v b="$before" -v s="$seconds" 'BEGIN { printf "%.1f", (a - b) * 1000 / s }'
}

format_of() { # FOURCC: ffmpeg's name of it
  case $1 in YUYV) echo yuyv422;; UYVY) echo uyvy422;; NV12) echo nv12;; YU12) echo yuv420p;; MJPG) echo mjpeg;; BGR3) echo bgr24;; RGB3) echo rgb24;; *) echo "guest.sh: no name for $1" >&2; return 1;; esac
}

compare() { # NAME DEVICE ALONE -- OPTION…
  local name=$1 device=$2 alone=$3 id format ours theirs argv out frames; shift 4
  agent_start; encoders_tried
  id=$(damctl record start "$device" -o json "$@" | field id)
  format=$(format_of "$(damctl record show "$id" -o json | field format)")
  ours=$(steady)
  # The ffmpeg of this recording: of those that wait in the pool none has used as much.
  mapfile -d '' argv < "/proc/$(for p in $(pgrep -x -P "$agent" ffmpeg); do awk '{ print $14 + $15, $1 }' "/proc/$p/stat"; done | sort -n | tail -n 1 | cut -d' ' -f2)/cmdline"
  damctl record stop "$id" >/dev/null
  frames=$(damctl record show "$id" -o json | grep -o '"frames":{[^}]*}')
  agent_stop

  # The same words for output, the camera opened by ffmpeg itself.
  out=(); local i from=0
  for ((i = 0; i < ${#argv[@]}; i++)); do [ "${argv[i]}" = pipe:0 ] && from=$((i + 1)); done
  for ((i = from; i < ${#argv[@]}; i++)); do
    case ${argv[i]} in
      -progress) i=$((i + 1));;
      pipe:1) out+=(/tmp/theirs.out);;
      *) out+=("${argv[i]}");;
    esac
  done
  ffmpeg -v error -nostdin -y -f v4l2 -input_format "$format" -video_size 640x360 -framerate 30 -i "$device" "${out[@]}" &
  theirs=$(steady)
  kill -INT %% ; wait %% || true
  row "$name" "$(less "$ours" "$alone")" "$(less "$theirs" "$alone")" "$(ratio "$(less "$ours" "$alone")" "$(less "$theirs" "$alone")")" "≤ 1.00"
  echo "      $format; with the camera's own $alone: $ours against $theirs; $frames; ffmpeg $(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 /tmp/theirs.out) frames"
  rm -f /tmp/theirs.out
}

echo; echo "Host CPU of the whole tree, milliseconds a second of 640x360 at 30 fps, $seconds s each, less the camera's own"
row '' agent ffmpeg ratio target
modprobe vivid n_devs=1 node_types=0x1
v4l2-ctl -d /dev/video0 --set-fmt-video=width=640,height=360,pixelformat=NV12 --set-parm=30 >/dev/null
v4l2-ctl -d /dev/video0 --stream-mmap --stream-to=/dev/null >/dev/null 2>&1 &
vivid=$(steady); kill %% ; wait %% || true
compare 'vivid raw → h264 mp4' /dev/video0 "$vivid" -- --codec h264 "${mode[@]}"
compare 'vivid raw → mjpeg mp4' /dev/video0 "$vivid" -- --codec mjpeg "${mode[@]}"
rmmod vivid

modprobe v4l2loopback video_nr=9 card_label=Loop max_buffers=32
ffmpeg -v error -y -f lavfi -i testsrc2=size=640x360:rate=30:duration=5 -c:v mjpeg -q:v 4 /tmp/clip.mkv
ffmpeg -v error -nostdin -re -stream_loop -1 -i /tmp/clip.mkv -c copy -f v4l2 /dev/video9 & player=$!
sleep 5
v4l2-ctl -d /dev/video9 --stream-mmap --stream-to=/dev/null >/dev/null 2>&1 & reader=$!
loop=$(steady); kill $reader; wait $reader || true
compare 'MJPEG → copy mkv' /dev/video9 "$loop" -- --codec copy --container mkv
kill $player; wait $player || true
rmmod v4l2loopback

echo; echo "Listing 64 nodes with all formats, sizes and rates, seconds"
row '' agent v4l2-ctl ratio target
modprobe vivid n_devs=64 node_types="$(printf '0x1,%.0s' {1..63})0x1"; udevadm settle
began=$EPOCHREALTIME; agent_start; until [ "$(damctl devices list -o json | grep -o '"id"' | wc -l)" = 64 ]; do :; done; ended=$EPOCHREALTIME
whole=$(awk -v a="$ended" -v b="$began" 'BEGIN { printf "%.2f", a - b }')
began=$EPOCHREALTIME; damctl devices list -o json >/dev/null; ended=$EPOCHREALTIME
asked=$(awk -v a="$ended" -v b="$began" 'BEGIN { printf "%.2f", a - b }')
agent_stop
began=$EPOCHREALTIME; for n in {0..63}; do v4l2-ctl -d /dev/video$n --all --list-formats-ext >/dev/null; done; ended=$EPOCHREALTIME
theirs=$(awk -v a="$ended" -v b="$began" 'BEGIN { printf "%.2f", a - b }')
row 'from nothing: daemon started, scanned, listed' "$whole" "$theirs" "$(ratio "$theirs" "$whole")" "≥ 10 × faster"
row 'asked of the running daemon' "$asked" "$theirs" "$(ratio "$theirs" "$asked")" "≥ 10 × faster"
rmmod vivid || true
