#include "addon/live_streamer.h"

#include "addon/arena_stats.h"
#include "addon/events.h"
#include "addon/failure.h"
#include "addon/hand_over.h"
#include "addon/heat.h"
#include "addon/rows.h"
#include "addon/streamer_handles.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace amp::addon {

namespace {

template <class Item, class Describe>
Napi::Array array_of(Napi::Env env, const std::vector<Item>& items, Describe&& describe) {
    auto array = Napi::Array::New(env, items.size());
    for (std::uint32_t i = 0; i < items.size(); ++i) {
        auto object = Napi::Object::New(env);
        describe(object, items[i]);
        array.Set(i, object);
    }
    return array;
}

class LiveStreamer : public Napi::ObjectWrap<LiveStreamer> {
public:
    static Napi::Function define(Napi::Env env) {
        return DefineClass(env, "LiveStreamer",
                           {InstanceMethod<&LiveStreamer::start_clock>("startClock"),
                            InstanceMethod<&LiveStreamer::post>("post"),
                            InstanceMethod<&LiveStreamer::applied>("appliedEvents"),
                            InstanceMethod<&LiveStreamer::event_frame>("eventFrame"),
                            InstanceMethod<&LiveStreamer::frame_time>("frameTime"),
                            InstanceMethod<&LiveStreamer::read_output>("readOutput"),
                            InstanceMethod<&LiveStreamer::status>("status"),
                            InstanceMethod<&LiveStreamer::xruns>("xruns"),
                            InstanceMethod<&LiveStreamer::snapshot>("snapshot"),
                            InstanceMethod<&LiveStreamer::node_faults>("nodeFaults"),
                            InstanceMethod<&LiveStreamer::gates>("gates"),
                            InstanceMethod<&LiveStreamer::slow_moves>("slowMoves"),
                            InstanceMethod<&LiveStreamer::heat>("heat"),
                            InstanceMethod<&LiveStreamer::arena_stats>("arenaStats"),
                            InstanceMethod<&LiveStreamer::levels>("levels"),
                            InstanceMethod<&LiveStreamer::find_node>("findNode"),
                            InstanceMethod<&LiveStreamer::prepare>("prepare"),
                            InstanceMethod<&LiveStreamer::hand_over>("handOver"),
                            InstanceMethod<&LiveStreamer::took_over>("tookOverAt"),
                            InstanceMethod<&LiveStreamer::present_plan>("presentPlan"),
                            InstanceMethod<&LiveStreamer::retire>("retire"),
                            InstanceMethod<&LiveStreamer::close>("close")});
    }

    // (plan bytes, { block, workers }) or (handle). On failure `failure` holds why, and the streamer is closed.
    explicit LiveStreamer(const Napi::CallbackInfo& info) : ObjectWrap(info) {
        amp_error error{};
        if (info[0].IsNumber()) {
            attach(info[0].As<Napi::Number>().Uint32Value(), error);
        } else {
            create(info, error);
        }
        const auto env = info.Env();
        auto self = info.This().As<Napi::Object>();
        self.Set("failure", streamer_ ? env.Null() : failure(env, error.status, error.message));
        if (streamer_) {
            self.Set("handle", static_cast<double>(handle_));
            self.Set("channels", amp_streamer_channels(streamer_.get()));
            self.Set("latency", amp_streamer_latency(streamer_.get()));
            self.Set("sampleRate", amp_streamer_sample_rate(streamer_.get()));
            self.Set("block", amp_streamer_block(streamer_.get()));
            self.Set("outputDescriptor", amp_streamer_output_descriptor(streamer_.get()));
        }
    }

private:
    void attach(std::uint32_t handle, amp_error& error) {
        handle_ = handle;
        streamer_ = find_streamer(handle);
        error.status = AMP_E_NOT_FOUND;
        const std::string message = "there is no streamer " + std::to_string(handle) + " any more";
        message.copy(error.message, sizeof(error.message) - 1);
    }

