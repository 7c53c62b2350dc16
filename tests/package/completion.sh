#!/usr/bin/env bash
# Shows that completion works where people type: bash, zsh and fish in tmux, with the files where the package puts them, and a daemon with
# two virtual cameras and two recordings; and that man finds the pages. One line a check; 1 if one failed.
#   completion.sh [--programs DIR]
# --programs DIR packs what packaging/publish.sh DIR has put there, instead of building. Installs what it needs.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/package/checks.sh
fail() { echo "completion.sh: $*" >&2; exit 1; }
usage() { sed -n '2,5s/^# \{0,1\}//p' tests/package/completion.sh >&2; exit 2; }
build=(packaging/build-deb.sh)
case $# in 0) ;; 2) [ "$1" = --programs ] || usage; build+=(--programs "$2");; *) usage;; esac

packaging/install-missing.sh tmux bash-completion zsh fish man-db less ffmpeg dpkg-dev
work=$(mktemp -d "${TMPDIR:-/tmp}/thatdam-completion.XXXXXX")
daemon=''
tm() { tmux -L "thatdam-$$" -f /dev/null "$@"; }
cleanup() {
  tm kill-server 2>/dev/null || true
  [ -z "$daemon" ] || { kill -TERM "$daemon" 2>/dev/null && wait "$daemon" || true; }
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

"${build[@]}" || fail "the package was not built; the reason is above"
deb=artifacts/deb/thatdam-capture_$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)_$(dpkg --print-architecture).deb
dpkg-deb -x "$deb" "$work/root"
share=$work/root/usr/share
export PATH=$work/root/usr/bin:$work/root/usr/sbin:$PATH THATDAM_SOCKET=$work/capture.sock HOME=$work LC_ALL=C.UTF-8
unset MANPATH XDG_DATA_HOME XDG_CONFIG_HOME BASH_COMPLETION_USER_DIR || true

mkdir "$work/state" "$work/recordings"; : > "$work/capture.conf"
"$work/root/usr/lib/thatdam-capture/thatdam-capture" --config "$work/capture.conf" --socket "$THATDAM_SOCKET" \
  --output "$work/recordings" --state "$work/state" --set VirtualCameras.Count=2 > "$work/log" 2>&1 &
daemon=$!
ready() { grep -q '^ready ' "$work/log"; }
within 30 ready || { cat "$work/log" >&2; fail "the daemon is not ready after 30 s; its log is above"; }
recording() { damctl record start "$1" --size 640x360 --fps 15 -o json | grep -o '"id":"[^"]*"' | head -n 1 | cut -d'"' -f4; }
stopped=$(recording virtual:0); sleep 1
damctl record stop "$stopped" > /dev/null
running=$(recording virtual:1)

# Each shell as a new user's, but for its prompt, and with the package's share/ before the system's.
printf "PS1='> '\n. /usr/share/bash-completion/bash_completion\n" > "$work/bashrc"
mkdir -p "$work/zsh" "$work/.config/fish"
printf "PS1='> '\nunsetopt prompt_sp\nfpath=(%s \$fpath)\nautoload -Uz compinit && compinit -u -D\n" "$share/zsh/vendor-completions" > "$work/zsh/.zshrc"
printf "set -g fish_greeting\nfunction fish_prompt; echo -n '> '; end\n" > "$work/.config/fish/config.fish"
in_shell() { # SHELL: starts it in a window of its own name
  local start
  case $1 in
    bash) start="bash --noprofile --rcfile $work/bashrc -i";;
    zsh) start="env ZDOTDIR=$work/zsh zsh -d -i";;
    fish) start="fish -i";;
  esac
  tm new-session -d -s "$1" -x 150 -y 50 "env XDG_DATA_DIRS=$share:/usr/local/share:/usr/share MANPATH=$share/man: TERM=screen-256color $start"
  within 30 prompt "$1" || fail "$1 shows no prompt after 30 s"
}
pane() { tm capture-pane -p -t "$1"; }
prompt() { pane "$1" | sed '/^ *$/d' | tail -n 1 | grep -q '^> *$'; }
shows() { # SHELL PATTERN…: whether each is to be seen
  local shell=$1 pattern screen; shift
  screen=$(pane "$shell")
  for pattern; do grep -qE -- "$pattern" <<< "$screen" || return 1; done
}
types() { # NAME SHELL TEXT PATTERN…: TEXT and Tab, and Tab again for the list, until each pattern is seen
  local name="$2: $1" shell=$2 text=$3; shift 3
  tm send-keys -t "$shell" -l -- "$text"; tm send-keys -t "$shell" Tab
  local try seen=no
  for try in 1 2 3; do
    if within 3 shows "$shell" "$@"; then seen=yes; break; fi
    tm send-keys -t "$shell" Tab
  done
  if [ $seen = yes ]; then passed "$name"; else failed "$name" "the screen is: $(pane "$shell" | sed '/^ *$/d' | tr '\n' '|')"; fi
  tm send-keys -t "$shell" Escape; sleep 0.6
  tm send-keys -t "$shell" C-c; sleep 0.2
  tm send-keys -t "$shell" -l clear; tm send-keys -t "$shell" Enter
  within 10 prompt "$shell" || fail "$shell does not come back to its prompt"
}

# What the names have in common is typed at once: bash lists only what follows a colon, fish an ellipsis and what follows.
for shell in bash zsh fish; do
  in_shell $shell
  types "damctl rec<Tab>" $shell 'damctl rec' '^> damctl record( |$)'
  types "damctl record <Tab>" $shell 'damctl record ' '\bstart\b' '\bstop\b' '\blist\b' '\bshow\b' '\bwatch\b'
  types "damctl record start <Tab>: cameras" $shell 'damctl record start ' 'virtual:' '(^|[ :…])0\b' '[ :…]1\b'
  types "damctl record start virtual:<Tab>" $shell 'damctl record start virtual:' '(^|[ :])0\b' '(^|[ :])1\b'
  types "damctl record start virtual:1 --co<Tab>" $shell 'damctl record start virtual:1 --co' '--codec' '--container'
  types "damctl record show <Tab>: recordings" $shell 'damctl record show ' "${stopped: -4}" "${running: -4}"
  types "damctl record stop <Tab>: what runs" $shell 'damctl record stop ' "$running"
  types "thatdam-capture --ver<Tab>" $shell 'thatdam-capture --ver' '^> thatdam-capture --version'
  for page in 'damctl:DAMCTL\(1\)' 'damctl-record:DAMCTL-RECORD\(1\)' 'thatdam-capture:THATDAM-CAPTURE\(8\)' 'thatdam-capture.conf:THATDAM-CAPTURE.CONF\(5\)'; do
    [ $shell = bash ] || break # the pages are the same in every shell
    tm send-keys -t $shell -l "man ${page%%:*}"; tm send-keys -t $shell Enter
    if within 10 shows $shell "^${page#*:}" '^NAME'; then passed "man ${page%%:*}"; else failed "man ${page%%:*}" "the screen is: $(pane $shell | head -n 5 | tr '\n' '|')"; fi
    tm send-keys -t $shell q; sleep 0.3
    tm send-keys -t $shell -l clear; tm send-keys -t $shell Enter
    within 10 prompt $shell || fail "man does not end"
  done
done
ended
