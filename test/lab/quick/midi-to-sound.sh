# A MIDI file goes through the sequencer to a playing patch, from a controller and directly; the sound comes back from the card.
plug_controller
start_recording
play /run/lab/patch.jsonc --device "$card" --osc-port off
wait_until is_controller_heard
play_on_controller /run/lab/notes.mid
play_to_amp_live /run/lab/notes.mid
stop_playing /run/lab/status.jsonl
stop_recording /run/lab/recording.wav
