#!/bin/bash
# In the test bed: a camera is bound and unbound; how long after udev's own message is the list with it, or without it, committed?
#   hotplug.sh ROOT PLUGS
set -euo pipefail
root=$1 plugs=$2
export THATDAM_PROGRAMS=$root/artifacts/programs
. "$root/tests/bench/agent.sh"
driver=/sys/bus/platform/drivers/vivid

modprobe vivid n_devs=1 node_types=0x1; udevadm settle
agent_start; encoders_tried
"$root/artifacts/bench/uevents" > /tmp/udev & listener=$!
committed() { sqlite3 "file:$agent_folder/state/state.db?mode=ro" "SELECT count(*) FROM outbox WHERE topic = 'capture.device_list'"; }
turn() { # unbind|bind: until a list was committed, and what comes with the event is over
  local before; before=$(committed)
  echo vivid.0 > "$driver/$1"
  local end=$((SECONDS + 10))
  until [ "$(committed)" -gt "$before" ]; do [ $SECONDS -lt $end ] || { echo "hotplug.sh: no list after $1" >&2; return 1; }; sleep 0.05; done
  udevadm settle; sleep 0.1
}
for ((i = 0; i < plugs; i++)); do turn unbind; turn bind; done
kill $listener
sqlite3 -separator ' ' "file:$agent_folder/state/state.db?mode=ro" \
  "SELECT committed, CASE WHEN body LIKE '%\"offline\"%' THEN 'remove' ELSE 'add' END FROM outbox
   WHERE topic = 'capture.device_list' AND json_extract(body, '\$.cause') = 'change' ORDER BY id" > /tmp/lists
agent_stop

# Each message of udev's with the first list after it that says so. The listener and the agent hear it at the same time: a list may be
# committed before the listener was awake.
latencies() { # add|remove: milliseconds, rising
  awk -v action="$1" 'NR == FNR { if ($2 == action) list[++n] = $1; next }
    $2 == action { while (at < n && list[at + 1] < $1 - 20000) at++; if (at < n) printf "%.1f\n", (list[++at] - $1) / 1000 }' /tmp/lists /tmp/udev | sort -n
}
echo; echo "From udev's message to the committed device list, milliseconds, $plugs plugs and unplugs (vivid, one camera)"
row '' p50 p99 max target
for action in add remove; do
  latencies $action > /tmp/ms
  at() { sed -n "$(awk -v n="$(wc -l < /tmp/ms)" -v p="$1" 'BEGIN { i = int(n * p / 100 + 0.999); print i < 1 ? 1 : i > n ? n : i }')p" /tmp/ms; }
  [ "$(wc -l < /tmp/ms)" -eq "$plugs" ] || echo "  $action: $(wc -l < /tmp/ms) of $plugs were paired"
  row "$action" "$(at 50)" "$(at 99)" "$(at 100)" "p99 ≤ 100"
done
rmmod vivid
