#!/bin/bash
# In the guest: runs those tests of one test program that need the test bed.
#   guest-tests.sh ROOT NAME TRAIT [FULL [DEB]]     TRAIT: those tests, NAME=VALUE; DEB: the package that they install
# Four vivid cameras, two of them multi-planar, are there from the start; a test that wants others loads them itself.
root=$1 name=$2 trait=$3
export THATDAM_PROGRAMS=$root/artifacts/programs THATDAM_BED=$root/tests/testbed THATDAM_EVENTS=$root/artifacts/tests/events ${4:+THATDAM_FULL=1} ${5:+THATDAM_DEB="$5"}
export TESTINGPLATFORM_TELEMETRY_OPTOUT=1 DOTNET_EnableDiagnostics=0
modprobe vivid n_devs=4 node_types=0x1,0x1,0x1,0x1 multiplanar=1,1,2,2
udevadm settle
"$root/artifacts/bin/$name/debug/$name" --no-ansi --progress off --show-live-output off --output Detailed --filter-trait "$trait"
