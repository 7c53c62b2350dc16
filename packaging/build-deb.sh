#!/usr/bin/env bash
# Builds the Debian package: artifacts/deb/thatdam-capture_VERSION_ARCH.deb. The same sources and the same SDK make the same package.
#   build-deb.sh [amd64|arm64] [--programs DIR]
# --programs DIR packs what packaging/publish.sh has put there, instead of building. Installs the tools it needs.
set -euo pipefail
cd "$(dirname "$0")/.."; root=$PWD
usage() { sed -n '2,4s/^# \{0,1\}//p' packaging/build-deb.sh >&2; exit 2; }
fail() { echo "build-deb.sh: $*" >&2; exit 1; }
case $(uname -m) in x86_64) here=amd64;; aarch64) here=arm64;; *) here=none;; esac
arch='' programs=''
while [ $# -gt 0 ]; do
  case $1 in
    amd64|arm64) arch=$1;;
    --programs) [ $# -ge 2 ] || usage; programs=$(realpath "$2"); shift;;
    *) usage;;
  esac
  shift
done
arch=${arch:-$here}
case $arch in amd64) rid=linux-x64 machine='Advanced Micro Devices X86-64';; arm64) rid=linux-arm64 machine=AArch64;; *) usage;; esac

needs=(debhelper dpkg-dev fakeroot binutils)
[ "$arch" = "$here" ] || needs+=(binutils-aarch64-linux-gnu)
packaging/install-missing.sh "${needs[@]}"
if [ -z "$programs" ]; then
  programs=$root/artifacts/programs
  [ "$arch" = "$here" ] || programs+=-$arch
  packaging/publish.sh "$programs" $rid
fi

# What the package says of itself must be so.
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
[ "$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)" = "$version" ] ||
  fail "packaging/debian/changelog begins with another version than Directory.Build.props, which has $version"
for program in thatdam-capture damctl libe_sqlite3.so; do
  [ -f "$programs/$program" ] || fail "no $programs/$program: packaging/publish.sh $programs $rid makes it"
  grep -q "Machine: *$machine" <<< "$(readelf -h "$programs/$program")" || fail "$programs/$program is not for $arch"
  glibc=$(readelf -W --version-info "$programs/$program" | { grep -o 'GLIBC_[0-9.]*' || true; } | sort -V | tail -n 1)
  [ "$(printf '%s\n' GLIBC_2.34 "$glibc" | sort -V | tail -n 1)" = GLIBC_2.34 ] || fail "$program needs $glibc; control promises no more than 2.34"
done

[ -f "$programs/sbom.cdx.json" ] || fail "no $programs/sbom.cdx.json: packaging/publish.sh $programs $rid makes it"

# Nothing of the moment, the place or the user gets in: times are those of the commit.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || dpkg-parsechangelog -l packaging/debian/changelog -S Timestamp)}
export LC_ALL=C.UTF-8 TZ=UTC; umask 022
work=$(mktemp -d "${TMPDIR:-/tmp}/build-deb.XXXXXX"); trap 'rm -rf "$work"' EXIT
tree=$work/thatdam-capture-$version
mkdir -p "$tree/programs" "$tree/packaging"
cp -r packaging/debian systemd README.md CHANGELOG.md "$tree/"
cp -r packaging/apparmor packaging/capture.conf packaging/completion packaging/man packaging/monitoring "$tree/packaging/"
cp -r "$programs"/{thatdam-capture,damctl,libe_sqlite3.so,sbom.cdx.json,contract} "$tree/programs/"
for part in service socket sysusers tmpfiles; do
  from=systemd/thatdam-capture.$part; [ -f "$from" ] || from+=.conf
  cp "$from" "$tree/debian/thatdam-capture.$part"
done
cp systemd/thatdam-uevents.socket "$tree/debian/thatdam-capture.thatdam-uevents.socket"
chmod -R u=rwX,go=rX "$tree"
if ! (cd "$tree" && dpkg-buildpackage --build=binary --host-arch "$arch" -d -us -uc) > "$work/log" 2>&1; then
  cat "$work/log" >&2; fail "dpkg-buildpackage failed; its words are above"
fi
mkdir -p artifacts/deb
deb=thatdam-capture_${version}_$arch.deb
mv "$work/$deb" artifacts/deb/
echo "artifacts/deb/$deb: $(stat -c %s "artifacts/deb/$deb") bytes, sha256 $(sha256sum "artifacts/deb/$deb" | cut -d' ' -f1)"
