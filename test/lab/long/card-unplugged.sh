# The card is pulled out while it plays and comes back; meanwhile the clock goes on, and the notes with it.
plug_controller
play /run/lab/patch.jsonc --device "$card" --osc-port off --sample-rate 48000 --record "$TMPDIR/performance.wav"
wait_until is_controller_heard

send_from_controller 90 45 64
sleep 1
unplug_card &
unplugging=$!
wait_until plays_on_clock
send_from_controller 80 45 00
wait "$unplugging"

plug_card
start_recording
wait_until plays_on_card
send_from_controller 90 48 64
sleep 1
send_from_controller 80 48 00
sleep 1

stop_recording /run/lab/recording.wav
stop_playing /run/lab/status.jsonl
cp "$TMPDIR/performance.wav" /run/lab/
