#!/usr/bin/env bash
# The package over a reboot of the machine: installed in one boot of the test bed, looked at in the next from the same disk.
#   reboot.sh DEB
# In the first the power goes while a camera is recorded. In the second the daemon is there by itself, the recording is final and its file
# plays, the camera has the same name, and it is recorded by its rule.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -eq 1 ] && [ -f "$1" ] || { echo "reboot.sh: give the package: packaging/build-deb.sh makes it" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/reboot.XXXXXX"); trap 'rm -rf "$work"' EXIT
cp "$1" "$work/package.deb"

cat > "$work/first.sh" <<'GUEST'
set -euo pipefail
modprobe vivid n_devs=1 node_types=0x1; udevadm settle
DEBIAN_FRONTEND=noninteractive apt-get install -y /host/package.deb > /host/install.log 2>&1 || { cat /host/install.log; exit 1; }
systemctl is-enabled thatdam-capture.service
damctl devices list
# vivid names no serial: who it is, its place says.
printf '[Camera:desk]\nMatch=id:platform-vivid.0\nOnPlug=record\nCodec=mjpeg\nSize=640x360\n' > /etc/thatdam/capture.conf.d/desk.conf
systemctl restart thatdam-capture
for ((i = 0; i < 300; i++)); do damctl record list --active | grep -q recording && break; sleep 0.2; done
damctl record list --active
for ((i = 0; i < 300; i++)); do [ "$(damctl record list --active -o json | grep -o '"written":[0-9]*' | head -n 1 | cut -d: -f2)" -gt 60 ] && break; sleep 0.2; done
damctl record list --active -o json | grep -o '"id":"[^"]*"' | head -n 1 | cut -d'"' -f4 > /host/recording
sync -f /var/lib/thatdam/state.db
touch /host/cut; sleep 60
GUEST
cat > "$work/second.sh" <<'GUEST'
set -euo pipefail
fail() { echo "reboot.sh: $*"; journalctl -q -b -o cat -u thatdam-capture | tail -n 30; exit 1; }
for ((i = 0; i < 300; i++)); do systemctl -q is-active thatdam-capture && break; sleep 0.2; done
systemctl -q is-active thatdam-capture || fail "the daemon did not come by itself"
modprobe vivid n_devs=1 node_types=0x1; udevadm settle
before=$(cat /host/recording)
damctl record show "$before"
damctl record show "$before" -o json | grep -q '"reason":"recovered"' || fail "$before was not brought to its end"
file=$(damctl record show "$before" -o json | grep -o '"file":"[^"]*"' | head -n 1 | cut -d'"' -f4)
frames=$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$file")
[ "${frames%,}" -gt 0 ] || fail "$file holds no frame"
for ((i = 0; i < 300; i++)); do damctl record list --active | grep -q desk && break; damctl devices show desk > /dev/null 2>&1 || true; sleep 0.2; done
damctl record list --active
[ "$(damctl record list --active -o json | grep -o '"alias":"desk"' | wc -l)" -eq 1 ] || fail "desk is not recorded, or more than once"
damctl record stop --all
echo "over a reboot: $file has ${frames%,} frames, and desk is recorded again"
GUEST
rc=0; tests/testbed/boot.sh --systemd --dir "$work" --root "$work/disk" --cut cut --timeout 600 "$work/first.sh" || rc=$?
[ $rc -eq 137 ] || { echo "reboot.sh: the first boot ended with $rc instead of a power cut" >&2; exit 1; }
rm -f "$work/cut"
tests/testbed/boot.sh --systemd --dir "$work" --root "$work/disk" --timeout 600 "$work/second.sh"
