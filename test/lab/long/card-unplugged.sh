# The card is pulled out while it plays and comes back; meanwhile the clock goes on, and the notes with it.
plug_controller
play /run/lab/patch.jsonc --device "$card" --osc-port off --sample-rate 48000 --record /run/lab/performance.wav
wait_until 20 is_controller_heard

send_from_controller 90 45 64
sleep 1
unplug_card &
unplugging=$!
wait_until 10 plays_on_clock
send_from_controller 80 45 00
wait "$unplugging"

plug_card
start_recording
wait_until 30 plays_on_card
send_from_controller 90 48 64
sleep 1
send_from_controller 80 48 00
sleep 1

stop_recording /run/lab/recording.wav
end "$player"