    void create(const Napi::CallbackInfo& info, amp_error& error) {
        const OwnedPlan plan = read_plan(info[0], error);
        if (!plan) {
            return;
        }
        const auto options = info[1].As<Napi::Object>();
        const auto number = [&](const char* name) { return options.Get(name).As<Napi::Number>().Int32Value(); };
        amp_streamer_settings settings = amp_streamer_settings_live(number("block"), number("workers"));
        settings.in_flight = number("inFlight");
        amp_streamer* made = nullptr;
        error.status = amp_streamer_create(plan.get(), &settings, &made, &error);
        if (error.status == AMP_OK) {
            streamer_ = SharedStreamer(made, StreamerDeleter{});
            handle_ = add_streamer(streamer_);
        }
    }

    amp_streamer* get(const Napi::CallbackInfo& info) const {
        if (!streamer_) {
            throw Napi::Error::New(info.Env(), "the streamer is closed");
        }
        return streamer_.get();
    }

    // () -> status
    Napi::Value start_clock(const Napi::CallbackInfo& info) {
        return Napi::Number::New(info.Env(), amp_streamer_start_clock(get(info)));
    }

    Napi::Value post(const Napi::CallbackInfo& info) { return post_event(info, get(info)); }

    Napi::Value applied(const Napi::CallbackInfo& info) { return applied_events(info.Env(), get(info)); }

    // (nanoseconds: bigint) -> frame
    Napi::Value event_frame(const Napi::CallbackInfo& info) {
        bool lossless = false;
        const std::int64_t arrival = info[0].As<Napi::BigInt>().Int64Value(&lossless);
        return Napi::Number::New(info.Env(), static_cast<double>(amp_streamer_event_frame(get(info), arrival)));
    }

    // (frame) -> nanoseconds: bigint
    Napi::Value frame_time(const Napi::CallbackInfo& info) {
        const std::int64_t frame = info[0].As<Napi::Number>().Int64Value();
        return Napi::BigInt::New(info.Env(), amp_streamer_frame_time(get(info), frame));
    }

    // (frame, samples: Float32Array) -> frames, or a status below 0
    Napi::Value read_output(const Napi::CallbackInfo& info) {
        amp_streamer* const streamer = get(info);
        auto samples = info[1].As<Napi::Float32Array>();
        const auto frames =
            static_cast<int32_t>(samples.ElementLength() / static_cast<size_t>(amp_streamer_channels(streamer)));
        int32_t copied = 0;
        const amp_status status = amp_streamer_read_output(streamer, info[0].As<Napi::Number>().Int64Value(),
                                                           samples.Data(), frames, &copied);
        return Napi::Number::New(info.Env(), status == AMP_OK ? copied : -status);
    }

    // The load is that of the blocks since the last call.
    Napi::Value status(const Napi::CallbackInfo& info) {
        const amp_live_status told = amp_streamer_live_status(get(info), load_since_);
        load_since_ = told.load_until;
        auto object = Napi::Object::New(info.Env());
        const auto set = [&](const char* name, auto value) { object.Set(name, static_cast<double>(value)); };
        set("made", told.made);
        set("clock", told.clock);
        set("owner", told.owner);
        set("callbacks", told.callbacks);
        object.Set("lastCallback", Napi::BigInt::New(info.Env(), told.last_callback_ns));
        set("deviceFrames", told.device_frames);
        set("lookahead", told.lookahead);
        set("eventDelay", told.event_delay);
        set("missedFrames", told.missed_frames);
        set("anchors", told.anchors);
        set("deviceUnderflows", told.device_underflows);
        set("deviceLosses", told.device_losses);
        auto load = Napi::Object::New(info.Env());
        load.Set("mean", told.mean_load);
        load.Set("worst", told.worst_load);
        object.Set("load", load);
        set("workers", told.workers);
        set("realTimeWorkers", told.real_time_workers);
        set("lateEvents", told.late_events);
        set("lostEvents", told.lost_events);
        set("shedVoices", told.shed_voices);
        return object;
    }

