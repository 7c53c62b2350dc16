# For the scripts beside it: one line for each check, and the exit code that follows from them.
#   passed NAME    failed NAME WHY    check NAME COMMAND…: passed when the command succeeds; its words are the reason otherwise
#   ended: prints the sum, returns 1 when anything failed
checks_passed=0 checks_failed=0
passed() { echo "passed $1"; checks_passed=$((checks_passed + 1)); }
failed() { echo "failed $1: $2"; checks_failed=$((checks_failed + 1)); }
check() {
  local name=$1 said; shift
  if said=$("$@" 2>&1); then passed "$name"; else failed "$name" "$(tail -n 20 <<< "${said:-$* failed}" | tr '\n' '|')"; fi
}
ended() {
  echo "$checks_passed passed, $checks_failed failed"
  [ $checks_failed -eq 0 ]
}
# Whether a command succeeds within so many seconds, tried ten times a second.
within() {
  local until=$((SECONDS + $1)); shift
  until "$@"; do [ $SECONDS -lt "$until" ] || return 1; sleep 0.1; done
}
