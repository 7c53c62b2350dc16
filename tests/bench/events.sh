#!/usr/bin/env bash
# Events against a RabbitMQ of its own, beside the bare client on the same broker: see events/Program.cs.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build tests/bench/events -c Release -v q -tl:off > /dev/null
. tests/bench/broker.sh
broker_start
artifacts/bin/ThatDam.Events.Bench/release/ThatDam.Events.Bench "$broker"
