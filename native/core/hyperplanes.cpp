#include "core/hyperplanes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace gln {

Hyperplanes::Hyperplanes(std::size_t neurons, std::size_t per_neuron, std::size_t size)
    : per_neuron_(per_neuron), size_(size), count_(neurons * per_neuron) {
  const std::size_t groups = (count_ + kLaneCount - 1) / kLaneCount;
  planes_ = AlignedArray<float>(groups * size * kLaneCount);
  bias_ = AlignedArray<float>(groups * kLaneCount);
}

void Hyperplanes::randomize(Random* random, bool offsets, double scale, std::size_t features) {
  const std::size_t chosen = features == 0 ? size_ : std::min(features, size_);
  std::vector<std::size_t> order(size_);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> normal(chosen);
  std::vector<float> values(size_);
  for (std::size_t plane = 0; plane < count_; ++plane) {
    // The first of a shuffle that goes on from plane to plane.
    for (std::size_t i = 0; chosen < size_ && i < chosen; ++i) {
      const double share = random->next_uniform() * static_cast<double>(size_ - i);
      std::swap(order[i], order[i + static_cast<std::size_t>(share)]);
    }
    double square = 0.0;
    for (double& value : normal) {
      value = random->next_normal();
      square += value * value;
    }
    const double length = offsets && square > 0.0 ? std::sqrt(square) : 1.0;
    std::fill(values.begin(), values.end(), 0.0f);
    for (std::size_t i = 0; i < chosen; ++i) {
      values[order[i]] = static_cast<float>(normal[i] / length);
    }
    const double bias = offsets ? random->next_normal() * scale : 0.0;
    set(plane, values.data(), static_cast<float>(bias));
  }
}

void Hyperplanes::get(std::size_t plane, float* values, float* bias) const {
  const std::size_t lane = plane % kLaneCount;
  const float* from = planes_.data() + (plane - lane) * size_;
  for (std::size_t i = 0; i < size_; ++i) values[i] = from[i * kLaneCount + lane];
  *bias = bias_[plane];
}

void Hyperplanes::set(std::size_t plane, const float* values, float bias) {
  const std::size_t lane = plane % kLaneCount;
  float* to = planes_.data() + (plane - lane) * size_;
  for (std::size_t i = 0; i < size_; ++i) to[i * kLaneCount + lane] = values[i];
  bias_[plane] = bias;
}

GateBlock Hyperplanes::gate_block(const float* side_info, std::size_t rows, std::uint16_t* masks,
                                  std::size_t mask_stride) const {
  return {planes_.data(), bias_.data(), side_info, size_, rows, size_, masks, mask_stride};
}

void Hyperplanes::contexts(const std::uint16_t* masks, std::size_t mask_stride, std::size_t rows,
                           std::size_t first_neuron, std::size_t last_neuron,
                           std::uint16_t* contexts, std::size_t context_stride) const {
  const std::uint32_t wanted = (1u << per_neuron_) - 1u;
  for (std::size_t neuron = first_neuron; neuron < last_neuron; ++neuron) {
    std::uint16_t* out = contexts + neuron * context_stride;
    if (per_neuron_ == 0) {
      for (std::size_t row = 0; row < rows; ++row) out[row] = 0;
      continue;
    }
    // A neuron's bits may begin in one group of sixteen and end in the next.
    const std::size_t bit = neuron * per_neuron_;
    const std::size_t group = bit / kLaneCount;
    const std::size_t last_group = (bit + per_neuron_ - 1) / kLaneCount;
    const unsigned shift = static_cast<unsigned>(bit % kLaneCount);
    const std::uint16_t* low = masks + group * mask_stride;
    const std::uint16_t* high = masks + last_group * mask_stride;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint32_t both =
          static_cast<std::uint32_t>(low[row]) | (static_cast<std::uint32_t>(high[row]) << 16);
      out[row] = static_cast<std::uint16_t>((both >> shift) & wanted);
    }
  }
}

void Hyperplanes::words(const std::uint16_t* masks, std::size_t mask_stride, std::size_t rows,
                        std::size_t first_neuron, std::size_t last_neuron, std::uint64_t* words,
                        std::size_t word_stride) const {
  const std::uint64_t wanted = ~std::uint64_t{0} >> (64 - per_neuron_);
  for (std::size_t neuron = first_neuron; neuron < last_neuron; ++neuron) {
    std::uint64_t* out = words + (neuron - first_neuron) * word_stride;
    const std::size_t bit = neuron * per_neuron_;
    const std::size_t first_group = bit / kLaneCount;
    const std::size_t last_group = (bit + per_neuron_ - 1) / kLaneCount;
    const std::size_t skipped = bit % kLaneCount;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint16_t* mask = masks + first_group * mask_stride + row;
      std::uint64_t word = static_cast<std::uint64_t>(*mask) >> skipped;
      std::size_t place = kLaneCount - skipped;
      for (std::size_t group = first_group; group < last_group; ++group, place += kLaneCount) {
        mask += mask_stride;
        word |= static_cast<std::uint64_t>(*mask) << place;
      }
      out[row] = word & wanted;
    }
  }
}

}  // namespace gln
