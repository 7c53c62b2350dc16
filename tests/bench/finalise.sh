#!/usr/bin/env bash
# A fragmented MP4 made an ordinary one: `damctl record repair` in its place, against ffmpeg's remux with +faststart, which writes it anew.
# An hour of 720p30, and a day of frames so small that the index is all there is.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/bench/agent.sh
folder=$(mktemp -d "${TMPDIR:-/tmp}/finalise.XXXXXX"); trap 'rm -rf "$folder"' EXIT

fragmented() { # NAME SECONDS SIZE: a clip of twenty seconds, over and over
  ffmpeg -hide_banner -loglevel error -f lavfi -i "testsrc2=s=$3:r=30:d=20" -c:v libx264 -preset ultrafast -tune zerolatency -g 30 "$folder/clip.mp4"
  ffmpeg -hide_banner -loglevel error -stream_loop $(($2 / 20 - 1)) -i "$folder/clip.mp4" -c copy -f mp4 \
    -movflags empty_moov+default_base_moof -frag_duration 1000000 -video_track_timescale 1000000 "$folder/$1.mp4"
  rm "$folder/clip.mp4"; sync -f "$folder"
}
measured() { # COMMAND…: seconds, bytes written, peak of memory in MiB
  python3 - "$@" << 'PYTHON'
import resource, subprocess, sys, time
written = lambda: int(next(line for line in open('/proc/self/io') if line.startswith('write_bytes')).split()[1])
before, began = written(), time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(f"{time.monotonic() - began:.2f} {written() - before} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.1f}")
PYTHON
}
compare() { # NAME WHAT
  local ours theirs
  cp "$folder/$1.mp4" "$folder/copy.mp4"; sync -f "$folder"
  read -ra ours <<< "$(measured "$THATDAM_PROGRAMS/damctl" record repair "$folder/copy.mp4")"
  read -ra theirs <<< "$(measured ffmpeg -hide_banner -loglevel error -i "$folder/$1.mp4" -c copy -movflags +faststart "$folder/remuxed.mp4")"
  echo; echo "$2: $(stat -c %s "$folder/$1.mp4") bytes, $(ffprobe -v error -select_streams v -show_entries stream=nb_frames -of csv=p=0 "$folder/copy.mp4") frames"
  row '' 'in its place' remux ratio ''
  row 'seconds' "${ours[0]}" "${theirs[0]}" "$(ratio "${ours[0]}" "${theirs[0]}")" ''
  row 'bytes written' "${ours[1]}" "${theirs[1]}" "$(ratio "${ours[1]}" "${theirs[1]}")" ''
  row 'peak of memory, MiB' "${ours[2]}" "${theirs[2]}" "$(ratio "${ours[2]}" "${theirs[2]}")" ''
  rm "$folder"/{copy,remuxed,"$1"}.mp4
}
fragmented hour 3600 1280x720; compare hour 'An hour of 720p30 H.264'
fragmented day 86400 32x32; compare day 'A day of 32x32'
