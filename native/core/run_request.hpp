// One call of a model: rows to predict and, with targets, to learn.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gln {

// Targets in the caller's own element type: classes, or real numbers.
struct Targets {
  enum class Type { kNone, kUint8, kInt32, kUint32, kFloat64 };
  Type type = Type::kNone;
  const void* data = nullptr;

  explicit operator bool() const noexcept { return type != Type::kNone; }
  // A class. Negative numbers become large ones, which are no class either.
  std::uint32_t at(std::size_t row) const noexcept {
    switch (type) {
      case Type::kUint8:
        return static_cast<const std::uint8_t*>(data)[row];
      case Type::kInt32:
        return static_cast<std::uint32_t>(static_cast<const std::int32_t*>(data)[row]);
      default:
        return static_cast<const std::uint32_t*>(data)[row];
    }
  }
  // A real number; the type must be kFloat64.
  double real(std::size_t row) const noexcept { return static_cast<const double*>(data)[row]; }
};

struct RunRequest {
  const float* base = nullptr;           // [rows][input_size]
  const double* precise_base = nullptr;  // the same in double precision, instead
  const float* side_info = nullptr;      // [rows][side_input_size]
  std::size_t rows = 0;
  Targets targets;  // a classifier's: classes that it has; a regressor's: finite real numbers
  // [rows], or null: `rate` for all. A row with a rate below 0 is only predicted.
  const float* rates = nullptr;
  double rate = 0.0;
  std::uint32_t* classes = nullptr;  // [rows]
  float* probabilities = nullptr;    // [rows][networks]
  float* logits = nullptr;           // [rows][networks], unclamped
  // Of regressors: the predicted distribution of the target.
  double* means = nullptr;      // [rows]
  double* variances = nullptr;  // [rows]

  // Whether the row is learned, and not only predicted.
  bool learns(std::size_t row) const noexcept {
    return targets && (rates == nullptr || rates[row] >= 0.0f);
  }
};

}  // namespace gln
