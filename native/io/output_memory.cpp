#include "io/output_memory.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace amp::io {

namespace {

constexpr int kMostChannels = 64;
constexpr int kMostBlock = 4096;
constexpr std::int64_t kLeastBlocks = 16;
constexpr std::int64_t kMostCapacity = std::int64_t{1} << 26;
constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

std::string reason() { return std::strerror(errno); }

// Why the geometry will not do, or an empty string.
std::string find_fault(const OutputGeometry& geometry) {
    if (geometry.channels < 1 || geometry.channels > kMostChannels) {
        return "channels must be 1 to 64, not " + std::to_string(geometry.channels);
    }
    if (geometry.block < 1 || geometry.block > kMostBlock) {
        return "the block must be 1 to 4096 frames, not " + std::to_string(geometry.block);
    }
    if (geometry.capacity_frames < kLeastBlocks * geometry.block || geometry.capacity_frames > kMostCapacity ||
        geometry.capacity_frames % geometry.block != 0) {
        return "the capacity must be a multiple of the block, at least 16 blocks and at most 2^26 frames, not " +
               std::to_string(geometry.capacity_frames);
    }
    if (!std::isfinite(geometry.sample_rate) || geometry.sample_rate < 8000 || geometry.sample_rate > 768000) {
        return "the sample rate must be 8000 to 768000 Hz, not " + std::to_string(geometry.sample_rate);
    }
    return "";
}

std::size_t bytes_for(const OutputGeometry& geometry) {
    return sizeof(OutputHeader) + static_cast<std::size_t>(geometry.capacity_frames) *
                                      static_cast<std::size_t>(geometry.channels) * sizeof(float);
}

// A descriptor that is closed unless it is handed on.
class Descriptor {
public:
    explicit Descriptor(int value) : value_(value) {}
    ~Descriptor() {
        if (value_ >= 0) {
            close(value_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return value_; }
    int hand_on() { return std::exchange(value_, -1); }

private:
    int value_;
};

void* map(int descriptor, std::size_t bytes) {
    void* address = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, descriptor, 0);
    if (address == MAP_FAILED) {
        return nullptr;
    }
    // Where the system does not let memory be locked, it plays nevertheless.
    static_cast<void>(mlock(address, bytes));
    return address;
}

// Whoever plays changes nothing of what was made. Where the system does not protect it, it plays nevertheless.
void protect_frames(void* address, std::size_t bytes) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t first = (sizeof(OutputHeader) + page - 1) / page * page;
    if (first < bytes) {
        static_cast<void>(mprotect(static_cast<std::byte*>(address) + first, bytes - first, PROT_READ));
    }
}

} // namespace

Result<OutputMemory> OutputMemory::create(const OutputGeometry& geometry) {
    if (const std::string fault = find_fault(geometry); !fault.empty()) {
        return Error{ErrorKind::bad_argument, "Output memory: " + fault + "."};
    }
    const std::size_t bytes = bytes_for(geometry);
    Descriptor descriptor(memfd_create("amp-output", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    // Sealed, it cannot shrink below a mapping in another process.
    if (descriptor.get() < 0 || ftruncate(descriptor.get(), static_cast<off_t>(bytes)) != 0 ||
        fcntl(descriptor.get(), F_ADD_SEALS, kSeals) != 0) {
        return Error{ErrorKind::no_memory, "Output memory: the system gives none: " + reason() + "."};
    }
    void* const address = map(descriptor.get(), bytes);
    if (address == nullptr) {
        return Error{ErrorKind::no_memory, "Output memory: it cannot be mapped: " + reason() + "."};
    }
    OutputHeader* const header = new (address) OutputHeader(geometry);
    header->header_bytes = sizeof(OutputHeader);
    return OutputMemory(descriptor.hand_on(), address, bytes);
}

Result<OutputMemory> OutputMemory::open(const std::string& path) {
    const auto refuse = [&path](ErrorKind kind, const std::string& why) {
        return Error{kind, "Output memory " + path + ": " + why + "."};
    };
    // Not blocking: the path may be a pipe that nobody reads.
    Descriptor descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (descriptor.get() < 0) {
        return refuse(ErrorKind::bad_argument, "it cannot be opened: " + reason());
    }
    const int seals = fcntl(descriptor.get(), F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) {
        return refuse(ErrorKind::bad_argument, "this is no sealed memory of an engine");
    }
    struct stat status{};
    if (fstat(descriptor.get(), &status) != 0 || status.st_size < static_cast<off_t>(sizeof(OutputHeader))) {
        return refuse(ErrorKind::bad_argument,
                      "it is too small for a header: " + std::to_string(status.st_size) + " bytes");
    }
    const auto bytes = static_cast<std::size_t>(status.st_size);
    void* const address = map(descriptor.get(), bytes);
    if (address == nullptr) {
        return refuse(ErrorKind::no_memory, "it cannot be mapped: " + reason());
    }
    OutputMemory memory(descriptor.hand_on(), address, bytes);
    const OutputHeader& header = memory.header();
    if (header.magic != kOutputMagic) {
        return refuse(ErrorKind::bad_argument, "it does not begin as output memory does");
    }
    if (header.version != kOutputVersion || header.header_bytes != sizeof(OutputHeader)) {
        return refuse(ErrorKind::unsupported,
                      "it has version " + std::to_string(header.version) + " and a header of " +
                          std::to_string(header.header_bytes) + " bytes; this program knows version " +
                          std::to_string(kOutputVersion) + " and " + std::to_string(sizeof(OutputHeader)) + " bytes");
    }
    if (const std::string fault = find_fault(memory.geometry()); !fault.empty()) {
        return refuse(ErrorKind::bad_argument, fault);
    }
    if (bytes != bytes_for(memory.geometry())) {
        return refuse(ErrorKind::bad_argument, "it has " + std::to_string(bytes) +
                                                   " bytes, but its geometry asks for " +
                                                   std::to_string(bytes_for(memory.geometry())));
    }
    protect_frames(address, bytes);
    return memory;
}

OutputMemory::OutputMemory(int descriptor, void* address, std::size_t bytes)
    : descriptor_(descriptor),
      bytes_(bytes),
      header_(static_cast<OutputHeader*>(address)),
      samples_(reinterpret_cast<float*>(static_cast<std::byte*>(address) + sizeof(OutputHeader))),
      geometry_(header_->geometry) {}

OutputMemory::OutputMemory(OutputMemory&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      bytes_(std::exchange(other.bytes_, 0)),
      header_(std::exchange(other.header_, nullptr)),
      samples_(std::exchange(other.samples_, nullptr)),
      geometry_(other.geometry_) {}

OutputMemory& OutputMemory::operator=(OutputMemory&& other) noexcept {
    if (this != &other) {
        release();
        descriptor_ = std::exchange(other.descriptor_, -1);
        bytes_ = std::exchange(other.bytes_, 0);
        header_ = std::exchange(other.header_, nullptr);
        samples_ = std::exchange(other.samples_, nullptr);
        geometry_ = other.geometry_;
    }
    return *this;
}

OutputMemory::~OutputMemory() { release(); }

void OutputMemory::release() {
    if (header_ != nullptr) {
        munmap(header_, bytes_);
    }
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
}

} // namespace amp::io
