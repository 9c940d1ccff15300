// The C program that knows amp.h and nothing else: what it says and what it renders.
#include "support/plan_builder.h"
#include "support/stream.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace amp::test {
namespace {

namespace fs = std::filesystem;

struct Outcome {
    int exit_code;
    std::string said;           // on standard error
    std::vector<float> samples; // on standard output
};

std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class RenderPlan : public testing::Test {
protected:
    RenderPlan() {
        std::string name = (fs::temp_directory_path() / "amp-live-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        write("tone.plan", tone());
        write("keys.plan", keys());
    }
    ~RenderPlan() override { fs::remove_all(folder_); }

    fs::path at(const std::string& name) const { return folder_ / name; }

    void write(const std::string& name, const std::vector<std::byte>& bytes) const {
        std::ofstream(at(name), std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }

    Outcome run(const std::string& arguments) const {
        const std::string command =
            "cd '" + folder_.string() + "' && '" AMP_RENDER_PLAN "' " + arguments + " > out 2> said";
        const int status = std::system(command.c_str());
        const std::string out = content(folder_ / "out");
        Outcome outcome{WEXITSTATUS(status), content(folder_ / "said"), std::vector<float>(out.size() / sizeof(float))};
        if (!outcome.samples.empty()) {
            std::memcpy(outcome.samples.data(), out.data(), outcome.samples.size() * sizeof(float));
        }
        return outcome;
    }

    static std::vector<std::byte> tone() {
        PlanBuilder builder;
        builder.node("tone", "noise").node("out", "output").edge("tone", "out", {.gain = {0.25}});
        return builder.bytes();
    }
    static std::vector<std::byte> keys() {
        PlanBuilder builder;
        builder.node("keys", "keys")
            .node("out", "output")
            .edge("keys.velocity", "out", {.gain = {0.25}})
            .voices("keys", {});
        return builder.bytes();
    }

private:
    fs::path folder_;
};

TEST_F(RenderPlan, WritesTheStreamInAnyBlockAndWithAnyWorkers) {
    const auto wanted = Stream(tone()).take(10000);
    for (const char* how : {"1 1", "64 1", "100 3", "4096 2"}) {
        const Outcome outcome = run(std::string("tone.plan 10000 ") + how);
        EXPECT_EQ(outcome.exit_code, 0);
        EXPECT_EQ(outcome.samples, wanted) << how;
        EXPECT_EQ(outcome.said, "");
    }
}

TEST_F(RenderPlan, PlaysNotes) {
    const Stream stream(keys());
    stream.post({note_on(100, 60, 0.8F), note_off(600, 60), note_on(300, 64, 0.8F), note_off(500, 64)});
    const Outcome outcome = run("keys.plan 2000 64 1 60:100:500 64:300:200");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.samples, stream.take(2000));
}

TEST_F(RenderPlan, PlaysTheNotesOfAFileAsThoseOfItsArguments) {
    std::string arguments, lines;
    for (int i = 0; i < 30; ++i) {
        const std::string note = std::to_string(48 + i) + ":" + std::to_string(i * 400) + ":900";
        arguments += " " + note;
        lines += note + "\n";
    }
    std::ofstream(at("some.notes")) << lines;
    const Outcome outcome = run("keys.plan 13000 64 1 @some.notes");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.samples, run("keys.plan 13000 64 1" + arguments).samples);
}

TEST_F(RenderPlan, WritesNothingForNoFrames) {
    const Outcome outcome = run("tone.plan 0 64 1");
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_TRUE(outcome.samples.empty());
}

TEST_F(RenderPlan, SaysHowItIsUsed) {
    for (const char* arguments : {"", "tone.plan", "tone.plan 100 64"}) {
        const Outcome outcome = run(arguments);
        EXPECT_NE(outcome.exit_code, 0);
        EXPECT_NE(outcome.said.find("render_plan PLAN FRAMES BLOCK WORKERS"), std::string::npos) << outcome.said;
    }
}

TEST_F(RenderPlan, SaysWhichArgumentIsWrong) {
    std::ofstream(at("wrong.notes")) << "60:0:10\nmusic\n";
    for (const auto& [arguments, says] : {std::pair{"none.plan 100 64 1", "none.plan"},
                                          {"tone.plan many 64 1", "many"},
                                          {"tone.plan -5 64 1", "-5"},
                                          {"tone.plan 100 0 1", "block 0"},
                                          {"tone.plan 100 64x 1", "64x"},
                                          {"tone.plan 100 64 100", "workers 100"},
                                          {"tone.plan 100 64 1 60:1", "60:1"},
                                          {"tone.plan 100 64 1 128:0:10", "128:0:10"},
                                          {"tone.plan 100 64 1 60:-1:10", "60:-1:10"},
                                          {"tone.plan 100 64 1 60:0:10x", "60:0:10x"},
                                          {"tone.plan 100 64 1 @none.notes", "@none.notes"},
                                          {"tone.plan 100 64 1 @wrong.notes", "@wrong.notes"},
                                          {"tone.plan 100 64 1 4294967356:0:10", "4294967356:0:10"}}) {
        const Outcome outcome = run(arguments);
        EXPECT_NE(outcome.exit_code, 0) << arguments;
        EXPECT_NE(outcome.said.find(says), std::string::npos) << arguments << ": " << outcome.said;
        EXPECT_TRUE(outcome.samples.empty()) << arguments;
    }
}

TEST_F(RenderPlan, SaysWhatIsWrongWithAPlan) {
    auto damaged = tone(), cut = tone();
    damaged[50] ^= std::byte{4};
    cut.resize(70);
    write("damaged.plan", damaged);
    write("cut.plan", cut);
    write("empty.plan", {});
    for (const auto& [plan, says] : {std::pair{"damaged.plan", "damaged.plan: offset 12: the checksum does not fit"},
                                     {"cut.plan", "cut.plan: offset 16: length"},
                                     {"empty.plan", "empty.plan: offset 0: not a plan"},
                                     {".", ".: "}}) {
        const Outcome outcome = run(std::string(plan) + " 100 64 1");
        EXPECT_NE(outcome.exit_code, 0) << plan;
        EXPECT_NE(outcome.said.find(says), std::string::npos) << plan << ": " << outcome.said;
    }
}

} // namespace
} // namespace amp::test
