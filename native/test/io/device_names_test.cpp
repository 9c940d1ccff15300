#include "io/port_audio_system.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace amp::test {
namespace {

using io::ListedDevice;
using io::ListedHostApi;

ListedDevice device(const std::string& host_api, const std::string& name, const std::string& steady_name,
                    bool is_default = false) {
    ListedDevice listed;
    listed.name = name;
    listed.id = host_api + "/" + steady_name;
    listed.is_default = is_default;
    return listed;
}

const std::vector<ListedHostApi> kMachine{
    {"ALSA",
     {device("ALSA", "Loopback: PCM (hw:0,0)", "hw:Loopback,0"),
      device("ALSA", "Loopback: PCM (hw:0,1)", "hw:Loopback,1"), device("ALSA", "Scarlett 2i2 (hw:1,0)", "hw:USB,0"),
      device("ALSA", "pulse", "pulse"), device("ALSA", "system", "system")}},
    {"JACK Audio Connection Kit",
     {device("JACK", "system", "system", true), device("JACK", "pulse sink", "pulse sink")}}};

std::string found(const std::string& name) {
    const auto device = io::find_device(kMachine, name);
    return device.ok() ? device.value().id : device.error().message;
}

TEST(DeviceName, MayBeAnId) { EXPECT_EQ(found("ALSA/hw:Loopback,1"), "ALSA/hw:Loopback,1"); }

TEST(DeviceName, MayBeAWholeNameThoughOthersContainIt) { EXPECT_EQ(found("pulse"), "ALSA/pulse"); }

TEST(DeviceName, MayBeAPartInAnyCase) { EXPECT_EQ(found("scarlett"), "ALSA/hw:USB,0"); }

TEST(DeviceName, MayBeTheWordDefault) { EXPECT_EQ(found("default"), "JACK/system"); }

TEST(DeviceName, ThatFitsSeveralIsToldWithAll) {
    EXPECT_EQ(found("system"), "\"system\" fits several devices: \"ALSA/system\", \"JACK/system\".");
    EXPECT_NE(found("loopback").find("\"ALSA/hw:Loopback,0\", \"ALSA/hw:Loopback,1\""), std::string::npos);
}

TEST(DeviceName, ThatFitsNoneIsToldWithWhatThereIs) {
    EXPECT_NE(found("theremin").find("there are \"ALSA/hw:Loopback,0\""), std::string::npos) << found("theremin");
}

TEST(DeviceName, OnAMachineWithoutDevicesIsToldSo) {
    const auto device = io::find_device({{"ALSA", {}}}, "default");
    ASSERT_FALSE(device.ok());
    EXPECT_EQ(device.error().message, "There is no sound device on this machine.");
}

} // namespace
} // namespace amp::test
