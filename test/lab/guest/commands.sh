# Commands for cases.

# Waits until a command succeeds: wait_until COMMAND... There is no limit here, since the guest's clock leaps while programs are
# loaded; the host ends a guest that waits in vain.
wait_until() {
  echo "lab: waits until $*"
  until "$@" >/dev/null 2>&1; do sleep 0.2; done
}

# A controller is a MIDI card with a port named $controller. What is written to its socket, $controller_socket, comes out
# of that port.
controller='VirMIDI 1-1'
controller_socket=/dev/snd/midiC1D1

# Makes the card appear, or appear again after unplug_controller.
plug_controller() {
  if [ -d /sys/module/snd_virmidi ]; then
    echo -n snd_virmidi.0 >/sys/bus/platform/drivers/snd_virmidi/bind
  else
    modprobe snd-virmidi index=1 midi_devs=2
  fi
  wait_until test -c "$controller_socket"
}

# Takes the card away while programs are connected with it, as pulling its plug does.
unplug_controller() {
  echo -n snd_virmidi.0 >/sys/bus/platform/drivers/snd_virmidi/unbind
}

# Sends bytes of MIDI from the controller: send_from_controller 90 3c 64
send_from_controller() {
  printf '%b' "$(printf '\\x%s' "$@")" >"$controller_socket"
}

# Plays a MIDI file on the controller: play_on_controller FILE. The card's other port receives it from aplaymidi.
play_on_controller() {
  local cable
  cat /dev/snd/midiC1D0 >"$controller_socket" &
  cable=$!
  aplaymidi --port 'Virtual Raw MIDI 1-0' "$1"
  # What was written last is on its way.
  sleep 0.5
  kill "$cable"
}

# Plays a MIDI file to the port that amp-live offers, whose client has no name of its own: play_to_amp_live FILE.
play_to_amp_live() {
  aplaymidi --port "$(aplaymidi --list | awk '/ amp-live$/ { print $1 }')" "$1"
  sleep 0.5
}

# True while the controller is there and a program listens to it.
is_controller_heard() {
  aconnect -l | sed -n "/'$controller *'/,/^client/p" | grep -q 'Connecting To'
}

# The card that amp-live plays on. What it is given can be recorded: start_recording, then stop_recording FILE.
card='hw:Loopback,0'
recording="$TMPDIR/recording.wav"
start_recording() {
  arecord --quiet -D hw:Loopback,1 -f FLOAT_LE -c 2 -r 48000 --buffer-time=1000000 "$recording" &
  recorder=$!
}
stop_recording() {
  kill "$recorder"
  # It calls every signal a failure.
  wait "$recorder" || true
  cp "$recording" "$1"
}

# Takes the card away while it plays, as pulling its plug does. The kernel waits until nobody has it open.
unplug_card() {
  echo -n snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/unbind
}
plug_card() {
  echo -n snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/bind
}

# Begins to play: play PATCH OPTIONS...; sets $player. Its status lines go to $player_status, its notices to the console.
player_status="$TMPDIR/status.jsonl"
play() {
  # PortAudio is never late by a clock that leaps.
  AMP_DEVICE_ANSWER_SECONDS=100000 node dist/src/cli/main.js play "$@" --headless >"$player_status" &
  player=$!
  wait_until has_begun
  plays_on_card || { echo "lab: amp-live does not play on the card" && tail -n 1 "$player_status" && return 1; }
}

# Ends what plays as Ctrl-C does, and leaves its status lines in a file: stop_playing FILE. Fails if it does not end well.
stop_playing() {
  kill -INT "$player"
  wait "$player"
  cp "$player_status" "$1"
}

has_begun() {
  plays_on_card || ! kill -0 "$player"
}

# True while the status says that the card plays, or that the clock has taken over.
plays_on_card() {
  tail -n 1 "$player_status" | grep -q '"kind":"port_audio"'
}
plays_on_clock() {
  tail -n 1 "$player_status" | grep -q '"kind":"clock"'
}
