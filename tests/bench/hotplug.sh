#!/bin/bash
# In the test bed: a camera is bound and unbound. How long after udev's own message does the list with it, or without it, arrive from the
# agent's stream of events, which tells what is committed? (Committing, the socket and curl are in the figures.)
#   hotplug.sh ROOT PLUGS
set -euo pipefail
root=$1 plugs=$2
export THATDAM_PROGRAMS=$root/artifacts/programs
. "$root/tests/bench/agent.sh"
driver=/sys/bus/platform/drivers/vivid

modprobe vivid n_devs=1 node_types=0x1; udevadm settle
agent_start; encoders_tried
mkfifo /tmp/said /tmp/told # a quick boot has no /dev/fd
curl -sN --unix-socket "$THATDAM_SOCKET" 'http://localhost/v1/stream/events?pattern=capture.device_list' > /tmp/said &
"$root/artifacts/bench/uevents" < /tmp/said > /tmp/told &
exec 7< /tmp/told
turn() { # unbind|bind WORD: until a list tells it, and then until nothing more comes
  local line
  echo vivid.0 > "$driver/$1"
  until [[ ${line:-} == *" list $2" ]]; do
    read -rt 10 -u 7 line || { echo "hotplug.sh: no list after $1" >&2; return 1; }
    echo "$line" >> /tmp/heard
  done
  while read -rt 0.3 -u 7 line; do echo "$line" >> /tmp/heard; done
}
sleep 1 # curl is connected
for ((i = 0; i < plugs; i++)); do turn unbind offline; turn bind online; done
agent_stop

# Each message of udev's with the next list that tells it. The list may be read before the message, for both wake the listener.
latencies() { # ACTION WORD: milliseconds, rising
  awk -v action="$1" -v word="$2" '
    $2 == "udev" && $3 == action { asked = $1; if (early && asked - early < 20000) { printf "%.1f\n", (early - asked) / 1000; asked = 0 } early = 0 }
    $2 == "list" && $3 == word { if (asked) printf "%.1f\n", ($1 - asked) / 1000; else early = $1; asked = 0 }' /tmp/heard | sort -n
}
at() { sed -n "$(awk -v n="$(wc -l < /tmp/ms)" -v p="$1" 'BEGIN { i = int(n * p / 100 + 0.999); print (i < 1 ? 1 : i > n ? n : i) }')p" /tmp/ms; }
echo; echo "From udev's message to the device list that tells it, milliseconds, $plugs plugs and unplugs (vivid, one camera)"
printf '  %-10s %8s %8s %8s   %s\n' '' p50 p99 max target
for pair in add:online remove:offline; do
  latencies "${pair%:*}" "${pair#*:}" > /tmp/ms
  [ "$(wc -l < /tmp/ms)" -eq "$plugs" ] || echo "  ${pair%:*}: $(wc -l < /tmp/ms) of $plugs were paired"
  printf '  %-10s %8s %8s %8s   %s\n' "${pair%:*}" "$(at 50)" "$(at 99)" "$(at 100)" 'p99 ≤ 100'
done
rmmod vivid
