# Sourced: starts and stops an agent in a folder of its own, and measures what it uses.
#   THATDAM_PROGRAMS: where the programs lie

agent_start() { # [FLAG…]; sets $agent (its id) and $agent_folder
  agent_folder=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX"); mkdir "$agent_folder/recordings" "$agent_folder/state"; : > "$agent_folder/conf"
  export THATDAM_SOCKET=$agent_folder/s
  "$THATDAM_PROGRAMS/thatdam-capture" --config "$agent_folder/conf" --socket "$THATDAM_SOCKET" --output "$agent_folder/recordings" \
    --state "$agent_folder/state" "$@" > "$agent_folder/log" 2>&1 &
  agent_job=$!
  until grep -q '^ready ' "$agent_folder/log"; do
    kill -0 "$agent_job" 2>/dev/null || { cat "$agent_folder/log" >&2; return 1; }
    sleep 0.02
  done
  agent=$(damctl status -o json | grep -o '"pid":[0-9]*' | cut -d: -f2)
}
agent_stop() { kill -TERM "$agent"; wait "$agent_job" || true; rm -rf "$agent_folder"; }
damctl() { "$THATDAM_PROGRAMS/damctl" "$@"; }

encoders_tried() { # until the background trials of the encoders are over and the pool is warm: they would be counted
  until damctl status -o json | grep -q '"probed":true'; do sleep 0.2; done
  sleep 1
}

field() { grep -o "\"$1\":\(\"[^\"]*\"\|[0-9.]*\)" | head -n 1 | cut -d: -f2- | tr -d '"'; } # of the JSON on stdin
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a - b }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "-" }'; }
row() { printf '  %-46s %12s %12s %8s   %s\n' "$@"; }
