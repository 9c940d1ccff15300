// A chain of equal nodes that runs skewed gives the bits of nodes that run one after the other.
#include "base/floating_point.h"
#include "node/node.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace amp::test {
namespace {

// `links` nodes of a type with constant parameters of their own, as lanes of one memory.
class Chain {
public:
    Chain(const NodeType& type, int links, double option, std::uint32_t seed)
        : type_(type), links_(links), options_(type.declaration->options.size(), option) {
        std::mt19937 random(seed);
        const auto width = static_cast<std::size_t>(stride());
        state_.resize(static_cast<std::size_t>(type.state_rows(options_)) * width);
        squares_.resize(width);
        for (const ParameterDeclaration& declared : type.declaration->parameters) {
            std::vector<float>& row = parameters_.emplace_back(width, static_cast<float>(declared.default_value));
            for (float& value : row) {
                const double share = std::uniform_real_distribution<double>(0.8, 1.25)(random);
                value = static_cast<float>(declared.default_value * share);
            }
        }
    }

    std::vector<float> skewed(const std::vector<float>& in, std::int64_t frame) {
        std::vector<float> out(in.size());
        fire(type_.in_float.forward_chain, 0, links_, in, out, frame);
        return out;
    }

    std::vector<float> in_turn(std::vector<float> in, std::int64_t frame) {
        for (int link = 0; link < links_; ++link) {
            std::vector<float> out(in.size());
            for (const int heard : heard_in(in)) {
                const float taken = in[static_cast<std::size_t>(heard)];
                squares_[static_cast<std::size_t>(link)] += taken * taken;
            }
            fire(type_.in_float.forward, link, 1, in, out, frame);
            in = out;
        }
        return in;
    }

    // Of the links, without the lanes that fill the memory up.
    std::vector<float> state() const {
        std::vector<float> found;
        for (std::size_t row = 0; row < static_cast<std::size_t>(type_.state_rows(options_)); ++row) {
            const auto begin = state_.begin() + static_cast<std::ptrdiff_t>(row) * stride();
            found.insert(found.end(), begin, begin + links_);
        }
        return found;
    }

    // What each link has heard.
    std::vector<float> squares() const { return {squares_.begin(), squares_.begin() + links_}; }

private:
    int stride() const { return whole_tiles(links_); }

    // Of a firing that is no longer than a tick.
    static std::vector<int> heard_in(const std::vector<float>& in) {
        const auto frames = static_cast<int>(in.size());
        return frames > kTickFrames || frames < 3 ? std::vector<int>{}
                                                  : std::vector{frames / 3, frames / 2, frames - 1};
    }

    void fire(void (*forward)(const Firing<float>&) noexcept, int link, int lanes, const std::vector<float>& in,
              std::vector<float>& out, std::int64_t frame) {
        const Block<const float> inputs[1] = {{in.data(), 1}};
        const Block<float> outputs[1] = {{out.data(), 1}};
        std::vector<Block<const float>> parameters;
        for (const std::vector<float>& row : parameters_) {
            parameters.push_back({row.data() + link, 0});
        }
        Firing<float> firing;
        firing.frame = frame;
        firing.frames = static_cast<int>(in.size());
        firing.lanes = lanes == 1 ? 1 : stride();
        firing.shape = {lanes, 1};
        firing.inputs = inputs;
        firing.outputs = outputs;
        firing.parameters = parameters;
        firing.options = options_;
        firing.state_data = reinterpret_cast<std::byte*>(state_.data() + link);
        firing.state_stride = stride();
        const std::vector<int> heard = heard_in(in);
        if (lanes > 1) {
            firing.squares = squares_.data();
            firing.heard_frames = heard;
        }
        forward(firing);
    }

    const NodeType& type_;
    int links_;
    std::vector<double> options_;
    std::vector<std::vector<float>> parameters_;
    std::vector<float> state_, squares_;
};

class ChainOf : public testing::TestWithParam<const NodeType*> {};

TEST_P(ChainOf, AnyLengthGivesTheBitsOfItsNodesInTurnHoweverItIsCut) {
    const FloatingPointScope floating_point;
    const NodeType& type = *GetParam();
    const auto choices = type.declaration->options.size() == 0 ? 1 : type.declaration->options[0].choices.size();
    std::mt19937 random(1);
    for (const int links : {2, 3, 15, 16, 17, 33, 48, 63, 64, 65, 100, 256}) {
        const double option = static_cast<double>(random() % choices);
        Chain skewed(type, links, option, 7), in_turn(type, links, option, 7);
        std::int64_t frame = 0;
        for (const int frames : {1, 2, 15, 16, 30, 64, 1, 100, 257, 26}) {
            std::vector<float> in(static_cast<std::size_t>(frames));
            for (float& sample : in) {
                sample = std::uniform_real_distribution<float>(-1, 1)(random);
            }
            ASSERT_EQ(skewed.skewed(in, frame), in_turn.in_turn(in, frame)) << links << " links at frame " << frame;
            frame += frames;
        }
        EXPECT_EQ(skewed.state(), in_turn.state()) << links << " links";
        EXPECT_EQ(skewed.squares(), in_turn.squares()) << links << " links";
    }
}

std::vector<const NodeType*> types_with_chains() {
    std::vector<const NodeType*> found;
    for (const NodeType* type : node_types()) {
        if (type->chains()) {
            found.push_back(type);
        }
    }
    return found;
}

INSTANTIATE_TEST_SUITE_P(OfTypes, ChainOf, testing::ValuesIn(types_with_chains()),
                         [](const auto& info) { return std::string(info.param->name); });

} // namespace
} // namespace amp::test