    Napi::Value xruns(const Napi::CallbackInfo& info) {
        constexpr size_t kMost = 256;
        std::vector<amp_xrun> found(kMost);
        found.resize(amp_streamer_xruns(get(info), found.data(), kMost));
        return array_of(info.Env(), found, [](Napi::Object& object, const amp_xrun& xrun) {
            object.Set("frame", static_cast<double>(xrun.frame));
            object.Set("frames", static_cast<double>(xrun.frames));
            object.Set("cause", xrun.cause);
            object.Set("node", xrun.node == UINT32_MAX ? -1.0 : static_cast<double>(xrun.node));
            object.Set("cpuSeconds", xrun.cpu_seconds);
            object.Set("wallSeconds", xrun.wall_seconds);
            object.Set("budgetSeconds", xrun.budget_seconds);
        });
    }

    Napi::Value node_faults(const Napi::CallbackInfo& info) {
        constexpr size_t kMost = 256;
        std::vector<amp_node_fault> found(kMost);
        found.resize(amp_streamer_node_faults(get(info), found.data(), kMost));
        return array_of(info.Env(), found, [](Napi::Object& object, const amp_node_fault& fault) {
            object.Set("kind", fault.kind);
            object.Set("plan", fault.plan);
            object.Set("node", fault.node);
            object.Set("batch", fault.batch);
            object.Set("channel", fault.channel);
            object.Set("frame", static_cast<double>(fault.frame));
            object.Set("declaredLatency", static_cast<double>(fault.declared_latency));
            object.Set("measuredLatency", static_cast<double>(fault.measured_latency));
        });
    }

    // Null when blocks followed too fast. Lists are rows of numbers: an object for each of a thousand nodes would take
    // longer than what it tells of.
    Napi::Value snapshot(const Napi::CallbackInfo& info) {
        const auto env = info.Env();
        amp_snapshot told{};
        told.version = AMP_SNAPSHOT_VERSION;
        if (amp_streamer_snapshot(get(info), &told) != AMP_OK) {
            return env.Null();
        }
        std::vector<amp_node_status> nodes(told.node_count);
        std::vector<amp_edge_status> edges(told.edge_count);
        std::vector<amp_worker_status> workers(told.worker_count);
        told.nodes = nodes.data();
        told.node_room = nodes.size();
        told.edges = edges.data();
        told.edge_room = edges.size();
        told.workers = workers.data();
        told.worker_room = workers.size();
        if (amp_streamer_snapshot(get(info), &told) != AMP_OK) {
            return env.Null();
        }
        auto object = Napi::Object::New(env);
        object.Set("number", static_cast<double>(told.number));
        object.Set("frame", static_cast<double>(told.frame));
        object.Set("time", Napi::BigInt::New(env, told.time_ns));
        object.Set("blockSeconds", told.block_seconds);
        object.Set("outputSeconds", told.output_seconds);
        object.Set("windowBlocks", static_cast<double>(told.window_blocks));
        object.Set("windowSeconds", told.window_seconds);
        object.Set("nodes", rows_of(env, nodes, [](const amp_node_status& node) {
                       return std::array<double, 8>{node.last_seconds,
                                                    node.mean_seconds,
                                                    node.p99_seconds,
                                                    node.max_seconds,
                                                    node.share,
                                                    static_cast<double>(node.late),
                                                    static_cast<double>(node.stood),
                                                    static_cast<double>(node.stands)};
                   }));
        object.Set("edges", rows_of(env, edges, [](const amp_edge_status& edge) {
                       return std::array<double, 14>{
                           static_cast<double>(edge.from_node), static_cast<double>(edge.from_output),
                           static_cast<double>(edge.to_node),   static_cast<double>(edge.is_parameter),
                           static_cast<double>(edge.to_index),  static_cast<double>(edge.delay),
                           static_cast<double>(edge.depth),     static_cast<double>(edge.peak),
                           static_cast<double>(edge.capacity),  edge.oldest_age_seconds,
                           edge.mean_traversal_seconds,         edge.max_traversal_seconds,
                           static_cast<double>(edge.drops),     static_cast<double>(edge.growths)};
                   }));
        object.Set("workers", rows_of(env, workers, [](const amp_worker_status& worker) {
                       return std::array{worker.last_busy_seconds, worker.last_cpu_seconds, worker.busy, worker.idle,
                                         worker.cpu};
                   }));
        return object;
    }

