#!/usr/bin/env bash
# The package on a machine that has nothing else: a minimal Debian 12 is made, the package put into it by apt with what it depends on, and
# booted with systemd. The daemon is there by itself, lists a camera, records it; the package goes and its recordings stay.
#   fresh.sh DEB
# Needs root, and this machine's apt sources. Some three minutes. Says so in a line a check; 1 if one failed.
set -euo pipefail
cd "$(dirname "$0")/../.."; bed=tests/testbed/guest
[ $# -eq 1 ] && [ -f "$1" ] || { echo "fresh.sh: give the package: packaging/build-deb.sh makes it" >&2; exit 2; }
packaging/install-missing.sh mmdebstrap e2fsprogs
work=$(mktemp -d "${TMPDIR:-/tmp}/fresh.XXXXXX"); trap 'rm -rf "$work"' EXIT
cp "$1" "$work/package.deb"; cp tests/package/checks.sh "$work/"

# systemd alone, and the bed's own programs that hand a guest its command; apt is the image's, as an installer's would be.
{ cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } | mmdebstrap --quiet --variant=minbase --mode=root --include=systemd-sysv,udev,kmod,iproute2 \
  --customize-hook='echo fresh > "$1/etc/hostname"; echo "127.0.0.1 localhost fresh" > "$1/etc/hosts"; echo "/dev/ubda / ext4 defaults 0 1" > "$1/etc/fstab"' \
  --customize-hook="copy-in $bed/testbed.service /etc/systemd/system" --customize-hook="copy-in $bed/testbed-run $bed/testbed-init /usr/sbin" \
  --customize-hook='chmod 755 "$1"/usr/sbin/testbed-*; chroot "$1" systemctl -q enable testbed.service' \
  --customize-hook="copy-in $work/package.deb /root" \
  --customize-hook='env DEBIAN_FRONTEND=noninteractive chroot "$1" apt-get -qq install -y --no-install-recommends /root/package.deb > /dev/null' \
  bookworm "$work/root.tar" - || { echo "fresh.sh: the root file system was not made; the reason is above" >&2; exit 1; }
mkdir "$work/root"; tar -xf "$work/root.tar" -C "$work/root" --numeric-owner --exclude=./dev/\*
mke2fs -q -t ext4 -O ^metadata_csum_seed,^orphan_file -d "$work/root" "$work/fresh.ext4" 4G; rm -rf "$work/root" "$work/root.tar"

cat > "$work/guest.sh" <<'GUEST'
. /host/checks.sh
active() { systemctl -q is-active thatdam-capture; }
written() { [ "$(damctl record show "$1" -o json | grep -o '"written": *[0-9]*' | head -n 1 | grep -o '[0-9]*')" -gt "$2" ]; }
check "the daemon is there by itself after the boot" within 120 active
check "and so are its user and groups" id -nG thatdam
modprobe vivid n_devs=1 node_types=0x1 && udevadm settle
listed() { damctl devices list | tee /host/list | grep -q /dev/video0; }
check "a camera that comes is listed" within 30 listed
cat /host/list
damctl record start /dev/video0 --codec h264 > /host/start 2>&1; cat /host/start
id=$(damctl record list --active -o json | grep -o '"id": *"[^"]*"' | head -n 1 | cut -d'"' -f4)
check "it is recorded" within 120 written "$id" 30
check "and stopped" damctl record stop "$id"
file=$(damctl record show "$id" -o json | grep -o '"file": *"[^"]*"' | head -n 1 | cut -d'"' -f4)
check "its file $file plays" ffmpeg -v error -xerror -i "$file" -f null -
check "and is thatdam's, and nobody else's to write" test "$(stat -c '%U:%G %a' "$file")" = "thatdam:thatdam 640"
check "nothing of the daemon is failed" sh -c '! systemctl --failed --plain --no-legend | grep thatdam'
check "the package is purged" env DEBIAN_FRONTEND=noninteractive apt-get -qq purge -y thatdam-capture
check "and leaves the recording" ffmpeg -v error -xerror -i "$file" -f null -
check "and nothing of its configuration" test ! -e /etc/thatdam
[ $checks_failed -eq 0 ] || journalctl -q -b -o cat -u thatdam-capture | tail -n 30
ended
GUEST
tests/testbed/boot.sh --systemd --image "$work/fresh.ext4" --dir "$work" --timeout 600 "$work/guest.sh"
