// What the handles of the C API stand for.
#pragma once

#include "amp.h"
#include "engine/amp_graph_streamer.h"
#include "plan/description.h"

#include <memory>

struct amp_plan {
    amp::plan::Description description;
};

struct amp_streamer {
    std::unique_ptr<amp::engine::AmpGraphStreamer> streamer;
};
