# Sourced: a RabbitMQ of its own, on a port of its own, until the script ends.

broker_start() { # sets $broker, its address
  broker_folder=$(mktemp -d "${TMPDIR:-/tmp}/broker.XXXXXX") broker_server='' broker_epmd=''
  trap broker_stop EXIT
  local port; port=$(free_port)
  printf 'listeners.tcp.1 = 127.0.0.1:%s\nlog.console = false\ndisk_free_limit.absolute = 1MB\n' "$port" > "$broker_folder/rabbitmq.conf"
  echo '[].' > "$broker_folder/enabled_plugins"
  local variables=(HOME="$broker_folder" ERL_EPMD_PORT="$(free_port)" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_DIST_PORT="$(free_port)" RABBITMQ_NODENAME=bench@localhost
    RABBITMQ_MNESIA_BASE="$broker_folder/mnesia" RABBITMQ_LOG_BASE="$broker_folder/log" RABBITMQ_CONFIG_FILE="$broker_folder/rabbitmq.conf"
    RABBITMQ_ENABLED_PLUGINS_FILE="$broker_folder/enabled_plugins" RABBITMQ_CONF_ENV_FILE=/dev/null)
  env "${variables[@]}" epmd & broker_epmd=$!
  env "${variables[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server -noinput > "$broker_folder/said" 2>&1 & broker_server=$!
  local n
  for ((n = 0; n < 600; n++)); do (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
  [ $n -lt 600 ] || { cat "$broker_folder/said" >&2; return 1; }
  broker=amqp://guest:guest@127.0.0.1:$port
}
broker_stop() {
  local pid
  for pid in $broker_server $broker_epmd; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$broker_folder"
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
