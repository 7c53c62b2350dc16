#!/usr/bin/env bash
# Whether the pages, the completions, the dashboard and the units say what the programs do: every key, flag, verb and figure, and no warning
# of the tools.
#   check.sh [DIR] [--deb FILE]
# DIR holds the programs, as packaging/publish.sh makes them; artifacts/programs if not given. FILE is a package, as packaging/build-deb.sh
# makes it: lintian looks at it. Prints what is wrong; 1 if anything is.
set -uo pipefail
cd "$(dirname "$0")/.."
programs=artifacts/programs deb=''
while [ $# -gt 0 ]; do
  case $1 in
    --deb) [ -f "${2:-}" ] || { echo "check.sh: no package ${2:-after --deb}: packaging/build-deb.sh makes it" >&2; exit 2; }; deb=$2; shift;;
    -*) sed -n '2,6s/^# \{0,1\}//p' packaging/check.sh >&2; exit 2;;
    *) programs=$1;;
  esac
  shift
done
[ -x "$programs/damctl" ] && [ -x "$programs/thatdam-capture" ] || { echo "check.sh: no programs in $programs: packaging/publish.sh $programs makes them" >&2; exit 2; }
packaging/install-missing.sh man-db mandoc systemd zsh fish apparmor ${deb:+lintian} || exit 2
bad=0
wrong() { echo "$*"; bad=1; }
plain() { mandoc -T utf8 -O width=1000 "$1" | sed 's/.\x08//g'; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

for page in packaging/man/*.[1-8]; do
  said=$(LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 "$page" 2>&1 >/dev/null; mandoc -T lint -W warning "$page") || true
  [ -z "$said" ] || wrong "$page: $said"
  plain "$page" > "$work/$(basename "$page")"
done
bash -n packaging/completion/bash/damctl && bash -n packaging/completion/bash/thatdam-capture || bad=1
zsh -n packaging/completion/zsh/_damctl && zsh -n packaging/completion/zsh/_thatdam-capture || bad=1
fish -n packaging/completion/fish/damctl.fish && fish -n packaging/completion/fish/thatdam-capture.fish || bad=1

# The configuration: sections and keys, with their defaults where the file has one.
section=''
while IFS= read -r line; do
  if [[ $line =~ ^#?\[([A-Za-z]+)(:.*)?\]$ ]]; then
    section=${BASH_REMATCH[1]}
    grep -q "^ *\[$section[]:]" "$work/thatdam-capture.conf.5" || wrong "thatdam-capture.conf.5 lacks [$section]"
  elif [[ $line =~ ^#([A-Z][A-Za-z]+)=([^ ]*)$ ]]; then
    key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    part=$(awk -v s="[$section" '/^ *\[/ { on = index($1, s) == 1 } on' "$work/thatdam-capture.conf.5" | awk -v k="$key=" '/^ +[A-Z][A-Za-z]+=/ { on = index($1, k) == 1 } on')
    [ -n "$part" ] || { wrong "thatdam-capture.conf.5 lacks $key= in [$section]"; continue; }
    [ -z "$value" ] || [ "$section" = Camera ] || grep -qF "Default: $value." <<< "$part" || wrong "thatdam-capture.conf.5: the default of $key= in [$section] is $value"
  fi
done < packaging/capture.conf

# The command lines.
flags() { "$@" --help 2>/dev/null | grep -oE '^ +(-[a-z?], )*--[a-z-]+' | grep -oE -- '--[a-z-]+'; }
verbs() { "$@" --help 2>/dev/null | sed -n '/^Commands:/,/^$/p' | grep -oE '^  [a-z]+'; }
told() { # FLAG COMMAND PAGE
  grep -qE -- "$1([^a-z-]|\$)" "$work/$3" || grep -qE -- "$1([^a-z-]|\$)" "$work/damctl.1" || wrong "$3 lacks $1 of $2"
  grep -qE -- "$1([^a-z-]|\$)" "packaging/completion/bash/${2%% *}" || wrong "bash's completion lacks $1 of $2"
  grep -qE -- "$1([^a-z-]|\$)" "packaging/completion/zsh/_${2%% *}" || wrong "zsh's completion lacks $1 of $2"
  grep -qE -- "-l ${1#--}( |\$)" "packaging/completion/fish/${2%% *}.fish" || wrong "fish's completion lacks $1 of $2"
}
for flag in $(flags "$programs/thatdam-capture"); do told "$flag" thatdam-capture thatdam-capture.8; done
for verb in $(verbs "$programs/damctl"); do
  page=damctl-$verb.1; [ -f "packaging/man/$page" ] || page=damctl.1
  grep -qE "^ +$verb( |\$)" "$work/damctl.1" || wrong "damctl.1 lacks $verb"
  for flag in $(flags "$programs/damctl" "$verb"); do told "$flag" "damctl $verb" $page; done
  for second in $(verbs "$programs/damctl" "$verb"); do
    grep -qE "^ +$second( |\$)" "$work/$page" || wrong "$page lacks $second"
    grep -qE "^ +$verb\) choices='.*\b$second\b" packaging/completion/bash/damctl || wrong "bash's completion lacks $verb $second"
    grep -q "'$second:" packaging/completion/zsh/_damctl || wrong "zsh's completion lacks $verb $second"
    grep -q "__damctl_at 0 $verb' -a $second " packaging/completion/fish/damctl.fish || wrong "fish's completion lacks $verb $second"
    for flag in $(flags "$programs/damctl" "$verb" "$second"); do told "$flag" "damctl $verb $second" $page; done
  done
done

# The dashboard and the alert rules: figures that the daemon gives, and each of them. A histogram's are those of its parts.
given=$(grep -oE 'text\.(Gauge|Counter|Histogram)\("[a-z_]+' agent/Control/MetricsText.cs | cut -d'"' -f2 | sort -u)
shown=$(cat packaging/monitoring/* | grep -oE '\b(thatdam|process)_[a-z_]+' | sed -E 's/_(bucket|count|sum)$//' | sort -u)
for name in $(comm -13 <(echo "$given") <(echo "$shown")); do wrong "packaging/monitoring names $name, which the daemon does not give"; done
for name in $(comm -23 <(echo "$given") <(echo "$shown")); do wrong "packaging/monitoring lacks $name"; done

# The units. The program need not be installed here.
mkdir "$work/units"; cp systemd/*.service systemd/*.socket "$work/units/"
sed -i 's:^ExecStart=.*:ExecStart=/bin/true:' "$work/units/thatdam-capture.service"
said=$(systemd-analyze verify --man=no "$work"/units/* 2>&1) && [ -z "$said" ] || wrong "systemd-analyze verify: $said"
systemd-analyze security --offline=true --threshold=15 --no-pager "$work/units/thatdam-capture.service" > "$work/security" || wrong "$(grep '^→' "$work/security")"
tail -n 1 "$work/security"

# The AppArmor profile: read, not loaded.
for profile in packaging/apparmor/*; do
  said=$(PATH=$PATH:/usr/sbin:/sbin apparmor_parser -Q -K "$profile" 2>&1) && ! grep -qi warning <<< "$said" || wrong "$profile: $said"
  grep -q "^profile .*flags=(complain)" "$profile" || wrong "$profile does not merely complain"
done

# The package: no error, no warning but those that packaging/debian overrides with a reason.
if [ -n "$deb" ]; then
  said=$(lintian --allow-root --tag-display-limit 0 --fail-on error,warning "$deb" 2>&1) || wrong "lintian $deb: $said"
fi
exit $bad
