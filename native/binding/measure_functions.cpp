#include "binding/measure_functions.hpp"

#include <atomic>
#include <chrono>

#include "binding/arguments.hpp"
#include "binding/packed_gate.hpp"
#include "core/parallel.hpp"

namespace gln::binding {
namespace {

using Info = Napi::CallbackInfo;

constexpr std::uint64_t kMostThreads = 1024;
constexpr std::uint64_t kMostFloats = std::uint64_t{1} << 28;
// Pieces a thread gets, so that one that starts late does not leave the other's
// time unused.
constexpr std::size_t kPiecesPerThread = 16;
// read and copy work on whole runs of this many floats.
constexpr std::size_t kRun = 4 * kLaneCount;
// As in Network: hyperplane groups that a thread takes at once.
constexpr std::size_t kGroupsPerRange = 4;

const KernelTable& table(const Info& info) { return *static_cast<const KernelTable*>(info.Data()); }

std::size_t thread_count(const Napi::Value& value) {
  return static_cast<std::size_t>(integer(value, "threads", 1, kMostThreads));
}

// Calls body(first, last) for pieces that together cover [0, count).
template <typename Body>
void in_pieces(std::size_t threads, std::size_t count, std::size_t unit, Body body) {
  const std::size_t units = count / unit;
  const std::size_t pieces = threads * kPiecesPerThread;
  const std::size_t grain = threads == 1 ? units : (units + pieces - 1) / pieces;
  auto task = [&](std::size_t first, std::size_t last, std::size_t) {
    body(first * unit, last * unit);
  };
  parallel_ranges(threads, units, grain, task);
}

Napi::Value fused_multiply_adds(const Info& info) {
  const auto iterations =
      static_cast<std::size_t>(integer(info[0], "iterations", 1, std::uint64_t{1} << 40));
  const std::size_t threads = thread_count(info[1]);
  const MeasureKernels& kernels = table(info).measure;
  std::atomic<std::uint64_t> operations{0};
  in_pieces(threads, iterations * threads, 1, [&](std::size_t first, std::size_t last) {
    float values[] = {0.999f, 0.001f, 0.0f};
    operations += static_cast<std::uint64_t>(kernels.fused_multiply_adds(last - first, values));
  });
  return Napi::Number::New(info.Env(), static_cast<double>(operations.load()));
}

Napi::Value buffer(const Info& info) {
  const Napi::Env env = info.Env();
  const auto length = static_cast<std::size_t>(integer(info[0], "length", 1, kMostFloats));
  float* floats =
      static_cast<float*>(guarded(env, [&] { return allocate_zeroed(length * sizeof(float)); }));
  const Napi::ArrayBuffer memory =
      Napi::ArrayBuffer::New(env, floats, length * sizeof(float),
                             [](Napi::BasicEnv, void* data) { free_allocated(data); });
  return Napi::Float32Array::New(env, length, memory, 0);
}

Napi::Value read(const Info& info) {
  const View<float> from = float_view(info[0], "from", kRun);
  const std::size_t threads = thread_count(info[1]);
  const MeasureKernels& kernels = table(info).measure;
  in_pieces(threads, from.length, kRun, [&](std::size_t first, std::size_t last) {
    // Called through a pointer: the sum may be dropped, the reading may not.
    kernels.read(from.data + first, last - first);
  });
  return Napi::Number::New(info.Env(), static_cast<double>(from.length * sizeof(float)));
}

Napi::Value copy(const Info& info) {
  const View<float> from = float_view(info[0], "from", kRun);
  const View<float> to = float_view(info[1], "to", from.length);
  const std::size_t threads = thread_count(info[2]);
  const MeasureKernels& kernels = table(info).measure;
  in_pieces(threads, from.length, kRun, [&](std::size_t first, std::size_t last) {
    kernels.copy(from.data + first, to.data + first, last - first);
  });
  return Napi::Number::New(info.Env(), static_cast<double>(2 * from.length * sizeof(float)));
}

Napi::Value gate(const Info& info) {
  const std::size_t repeats = integer(info[6], "repeats", 1, 1u << 30);
  const std::size_t threads = thread_count(info[7]);
  const auto seconds = guarded(info.Env(), [&] {
    PackedGate packed(info);
    const GateBlock block = packed.block();
    auto body = [&](std::size_t first, std::size_t last, std::size_t) {
      table(info).gate(block, first, last);
    };
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
      parallel_ranges(threads, packed.group_count(), kGroupsPerRange, body);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    packed.write_bits();
    return took.count();
  });
  return Napi::Number::New(info.Env(), seconds);
}

}  // namespace

Napi::Object measure_functions(Napi::Env env, const KernelTable* kernels) {
  Napi::Object result = Napi::Object::New(env);
  void* data = const_cast<KernelTable*>(kernels);
  result.Set("fusedMultiplyAdds",
             Napi::Function::New<fused_multiply_adds>(env, "fusedMultiplyAdds", data));
  result.Set("buffer", Napi::Function::New<buffer>(env, "buffer", data));
  result.Set("read", Napi::Function::New<read>(env, "read", data));
  result.Set("copy", Napi::Function::New<copy>(env, "copy", data));
  result.Set("gate", Napi::Function::New<gate>(env, "gate", data));
  return result;
}

}  // namespace gln::binding
