#!/usr/bin/env bash
# Events against a RabbitMQ of its own, beside the bare client on the same broker: see events/Program.cs.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build tests/bench/events -c Release -v q -tl:off > /dev/null
work=$(mktemp -d)
server='' epmd=''
cleanup() {
  for pid in $server $epmd; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
printf 'listeners.tcp.1 = 127.0.0.1:%s\nlog.console = false\ndisk_free_limit.absolute = 1MB\n' "$port" > "$work/rabbitmq.conf"
echo '[].' > "$work/enabled_plugins"
ERL_EPMD_PORT=$(free_port) RABBITMQ_DIST_PORT=$(free_port)
export HOME=$work ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_DIST_PORT RABBITMQ_NODENAME=bench@localhost RABBITMQ_MNESIA_BASE=$work/mnesia \
  RABBITMQ_LOG_BASE=$work/log RABBITMQ_CONFIG_FILE=$work/rabbitmq.conf RABBITMQ_ENABLED_PLUGINS_FILE=$work/enabled_plugins RABBITMQ_CONF_ENV_FILE=/dev/null
epmd & epmd=$!
/usr/lib/rabbitmq/bin/rabbitmq-server -noinput > "$work/said" 2>&1 & server=$!
for ((n = 0; n < 600; n++)); do (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
[ $n -lt 600 ] || { cat "$work/said" >&2; exit 1; }
artifacts/bin/ThatDam.Events.Bench/release/ThatDam.Events.Bench "amqp://guest:guest@127.0.0.1:$port"
