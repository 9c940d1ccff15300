// keys: notes as signals, one lane a voice.
#include "node/kernel.h"

namespace amp::nodes {

struct Keys {
    static constexpr Declaration declaration{
        .purpose = "Turns notes into voices: each note takes a lane of everything that follows, up to a mix.",
        .source = "The engine writes each note's values into its lane on the frame of the event.",
        .shape = ShapeRule::voices,
        .outputs =
            {TapDeclaration{.name = "freq",
                            .group = "1a",
                            .purpose = "Frequency of the note in hertz, with its bend; 0 before the first note."},
             TapDeclaration{.name = "gate", .group = "1a", .purpose = "1 while the note is held, else 0."},
             TapDeclaration{.name = "velocity", .group = "1a", .purpose = "How hard the note was struck, 0 to 1."},
             TapDeclaration{.name = "pressure", .group = "1a", .purpose = "Pressure on the key, 0 to 1."},
             TapDeclaration{
                 .name = "timbre", .group = "1a", .purpose = "The third dimension of expressive controllers, 0 to 1."},
             TapDeclaration{.name = "bend", .group = "1a", .purpose = "Pitch bend in octaves."}},
        .options = {OptionDeclaration{.name = "voices",
                                      .purpose = "Notes that can sound at once.",
                                      .minimum = 1,
                                      .maximum = 1024,
                                      .default_value = 16},
                    OptionDeclaration{.name = "channel",
                                      .purpose = "MIDI channel; 0: any.",
                                      .minimum = 0,
                                      .maximum = 16,
                                      .default_value = 0}},
        .not_differentiable = "Its outputs follow from events.",
    };
    enum : int { voices, channel };
    static constexpr int state_rows = 6; // the present value of each output
    static constexpr bool always_finite = true;

    template <class S>
    static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME {
        for_each_tile(firing, [&]<int N>(int lane) {
            const int frames = firing.frames;
            for (int tap = 0; tap < state_rows; ++tap) {
                const auto value = Lanes<S, N>::load(firing.state(tap) + lane);
                TileWriter<S, N> out(firing.outputs[static_cast<std::size_t>(tap)], lane);
                for (int f = 0; f < frames; ++f) {
                    out.next(value);
                }
            }
        });
    }
};

} // namespace amp::nodes

AMP_NODE(nodes::Keys)
