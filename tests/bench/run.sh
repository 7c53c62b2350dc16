#!/usr/bin/env bash
# Measures this agent against what one would use without it, side by side, and prints each target with what was measured.
#   run.sh [machine|events|idle|finalise|guest|hotplug]…   default: all. Nothing else should run meanwhile.
#   SECONDS_EACH=N                   length of each recording (default 60 in the guest, 20 on the machine)
# machine.sh runs here, with the virtual camera; events.sh and idle.sh too, with a RabbitMQ, and finalise.sh; guest.sh runs in the test bed, on the kernel's cameras;
# hotplug.sh too: from udev's word of a camera to the committed device list, PLUGS=N times (default 200).
set -euo pipefail
cd "$(dirname "$0")/../.."; root=$PWD
[ $# -gt 0 ] || set -- machine events idle finalise guest hotplug
packaging/install-missing.sh ffmpeg gcc libc6-dev curl rabbitmq-server
programs=$root/artifacts/programs
packaging/publish.sh "$programs" >/dev/null
echo "$(nproc) processors, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), load $(cut -d' ' -f1 /proc/loadavg); $(ffmpeg -version | head -n 1 | cut -d' ' -f1-3)"
for part in "$@"; do
  case $part in
    machine) THATDAM_PROGRAMS=$programs tests/bench/machine.sh;;
    events) tests/bench/events.sh;;
    finalise) THATDAM_PROGRAMS=$programs tests/bench/finalise.sh;;
    idle) THATDAM_PROGRAMS=$programs tests/bench/idle.sh;;
    guest) tests/testbed/boot.sh --mount "$root" --timeout 1800 tests/bench/guest.sh "$root" "${SECONDS_EACH:-60}";;
    hotplug)
      mkdir -p artifacts/bench; cc -O2 -Wall -Wextra -Werror -o artifacts/bench/uevents tests/bench/uevents.c
      tests/testbed/boot.sh --mount "$root" --timeout 1800 tests/bench/hotplug.sh "$root" "${PLUGS:-200}";;
    *) echo "run.sh: machine, events, idle, finalise, guest or hotplug, not $part" >&2; exit 2;;
  esac
done
