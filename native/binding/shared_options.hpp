// What the options of all kinds of network have in common, read from JavaScript.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gln::binding {

constexpr std::uint64_t kLargestSize = std::uint64_t{1} << 31;
constexpr std::uint64_t kLargestSeed = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t kLargestThreads = 1024;

// Neurons of each layer; the last has one. Throws a JavaScript error for anything else.
std::vector<std::size_t> read_layer_sizes(const Napi::Object& from);

// Factors of the learning rate, one a layer; none where they are not given.
std::vector<double> read_layer_rates(const Napi::Object& from, std::size_t layers);

// Refuses a network of so many numbers that sizes come near the range of size_t.
void check_total_size(Napi::Env env, double total);

}  // namespace gln::binding
