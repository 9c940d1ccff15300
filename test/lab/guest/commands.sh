# Commands for cases.

# Waits until a command succeeds: wait_until SECONDS COMMAND...; says so and fails if it never does.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "lab: in vain waited for: $*" >&2
      return 1
    fi
    sleep 0.2
  done
}

# Ends a program by SIGINT, as Ctrl-C does, and waits for it: end PROCESS.
end() {
  kill -INT "$1" 2>/dev/null || true
  wait "$1"
}
