#!/usr/bin/env bash
# The package in a container with systemd as PID 1, at this machine's own speed and with virtual cameras: what the test bed, an emulated
# machine, is too slow to show. Prints how long an upgrade interrupts a recording, and how long the daemon takes to end with four of them.
#   container.sh DEB
# Needs root, and this machine's apt sources. Some three minutes. Says so in a line a check; 1 if one failed.
set -euo pipefail
cd "$(dirname "$0")/../.."; here=$PWD/tests/package
[ $# -eq 1 ] && [ -f "$1" ] || { echo "container.sh: give the package: packaging/build-deb.sh makes it" >&2; exit 2; }
packaging/install-missing.sh mmdebstrap
. tests/package/checks.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/container.XXXXXX") root='' box=''; root=$work/root
groups=/sys/fs/cgroup; [ ! -d $groups/unified ] || groups=$groups/unified
group=$groups/thatdam-container.$$
leave() {
  [ -z "$box" ] || { kill -KILL "$box" 2>/dev/null; wait "$box" 2>/dev/null; } || true
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap leave EXIT

cp "$1" "$work/package.deb"
{ cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } | mmdebstrap --quiet --variant=minbase --mode=root --include=systemd-sysv,udev,kmod \
  --customize-hook="copy-in $work/package.deb /root" \
  --customize-hook='env DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get -qq install -y --no-install-recommends /root/package.deb > /dev/null' \
  bookworm "$root" - || { echo "container.sh: the root file system was not made; the reason is above" >&2; exit 1; }
printf '[VirtualCameras]\nCount=4\n' > "$root/etc/thatdam/capture.conf.d/cameras.conf"
dpkg-deb -R "$1" "$work/tree"; sed -i 's/^Version: .*/&+next/' "$work/tree/DEBIAN/control"; dpkg-deb -Znone -b "$work/tree" "$root/root/next.deb" > /dev/null

# What a container manager does: namespaces of its own, a cgroup, the root changed, systemd started.
mkdir "$group"
(echo $BASHPID > "$group/cgroup.procs"
  exec unshare --mount --pid --uts --ipc --cgroup --fork --kill-child --propagation private bash -ec '
    mount --bind "$1" "$1"; cd "$1"
    mount -t proc proc proc; mount -t sysfs -o ro sysfs sys; mount -t cgroup2 cgroup2 sys/fs/cgroup
    mount -t tmpfs -o mode=755 tmpfs run; mount -t tmpfs tmpfs tmp; mount -t tmpfs -o mode=755 tmpfs dev
    for node in null zero full random urandom tty; do touch dev/$node; mount --bind /dev/$node dev/$node; done
    mkdir dev/pts dev/shm; mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts; ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
    pivot_root . mnt; umount -l /mnt
    exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=null' box "$root") > "$work/said" 2>&1 &
box=$!
inside() { nsenter --all --target "$(pgrep -P "$box")" "$@"; }
field() { grep -o "\"$1\":\(\"[^\"]*\"\|[0-9.]*\)" | head -n 1 | cut -d: -f2- | tr -d '"'; }
written() { [ "$(inside damctl record show "$1" -o json | field written)" -gt "$2" ]; }
seconds() { date -d "$1" +%s.%N; }
recordings() { inside damctl record list --active -o json | grep -o '"id":"[^"]*"' | cut -d'"' -f4; }
start() { inside damctl record start "$1" --size 1280x720 --fps 30 -o json | field id; }

check "the daemon is there by itself" within 60 inside systemctl -q is-active thatdam-capture
check "it answers" within 20 inside damctl status
check "systemd is done, and nothing has failed" within 60 inside systemctl is-system-running

id=$(start virtual:0)
check "a virtual camera is recorded" within 60 written "$id" 60
check "the package is upgraded" inside env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y /root/next.deb
check "the daemon is the new one" inside sh -c 'dpkg-query -W -f "\${Version}" thatdam-capture | grep -q +next && systemctl -q is-active thatdam-capture'
check "the configuration is kept" test -f "$root/etc/thatdam/capture.conf.d/cameras.conf"
goes_on() { next=$(recordings) && [ -n "$next" ] && [ "$next" != "$id" ]; }
check "what was recorded goes on" within 30 goes_on
file() { inside damctl record show "$1" -o json | field file; }
plays() { inside ffmpeg -v error -xerror -i "$(file "$1")" -f null -; }
check "and what was before it plays" plays "$id"
next=$(recordings)
awk -v from="$(seconds "$(inside damctl record show "$id" -o json | field stopped)")" -v to="$(seconds "$(inside damctl record show "$next" -o json | field started)")" \
  'BEGIN { printf "       interrupted for %.2f s (target 2)\n", to - from }'

ids=("$next"); for camera in virtual:1 virtual:2 virtual:3; do ids+=("$(start "$camera")"); done
for id in "${ids[@]}"; do check "$id is recorded" within 60 written "$id" 60; done
began=$EPOCHREALTIME
check "the daemon is stopped" inside systemctl stop thatdam-capture
took=$((${EPOCHREALTIME/./} - ${began/./})); printf '       in %d.%02d s, with four recordings (target 10)\n' $((took / 1000000)) $((took / 10000 % 100))
check "nothing was killed" inside sh -c '[ "$(systemctl show -P Result thatdam-capture)" = success ]'
check "no ffmpeg is left" sh -c '! pgrep -x ffmpeg --nslist pid --ns '"$(pgrep -P "$box")"
check "it starts again" inside systemctl start thatdam-capture
for id in "${ids[@]}"; do check "$id plays" plays "$id"; done
ended
