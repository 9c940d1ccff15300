// What a compiled program of Faust runs in: no device, no controls, as fast as it can.
//
// PROGRAM FRAMES BLOCK [FILE]   FILE gets the samples as plain 32-bit floats, channels side by side
#include <faust/dsp/dsp.h>
#include <faust/gui/UI.h>
#include <faust/gui/meta.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

<<includeIntrinsic>>

<<includeclass>>

namespace {

constexpr int kSampleRate = 48000;

void interleave(const std::vector<std::vector<float>>& channels, int frames, std::vector<float>& samples) {
    samples.clear();
    for (int frame = 0; frame < frames; ++frame) {
        for (const auto& channel : channels) {
            samples.push_back(channel[static_cast<std::size_t>(frame)]);
        }
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fprintf(stderr, "usage: PROGRAM FRAMES BLOCK [FILE]\n");
        return 2;
    }
    const long frames = std::atol(arguments[1]);
    const int block = std::atoi(arguments[2]);
    std::FILE* const file = count > 3 ? std::fopen(arguments[3], "wb") : nullptr;
    if (count > 3 && file == nullptr) {
        std::perror(arguments[3]);
        return 1;
    }
    AVOIDDENORMALS;
    const auto program = std::make_unique<mydsp>();
    program->init(kSampleRate);
    std::vector<std::vector<float>> channels(static_cast<std::size_t>(program->getNumOutputs()),
                                             std::vector<float>(static_cast<std::size_t>(block)));
    std::vector<float*> outputs;
    for (auto& channel : channels) {
        outputs.push_back(channel.data());
    }
    std::vector<float> samples;
    float sum = 0;
    for (long frame = 0; frame < frames; frame += block) {
        const int size = static_cast<int>(std::min<long>(block, frames - frame));
        program->compute(size, nullptr, outputs.data());
        sum += channels.front().front();
        if (file != nullptr) {
            interleave(channels, size, samples);
            std::fwrite(samples.data(), sizeof(float), samples.size(), file);
        }
    }
    // What nobody reads need not be computed; this reads it.
    std::printf("%g\n", static_cast<double>(sum));
    return file != nullptr && std::fclose(file) != 0 ? 1 : 0;
}
