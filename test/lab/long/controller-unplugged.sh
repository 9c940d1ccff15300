# A controller is pulled out while it holds a note and its pedal, comes back, and plays again.
plug_controller
start_recording
play /run/lab/patch.jsonc --device "$card" --osc-port off
wait_until is_controller_heard

send_from_controller b0 40 7f
send_from_controller 90 45 64
sleep 2
unplug_controller
sleep 4

plug_controller
wait_until is_controller_heard
send_from_controller 90 48 64
sleep 1
send_from_controller 80 48 00
sleep 1

stop_playing /run/lab/status.jsonl
stop_recording /run/lab/recording.wav
