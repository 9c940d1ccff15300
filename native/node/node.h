// The node contract: all that the author of a node type reads, together with node/kernel.h.
//
// A type is one file in native/nodes/ with a struct like this, and AMP_NODE(Struct) at its end:
//
//     struct Gain {
//         static constexpr Declaration declaration{.purpose = "...", ...};
//         static constexpr int state_rows = 0;                  // one S-sized value a lane and row; a function of
//                                                               // the options where these decide
//         template <class S>
//         static void forward(const Firing<S>& firing) noexcept AMP_REAL_TIME;
//     };
//
// The type's name is the file's stem. A node may be cut at any frame and gives the same bits; a kernel only ever sees
// straight spans. Forward writes all frames of all outputs, over all padded lanes. State begins as zeros, and a lane's
// state is set back to zeros when a voice begins on it.
#pragma once

#include "base/lanes.h"
#include "base/real_time.h"
#include "node/declaration.h"
#include "node/shape.h"

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace amp {

// What signal values decide is decided on multiples of this many frames of the stream clock.
inline constexpr int kTickFrames = 64;

// A straight span of frames of one tap or parameter. Lanes lie side by side in a frame.
template <class S>
struct Block {
    S* data = nullptr;
    std::ptrdiff_t frame_stride = 0; // 0: the same values in every frame, a settled parameter

    S* frame(int index) const { return data + index * frame_stride; }
    bool constant() const { return frame_stride == 0; }

    // The block as an Eigen array of (lanes, frames).
    auto array(int lanes, int frames) const {
        using Plain = Eigen::Array<std::remove_const_t<S>, Eigen::Dynamic, Eigen::Dynamic>;
        using Mapped = std::conditional_t<std::is_const_v<S>, const Plain, Plain>;
        return Eigen::Map<Mapped, Eigen::Unaligned, Eigen::OuterStride<>>(data, lanes, frames,
                                                                          Eigen::OuterStride<>(frame_stride));
    }
};

// An envelope tells here, for each batch lane, from which frame on its output stays zero (kNever: it sounds).
inline constexpr std::int64_t kNever = INT64_MAX;

// One firing of one node, or of a cohort of equals: frames [frame, frame + frames) of `lanes` lanes.
template <class S>
struct Firing {
    std::int64_t frame = 0;
    int frames = 0;
    int lanes = 0;                           // padded lanes of the elementwise shape; a multiple of 16, or 1, 2, 4, 8
    Shape shape{};                           // of the node
    double sample_rate = 48000;              // frames a second
    std::uint64_t awake = ~std::uint64_t{0}; // bit t: some lane of [16 t, 16 t + 16) of the batch sounds
    std::span<const Block<const S>> inputs{};
    std::span<const Block<S>> outputs{};
    std::span<const Block<const S>> parameters{};
    std::span<const double> options{};
    std::span<std::int64_t> ended{}; // envelopes in voices only: one a batch lane
    S* work = nullptr; // for this firing alone: as many values as the type asks by work_values(options, lanes)
    std::byte* state_data = nullptr;
    std::ptrdiff_t state_stride = 0;   // values from one row of the state to the next: `lanes`, or more beside others
    std::ptrdiff_t channel_stride = 0; // values from one channel of an output to the next
    // Chains only: frames of the firing, ascending, in which each link adds the square of what it takes to its value
    // here, one a lane; null: nobody asks.
    S* squares = nullptr;
    std::span<const int> heard_frames{};

    // Row `index` of the state: one value a lane.
    template <class T = S>
    T* state(int index) const {
        static_assert(sizeof(T) == sizeof(S));
        return reinterpret_cast<T*>(state_data) + static_cast<std::ptrdiff_t>(index) * state_stride;
    }
    // True when the span ends on a tick: recursive kernels then settle their state.
    bool ends_on_tick() const { return (frame + frames) % kTickFrames == 0; }
};

template <class S>
struct BackwardFiring;

// What a type does, in one precision.
template <class S>
struct Kernels {
    void (*forward)(const Firing<S>&) noexcept = nullptr;
    // The same nodes in a row, if the type can: lane after lane, each with the output of the one before as its input;
    // lane 0 has the input, the last of the batch gives the output, both of one lane. All parameters are constant, and
    // their rows and those of the state have whole tiles. Null: it cannot.
    void (*forward_chain)(const Firing<S>&) noexcept = nullptr;
    // Sets state that does not begin as zeros: called for each lane after it was set to zeros. Null: nothing to do.
    void (*seed_lane)(S* state, int lanes, int lane, std::uint64_t seed) noexcept = nullptr;
    // See node/backward.h. Null: the declaration says why not.
    void (*backward)(const BackwardFiring<S>&) noexcept = nullptr;
    // Null: it is smooth everywhere.
    bool (*is_smooth)(const Firing<S>&, S margin) = nullptr;
};

// Everything that the engine knows of a type at run time.
struct NodeType {
    std::string_view name;
    const Declaration* declaration;
    int (*state_rows_of)(std::span<const double> options);
    std::size_t (*work_values_of)(std::span<const double> options, int lanes); // null: it asks for none
    int kept_rows;      // values a lane that backward notes for each frame
    int heard_rows;     // of the state before a firing backward reads the first so many; below 0: all
    bool recursive;     // cut at ticks, where the state is settled
    bool always_finite; // its outputs are, whatever enters it
    Kernels<float> in_float;
    Kernels<double> in_double;

    template <class S>
    const Kernels<S>& kernels() const {
        if constexpr (std::is_same_v<S, float>) {
            return in_float;
        } else {
            return in_double;
        }
    }
    int state_rows(std::span<const double> options) const { return state_rows_of(options); }
    std::size_t work_values(std::span<const double> options, int lanes) const {
        return work_values_of == nullptr ? 0 : work_values_of(options, lanes);
    }
    // Rows of the state before a firing that backward reads.
    int rows_for_backward(std::span<const double> options) const {
        return heard_rows < 0 ? state_rows(options) : heard_rows;
    }
    bool chains() const { return in_float.forward_chain != nullptr; }
};

// All types, sorted by name; made by the build from the files of native/nodes/. [any]
std::span<const NodeType* const> node_types();

// The type of that name, or null. [any]
const NodeType* find_node_type(std::string_view name);

namespace node_detail {

template <class Type, class S>
constexpr Kernels<S> make_kernels() {
    Kernels<S> kernels;
    kernels.forward = &Type::template forward<S>;
    if constexpr (requires { &Type::template forward_chain<S>; }) {
        kernels.forward_chain = &Type::template forward_chain<S>;
    }
    if constexpr (requires { &Type::template seed_lane<S>; }) {
        kernels.seed_lane = &Type::template seed_lane<S>;
    }
    if constexpr (requires { &Type::template backward<S>; }) {
        kernels.backward = &Type::template backward<S>;
    }
    if constexpr (requires { &Type::template is_smooth<S>; }) {
        kernels.is_smooth = &Type::template is_smooth<S>;
    }
    return kernels;
}

template <class Type>
constexpr int state_rows_of([[maybe_unused]] std::span<const double> options) {
    if constexpr (requires { Type::state_rows(options); }) {
        return Type::state_rows(options);
    } else {
        return Type::state_rows;
    }
}

// Where options decide how many rows there are, there are some.
template <class Type>
constexpr bool has_state() {
    if constexpr (requires { Type::state_rows(std::span<const double>{}); }) {
        return true;
    } else {
        return Type::state_rows > 0;
    }
}

template <class Type>
constexpr NodeType make_node_type(std::string_view name) {
    bool recursive = false;
    if constexpr (requires { Type::recursive; }) {
        recursive = Type::recursive;
    }
    bool always_finite = false;
    if constexpr (requires { Type::always_finite; }) {
        always_finite = Type::always_finite;
    }
    int kept_rows = 0;
    if constexpr (requires { Type::kept_rows; }) {
        kept_rows = Type::kept_rows;
    }
    int heard_rows = -1;
    if constexpr (requires { Type::heard_rows; }) {
        heard_rows = Type::heard_rows;
    }
    std::size_t (*work_values)(std::span<const double>, int) = nullptr;
    if constexpr (requires { &Type::work_values; }) {
        work_values = &Type::work_values;
    }
    return {name, &Type::declaration, &state_rows_of<Type>, work_values, kept_rows, heard_rows,
            // A state that may become bad is judged on ticks.
            recursive || (has_state<Type>() && !always_finite), always_finite, make_kernels<Type, float>(),
            make_kernels<Type, double>()};
}

} // namespace node_detail

} // namespace amp

#define AMP_NODE_STRING(text) AMP_NODE_STRING_OF(text)
#define AMP_NODE_STRING_OF(text) #text
#define AMP_NODE_TABLE_NAME(stem) AMP_NODE_TABLE_NAME_OF(stem)
#define AMP_NODE_TABLE_NAME_OF(stem) node_type_##stem

// Registers a type under the stem of its file, which the build passes as AMP_NODE_STEM.
#define AMP_NODE(Type)                                                                                                 \
    namespace amp {                                                                                                    \
    extern const NodeType AMP_NODE_TABLE_NAME(AMP_NODE_STEM);                                                          \
    constinit const NodeType                                                                                           \
        AMP_NODE_TABLE_NAME(AMP_NODE_STEM) = node_detail::make_node_type<Type>(AMP_NODE_STRING(AMP_NODE_STEM));        \
    }
