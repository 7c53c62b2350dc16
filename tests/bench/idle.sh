#!/usr/bin/env bash
# A daemon that has nothing to do, alone and with a RabbitMQ: its start, its memory, how often it wakes; and how long a recording is
# interrupted where the daemon is started anew, as an upgrade does.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/bench/agent.sh
. tests/bench/broker.sh
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }
broker_start

ready_ms() { # [FLAG…]: from exec to the line that it prints as it tells systemd READY=1
  local folder began; folder=$(mktemp -d); mkdir "$folder/recordings" "$folder/state"; : > "$folder/conf"
  local n took=()
  for n in {1..15}; do
    began=$EPOCHREALTIME
    exec 7< <(exec "$THATDAM_PROGRAMS/thatdam-capture" --config "$folder/conf" --socket "$folder/s" --output "$folder/recordings" --state "$folder/state" "$@" 2>&1)
    local pid=$! line
    while read -r -u 7 line; do [[ $line != ready* ]] || break; done
    local now=$EPOCHREALTIME; took+=($(((${now/./} - ${began/./}) / 100)))
    kill -TERM "$pid"; cat <&7 > /dev/null; exec 7<&-
  done
  median "${took[@]}" | sed 's/.$/.&/'; rm -rf "$folder"
}
wakes() { awk '/^Pid:/ { thread = $2 } /^voluntary_ctxt/ { print thread, $2 }' /proc/"$agent"/task/*/status | sort; } # of each thread
woken() { join -a 2 <(printf '%s\n' "$1") <(printf '%s\n' "$2") | awk '{ n += $NF - (NF > 2 ? $2 : 0) } END { print n }'; } # threads come and go
of_rollup() { awk -v key="$1:" '$1 == key { printf "%.1f", $2 / 1024 }' "/proc/$agent/smaps_rollup"; }
idle() { # [FLAG…]: sets $rss, $pss (MiB) and $wakes (a second)
  agent_start "$@"; encoders_tried
  sleep 40 # what its start needed is given back by then
  local before; before=$(wakes); sleep 60; wakes=$(awk -v n="$(woken "$before" "$(wakes)")" 'BEGIN { printf "%.1f", n / 60 }')
  rss=$(of_rollup Rss) pss=$(of_rollup Pss)
  agent_stop
}
with=(--set "Broker.Url=${broker/guest:guest@/}")
echo; echo "A daemon that has nothing to do"
row '' alone connected target ''
row 'from exec to ready, ms (median of 15)' "$(ready_ms)" "$(ready_ms "${with[@]}")" '≤ 150' ''
unset WATCHDOG_USEC WATCHDOG_PID
idle; alone=($rss $pss $wakes); idle "${with[@]}"; connected=($rss $pss $wakes)
row 'RSS, MiB' "${alone[0]}" "${connected[0]}" '≤ 32' ''
row 'PSS, MiB' "${alone[1]}" "${connected[1]}" '' ''
row 'wake-ups a second' "${alone[2]}" "${connected[2]}" '≤ 3' ''
export WATCHDOG_USEC=$(($(sed -n 's/^WatchdogSec=\([0-9]*\)s$/\1/p' systemd/thatdam-capture.service) * 1000000))
idle; alone=($wakes); idle "${with[@]}"
row 'the same, with the watchdog as in the unit' "${alone[0]}" "$wakes" '≤ 3' ''
unset WATCHDOG_USEC

echo; echo "The daemon started anew while it records: from the last file's end to the next one's start, seconds (of 7)"
folder=$(mktemp -d); mkdir "$folder/recordings" "$folder/state"; : > "$folder/conf"; export THATDAM_SOCKET=$folder/s gaps=()
daemon() { exec "$THATDAM_PROGRAMS/thatdam-capture" --config "$folder/conf" --socket "$THATDAM_SOCKET" --output "$folder/recordings" --state "$folder/state" --set VirtualCameras.Count=1 > "$folder/log" 2>&1; }
daemon & job=$!
until damctl status > /dev/null 2>&1; do sleep 0.05; done
agent=$job; encoders_tried
id=$(damctl record start virtual:0 --size 640x360 --fps 30 -o json | field id)
for n in {1..7}; do
  until [ "$(damctl record show "$id" -o json | field written)" -gt 30 ]; do sleep 0.2; done
  kill -TERM "$job"; wait "$job" || true
  daemon & job=$!
  until next=$(damctl record list --active -o json 2> /dev/null | field id) && [ -n "$next" ]; do sleep 0.02; done
  stopped=$(damctl record show "$id" -o json | field stopped); started=$(damctl record show "$next" -o json | field started)
  gaps+=("$(less "$(date -d "$started" +%s.%N)" "$(date -d "$stopped" +%s.%N)")"); id=$next
done
kill -TERM "$job"; wait "$job" || true; rm -rf "$folder"
row 'SIGTERM and start at once' "$(median "${gaps[@]}")" '' '≤ 2' "at most $(printf '%s\n' "${gaps[@]}" | sort -n | tail -n 1)"
