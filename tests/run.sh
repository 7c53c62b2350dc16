#!/usr/bin/env bash
# Builds everything and runs every test. The last line says `N passed, N failed, N skipped`; the exit code is 0 when nothing failed.
#   run.sh [--quick|--full] [TIER…]
#     --quick  only the tiers that need no test-bed kernel      --full  long tests at their full length (THATDAM_FULL=1), and the package's
#     TIER     only these: see `tiers` below
# Installs what is missing (apt). Each tier's whole output stays in artifacts/tests/TIER.log.
set -uo pipefail
cd "$(dirname "$0")/.."; root=$PWD
quick_tiers=(build format native media contract agent cli publish package completion endtoend demo)
guest_tiers=(guest-native guest-agent guest-endtoend)
full_tiers=(guest-package guest-reboot guest-fresh container arm64 reproducible)
tiers=("${quick_tiers[@]}" "${guest_tiers[@]}" events "${full_tiers[@]}")
chosen=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) chosen+=("${quick_tiers[@]}" events);;
    --full) export THATDAM_FULL=1;;
    -h|--help) sed -n '2,6s/^# \{0,1\}//p' "$0"; echo "tiers: ${tiers[*]}"; exit 0;;
    -*) echo "run.sh: no option $1" >&2; exit 2;;
    *) [[ " ${tiers[*]} " == *" $1 "* ]] || { echo "run.sh: no tier $1; there are: ${tiers[*]}" >&2; exit 2; }; chosen+=("$1");;
  esac
  shift
