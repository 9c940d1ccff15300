#include "engine/cohort.h"
#include "engine/describe.h"
#include "engine/json_writer.h"

namespace amp::engine {

namespace {

std::string_view name_of(Cohort::Source source) {
    switch (source) {
    case Cohort::Source::row:
        return "constant";
    case Cohort::Source::beside:
        return "side by side";
    case Cohort::Source::apart:
        return "gathered";
    case Cohort::Source::linked:
        return "linked";
    }
    return "";
}

void write_sources(JsonWriter& json, std::string_view name, std::span<const Cohort::Source> sources) {
    json.key(name).begin_array();
    for (const Cohort::Source source : sources) {
        json.text(name_of(source));
    }
    json.end_array();
}

} // namespace

std::string describe_cohorts(std::span<const std::unique_ptr<Cohort>> cohorts) {
    JsonWriter json;
    json.begin_array();
    for (const auto& cohort : cohorts) {
        json.begin_object().key("kind").text(cohort->is_chain() ? "chain" : "lanes").key("nodes").begin_array();
        for (const GraphNode* member : cohort->members()) {
            json.integer(member->index);
        }
        json.end_array();
        write_sources(json, "inputs", cohort->input_sources());
        write_sources(json, "parameters", cohort->parameter_sources());
        json.end_object();
    }
    json.end_array();
    return json.result();
}

} // namespace amp::engine
