// The checksum of a plan: CRC-32 as in IEEE 802.3.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace amp {

// [any]
constexpr std::uint32_t crc32(std::span<const std::byte> bytes) {
    constexpr auto table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t remainder = i;
            for (int bit = 0; bit < 8; ++bit) {
                remainder = remainder >> 1 ^ (remainder & 1 ? 0xEDB88320U : 0U);
            }
            made[i] = remainder;
        }
        return made;
    }();
    std::uint32_t sum = 0xFFFFFFFFU;
    for (const std::byte byte : bytes) {
        sum = sum >> 8 ^ table[(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xFF];
    }
    return ~sum;
}

} // namespace amp
