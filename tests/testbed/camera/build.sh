#!/usr/bin/env bash
# Builds the USB camera and the clip that it sends: artifacts/testbed/camera, artifacts/testbed/clip.mjpeg (thirty different
# pictures of 320x180, each a whole JPEG with a checkable end). Nothing happens where both are newer than their sources.
set -euo pipefail
cd "$(dirname "$0")"; out=../../../artifacts/testbed
mkdir -p "$out"
if [ ! "$out/camera" -nt camera.c ]; then
  cc -O2 -Wall -Wextra -Werror -pthread -o "$out/camera.new" camera.c; mv "$out/camera.new" "$out/camera"
fi
if [ ! "$out/clip.mjpeg" -nt build.sh ]; then
  ffmpeg -v error -nostdin -y -f lavfi -i testsrc2=size=320x180:rate=30:duration=1 -pix_fmt yuvj422p -c:v mjpeg -q:v 6 -f mjpeg "$out/clip.new"
  mv "$out/clip.new" "$out/clip.mjpeg"
fi
