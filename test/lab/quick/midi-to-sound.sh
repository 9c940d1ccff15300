# A MIDI file goes through the sequencer to a playing patch, whose sound comes back from the card.
plug_controller
start_recording
play /run/lab/patch.jsonc --device "$card" --block 1024 --workers 1 --osc-port off
wait_until 20 is_controller_heard
play_on_controller /run/lab/notes.mid
end "$player"
stop_recording /run/lab/recording.wav