    Napi::Value arena_stats(const Napi::CallbackInfo& info) { return arena_stats_of(info.Env(), get(info)); }

    Napi::Value heat(const Napi::CallbackInfo& info) { return heat_of(info.Env(), get(info)); }

    Napi::Value gates(const Napi::CallbackInfo& info) {
        amp_streamer* const streamer = get(info);
        std::vector<amp_gate_status> found(amp_streamer_gates(streamer, nullptr, 0));
        amp_streamer_gates(streamer, found.data(), found.size());
        return array_of(info.Env(), found, [](Napi::Object& object, const amp_gate_status& gate) {
            object.Set("state", gate.state);
            object.Set("changeFrame", static_cast<double>(gate.change_frame));
            object.Set("opens", gate.opens != 0);
            object.Set("held", static_cast<double>(gate.held));
        });
    }

    Napi::Value slow_moves(const Napi::CallbackInfo& info) {
        amp_streamer* const streamer = get(info);
        std::vector<amp_slow_moves> found(amp_streamer_slow_moves(streamer, nullptr, 0));
        // More may have come meanwhile.
        const size_t told = amp_streamer_slow_moves(streamer, found.data(), found.size());
        found.resize(std::min(found.size(), told));
        return array_of(info.Env(), found, [](Napi::Object& object, const amp_slow_moves& slow) {
            object.Set("isEdge", slow.is_edge != 0);
            object.Set("node", static_cast<double>(slow.node));
            object.Set("parameter", static_cast<double>(slow.parameter));
            object.Set("moves", static_cast<double>(slow.moves));
        });
    }

    Napi::Value levels(const Napi::CallbackInfo& info) {
        amp_streamer* const streamer = get(info);
        const auto channels = static_cast<size_t>(amp_streamer_channels(streamer));
        std::vector<float> peaks(channels), roots(channels);
        amp_streamer_levels(streamer, peaks.data(), roots.data());
        std::vector<std::array<float, 2>> found(channels);
        for (size_t channel = 0; channel < channels; ++channel) {
            found[channel] = {peaks[channel], roots[channel]};
        }
        return array_of(info.Env(), found, [](Napi::Object& object, const std::array<float, 2>& level) {
            object.Set("peak", level[0]);
            object.Set("rms", level[1]);
        });
    }

    // (id) -> index, or -1
    Napi::Value find_node(const Napi::CallbackInfo& info) {
        const std::string id = info[0].As<Napi::String>();
        uint32_t node = 0;
        const bool found = amp_streamer_find_node(get(info), id.c_str(), &node) == AMP_OK;
        return Napi::Number::New(info.Env(), found ? static_cast<double>(node) : -1.0);
    }

    Napi::Value prepare(const Napi::CallbackInfo& info) {
        get(info);
        return prepare_plan(info, streamer_);
    }
    Napi::Value hand_over(const Napi::CallbackInfo& info) { return hand_over_to(info, get(info)); }
    Napi::Value took_over(const Napi::CallbackInfo& info) { return took_over_at(info, get(info)); }
    Napi::Value present_plan(const Napi::CallbackInfo& info) {
        return Napi::Number::New(info.Env(), amp_streamer_present_plan(get(info)));
    }
    Napi::Value retire(const Napi::CallbackInfo& info) {
        get(info);
        return retire_plans(info, streamer_);
    }

    void close(const Napi::CallbackInfo&) { streamer_.reset(); }

    SharedStreamer streamer_;
    std::uint32_t handle_ = 0;
    std::int64_t load_since_ = 0;
};

} // namespace

Napi::Function define_live_streamer(Napi::Env env) { return LiveStreamer::define(env); }

} // namespace amp::addon
