// The bodies of the C API's part on gradients.
#include "engine/c_api_events.h"
#include "engine/c_api_failure.h"
#include "engine/c_api_handles.h"
#include "engine/gradient/gradient.h"
#include "engine/gradient/spectral_loss.h"

#include <algorithm>
#include <string>

using amp::engine::fail;
using amp::engine::guarded;
using amp::engine::status_of;

struct amp_gradient {
    std::unique_ptr<amp::engine::GradientRun> run;
    std::int64_t frames = 0;
    std::size_t parameters = 0, edges = 0;
    bool is_recorded = false;
};

struct amp_spectral_loss {
    amp::engine::SpectralLoss loss;
};

namespace {

constexpr std::int64_t kMostFrames = std::int64_t{1} << 31;
constexpr std::int32_t kMostChannels = 64;

bool has_target(const amp::plan::Description& plan, const amp_event& event) {
    const auto has_node = [&] { return event.node < plan.nodes.size(); };
    switch (event.kind) {
    case AMP_EVENT_SET_PARAMETER:
        return has_node() && event.parameter < plan.nodes[event.node].parameters.size();
    case AMP_EVENT_SET_EDGE_GAIN:
        return event.node < plan.edges.size();
    case AMP_EVENT_SET_GATE:
        return event.node < plan.gates.size();
    case AMP_EVENT_DRAIN_NODE:
        return has_node();
    case AMP_EVENT_SHED_VOICE:
        return std::ranges::any_of(plan.voices, [&](const amp::plan::VoiceGroup& group) {
            return group.keys == event.node && event.parameter < group.lanes;
        });
    default:
        return true;
    }
}

amp::control::Event event_of_plan(const amp::plan::Description& plan, const amp_event& event) {
    amp::control::Event made = amp::engine::control_event(event);
    if (event.kind == AMP_EVENT_SET_EDGE_GAIN) {
        made.node = plan.edges[event.node].to_node;
        made.parameter = event.node;
    }
    if (event.kind == AMP_EVENT_DRAIN_NODE) {
        made.parameter = plan.nodes[event.node].component;
    }
    return made;
}

} // namespace

amp_status amp_gradient_create(const amp_plan* plan, const amp_gradient_settings* settings, amp_gradient** gradient,
                               amp_error* error) {
    if (plan == nullptr || settings == nullptr || gradient == nullptr ||
        (settings->events == nullptr && settings->event_count > 0)) {
        return fail(error, AMP_E_ARGUMENT, "plan, settings, events and gradient must not be null");
    }
    if (settings->frames < 1 || settings->frames > kMostFrames) {
        return fail(error, AMP_E_ARGUMENT, std::to_string(settings->frames) + " frames: 1 to 2147483648 fit");
    }
    if (settings->block < 1) { // a streamer judges the rest
        return fail(error, AMP_E_ARGUMENT, "a block of " + std::to_string(settings->block) + " frames: 1 to 4096 fit");
    }
    return guarded(error, [&] {
        const amp::plan::Description& description = plan->description;
        amp::engine::GradientSettings wanted{settings->block, settings->workers, settings->frames, {}};
        for (std::size_t i = 0; i < settings->event_count; ++i) {
            const amp_event& event = settings->events[i];
            if (!amp::engine::has_fitting_numbers(event) || event.plan != 0 || !has_target(description, event)) {
                return fail(error, AMP_E_ARGUMENT, "event " + std::to_string(i) + " does not fit the plan");
            }
            wanted.events.push_back(event_of_plan(description, event));
        }
        auto made = amp::engine::prepare_gradient(description, wanted);
        if (!made.ok()) {
            return fail(error, status_of(made.error().kind), made.error().message);
        }
        std::size_t parameters = 0;
        for (const amp::plan::Node& node : description.nodes) {
            parameters += node.parameters.size() * static_cast<std::size_t>(node.shape.batch);
        }
        *gradient = new amp_gradient{std::move(made.value()), settings->frames, parameters, description.edges.size()};
        return AMP_OK;
    });
}