done
if [ ${#chosen[@]} -eq 0 ]; then
  chosen=("${quick_tiers[@]}" "${guest_tiers[@]}" events)
  [ -z "${THATDAM_FULL:-}" ] || chosen+=("${full_tiers[@]}")
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_NOBANNER=1
programs=$root/artifacts/programs; export THATDAM_PROGRAMS=$programs
logs=$root/artifacts/tests; mkdir -p "$logs"
# Every event that an end-to-end test made a daemon commit: the tier `events` has them checked.
export THATDAM_EVENTS=$logs/events
passed=0 failed=0 skipped=0 bad=()

# The test programs are executables of Microsoft.Testing.Platform: artifacts/bin/NAME/debug/NAME.
declare -A program=([native]=Native [media]=Media [contract]=Contract [agent]=Agent [cli]=Cli [endtoend]=EndToEnd)
tests() { # NAME [OPTION…]: those tests of a project that need no test bed
  local name=ThatDam.${program[$1]}.Tests; shift
  "artifacts/bin/$name/debug/$name" --no-ansi --progress off --show-live-output off --output Detailed --filter-not-trait bed=guest "$@"
}
guest() { # NAME [TRAIT]: those that need it, in it; of them those with a trait
  flock "$logs/.camera.lock" tests/testbed/camera/build.sh || return 1
  tests/testbed/boot.sh --dotnet --mount "$root" --memory 2G --timeout 2400 tests/testbed/guest-tests.sh \
    "$root" "ThatDam.${program[$1]}.Tests" "${2:-bed=guest}" "${THATDAM_FULL:-}"
}
# Two guests at once on two processors are slower than one after the other (the same work in each: 10.6 s against 4), so each gets two.
at_once=${THATDAM_GUESTS:-$(($(nproc) / 2))}
guests() { # NAME TRAIT…: the same in several guests, one for each trait
  local name=$1 trait pids=() rc=0; shift
  for trait; do
    guest "$name" "$trait" > "$logs/.$name-$trait" 2>&1 & pids+=($!)
    [ "$at_once" -ge $# ] || wait $!
  done
  for pid in "${pids[@]}"; do wait "$pid" || rc=$?; done
  for trait; do echo "==== $trait"; cat "$logs/.$name-$trait"; rm "$logs/.$name-$trait"; done
  return $rc
}
unchanged() { # NAME PATH…: whether those sources are as they were when `stamp NAME PATH…` was called
  [ "$(cat "$logs/$1.stamp" 2>/dev/null)" = "$(sources "${@:2}")" ]
}
stamp() { sources "${@:2}" > "$logs/$1.stamp"; }
sources() { git ls-files -z --cached --others --exclude-standard -- "$@" | sort -z | xargs -0 sha256sum 2>&1 | sha256sum; }

tier_build() { dotnet build ThatDam.slnx -v minimal -tl:off; }
tier_format() { # once for each state of the sources
  local what=('*.cs' '*.csproj' .editorconfig '*.props')
  unchanged format "${what[@]}" && { echo "nothing has changed since it was clean"; return 0; }
  dotnet format ThatDam.slnx --verify-no-changes --no-restore && stamp format "${what[@]}"
}
tier_native() { tests native; }
tier_media() { tests media; }
tier_contract() { tests contract; }
tier_agent() { tests agent; }
tier_cli() { tests cli; }
tier_publish() { # once for each state of the sources
  local what=(agent cli native packaging/publish.sh '*.props' global.json)
  unchanged publish "${what[@]}" && [ -x "$programs/thatdam-capture" ] && [ -x "$programs/damctl" ] && { echo "nothing has changed since it was published"; return 0; }
  rm -f "$logs/publish.stamp"
  packaging/publish.sh "$programs" && stamp publish "${what[@]}"
}
tier_endtoend() { # those that mostly wait three at a time, the others one by one
  local rc=0
  tests endtoend --filter-trait pace=waits --parallel collections --max-threads 3 || rc=$?
  tests endtoend --filter-not-trait pace=waits || rc=$?
  return $rc
}
tier_demo() { packaging/demo.sh; }
tier_guest-native() { guest native; }
tier_guest-agent() { guest agent; }
tier_guest-endtoend() { guests endtoend boot=1 boot=2; }
deb() { ls -t "$root"/artifacts/deb/*_"$(dpkg --print-architecture)".deb | head -n 1; }
tier_package() { # the package is built; pages, units and profile say what the programs do, and lintian finds nothing
  packaging/build-deb.sh --programs "$programs" &&
    packaging/check.sh "$programs" --deb "$(deb)"
}
tier_guest-package() { # the package in a machine with systemd
  tests/testbed/boot.sh --systemd --dotnet --mount "$root" --memory 2G --timeout 1800 tests/testbed/guest-tests.sh \
    "$root" ThatDam.EndToEnd.Tests boot=systemd "${THATDAM_FULL:-}" "$(deb)"
}
tier_guest-reboot() { tests/package/reboot.sh "$(deb)"; }
tier_guest-fresh() { tests/package/fresh.sh "$(deb)"; }
tier_container() { tests/package/container.sh "$(deb)"; }
tier_completion() { tests/package/completion.sh --programs "$programs"; }
tier_arm64() { tests/package/arm64.sh; }
tier_reproducible() { tests/package/reproducible.sh; }
tier_events() {
  cat "$THATDAM_EVENTS"/*.jsonl | tests/contract/tools/tool.sh validate.mjs --own && echo "$(cat "$THATDAM_EVENTS"/*.jsonl | wc -l) events, each valid by its schema"
}

run() { # TIER: its line, and its numbers in TIER.result
  local tier=$1 log=$logs/$1.log start=$SECONDS rc p f s
  "tier_$tier" > "$log" 2>&1 < /dev/null; rc=$?
  # A run of test programs ends in a summary (several, if it ran several); any other tier is one test.
  if grep -q '^Test run summary' "$log"; then
    count() { sed -n "s/^  $1: *\([0-9]*\).*/\1/p" "$log" | awk '{ n += $1 } END { print n + 0 }'; }
    p=$(count succeeded) f=$(count failed) s=$(count skipped)
    # What fails without a failed test (a crash, a hang, no test at all) is a failure too.
    if [ $rc -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  # A script that counts its checks ends with their sum.
  elif [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=0
    if [ $rc -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  elif [[ $tier =~ ^(native|media|contract|agent|cli|endtoend|guest-native|guest-agent|guest-endtoend|guest-package)$ ]]; then p=0 f=1 s=0
  else p=$((rc == 0)) f=$((rc != 0)) s=0; fi
  echo "$p $f $s" > "$logs/$tier.result"
  printf '%-15s %4d passed, %d failed, %d skipped  %4d s\n' "$tier" "$p" "$f" "$s" $((SECONDS - start))
}
chosen() { [[ " ${chosen[*]} " == *" $1 "* ]]; }
lane() { local tier; for tier; do ! chosen "$tier" || run "$tier"; done; }

packaging/install-missing.sh ffmpeg v4l-utils strace gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross rabbitmq-server amqp-tools openssl || exit 1
! chosen endtoend || rm -rf "$THATDAM_EVENTS"
for tier in "${tiers[@]}"; do rm -f "$logs/$tier.result"; done
# Stages follow one another; the lanes of a stage run at once, and the tiers of a lane in order. Beside guests nothing else
# runs: another load of the machine makes them several times slower.
stages=(
  "build"
  "publish package format contract cli"
  "guest-native | guest-agent"
  "guest-endtoend"
  "guest-package guest-reboot guest-fresh"
  "container"
  "native media agent endtoend demo completion"
  "events"
  "arm64 reproducible"
)
[ "$at_once" -ge 2 ] || stages[2]="guest-native guest-agent"
set -m # each lane in a process group of its own, which can be ended whole
trap 'for pid in $(jobs -p); do kill -TERM -- "-$pid" 2>/dev/null; done' EXIT
trap 'exit 130' INT TERM
for stage in "${stages[@]}"; do
  IFS='|' read -ra lanes <<< "$stage"
  for tiers_of_lane in "${lanes[@]}"; do
    # shellcheck disable=SC2086
    lane $tiers_of_lane &
  done
  wait
  ! chosen build || [ "$(cut -d' ' -f2 "$logs/build.result" 2>/dev/null)" = 0 ] || { chosen=(build); break; }
done
for tier in "${tiers[@]}"; do
  chosen "$tier" || continue
  read -r p f s 2> /dev/null < "$logs/$tier.result" || { p=0 f=1 s=0; echo "run.sh: $tier ended without a result" | tee -a "$logs/$tier.log"; }
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  [ "$f" -eq 0 ] || bad+=("$tier")
done

for tier in "${bad[@]}"; do
  echo; echo "---- $tier ($logs/$tier.log)"
  if grep -q '^failed ' "$logs/$tier.log"; then sed -n '/^failed /,/^\(skipped\|passed\|Test run summary\)/p' "$logs/$tier.log" | head -n 200
  else tail -n 40 "$logs/$tier.log"; fi
done
[ ${#bad[@]} -eq 0 ] || echo
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