void amp_gradient_free(amp_gradient* gradient) { delete gradient; }

uint64_t amp_gradient_bytes(const amp_gradient* gradient) { return gradient->run->bytes(); }
int32_t amp_gradient_channels(const amp_gradient* gradient) { return gradient->run->channels(); }
size_t amp_gradient_parameters(const amp_gradient* gradient) { return gradient->parameters; }
size_t amp_gradient_edges(const amp_gradient* gradient) { return gradient->edges; }

amp_status amp_gradient_record(amp_gradient* gradient, double* sound, amp_error* error) {
    return guarded(error, [&] {
        const auto recorded = gradient->run->record();
        gradient->is_recorded = recorded.ok();
        if (!recorded.ok()) {
            return fail(error, status_of(recorded.error().kind), recorded.error().message);
        }
        for (int channel = 0; sound != nullptr && channel < gradient->run->channels(); ++channel) {
            sound = std::ranges::copy(gradient->run->output(channel), sound).out;
        }
        return AMP_OK;
    });
}

amp_status amp_gradient_backward(amp_gradient* gradient, const double* by_sound, double* by_parameters,
                                 double* by_edge_gains, amp_error* error) {
    if (by_sound == nullptr || by_parameters == nullptr || by_edge_gains == nullptr) {
        return fail(error, AMP_E_ARGUMENT, "by_sound, by_parameters and by_edge_gains must not be null");
    }
    if (!gradient->is_recorded) {
        return fail(error, AMP_E_ARGUMENT, "nothing is recorded: amp_gradient_record comes first");
    }
    return guarded(error, [&] {
        const auto values = static_cast<std::size_t>(gradient->frames * gradient->run->channels());
        const auto found = gradient->run->backward({by_sound, values});
        if (!found.ok()) {
            return fail(error, status_of(found.error().kind), found.error().message);
        }
        for (const auto& node : found.value().parameters) {
            for (const auto& parameter : node) {
                by_parameters = std::ranges::copy(parameter, by_parameters).out;
            }
        }
        std::ranges::copy(found.value().edge_gains, by_edge_gains);
        return AMP_OK;
    });
}

amp_status amp_spectral_loss_create(const double* wanted, int32_t channels, int64_t frames, amp_spectral_loss** loss,
                                    amp_error* error) {
    if (wanted == nullptr || loss == nullptr) {
        return fail(error, AMP_E_ARGUMENT, "wanted and loss must not be null");
    }
    if (channels < 1 || channels > kMostChannels || frames < 1 || frames > kMostFrames) {
        return fail(error, AMP_E_ARGUMENT,
                    std::to_string(channels) + " channels of " + std::to_string(frames) +
                        " frames: 1 to 64 channels of 1 to 2147483648 frames fit");
    }
    return guarded(error, [&] {
        const auto values = static_cast<std::size_t>(channels * frames);
        *loss = new amp_spectral_loss{{{wanted, values}, channels, frames}};
        return AMP_OK;
    });
}

void amp_spectral_loss_free(amp_spectral_loss* loss) { delete loss; }

amp_status amp_spectral_loss_measure(const amp_spectral_loss* loss, const double* sound, double* distance,
                                     double* by_sound, amp_error* error) {
    if (sound == nullptr || distance == nullptr) {
        return fail(error, AMP_E_ARGUMENT, "sound and distance must not be null");
    }
    return guarded(error, [&] {
        const auto values = static_cast<std::size_t>(loss->loss.channels() * loss->loss.frames());
        std::span<double> by;
        if (by_sound != nullptr) {
            std::fill_n(by_sound, values, 0.0);
            by = {by_sound, values};
        }
        *distance = loss->loss.measure({sound, values}, by);
        return AMP_OK;
    });
}
