// Gated linear units and dense layers without Node: the same bits on every
// instruction set and thread count, and memory that cannot be had.

#include <cstring>
#include <new>
#include <vector>

#include "check.hpp"
#include "core/parallel.hpp"
#include "core/random.hpp"
#include "core/tensors/layers.hpp"
#include "kernels/instruction_sets.hpp"

namespace {

using Floats = std::vector<float>;

Floats draw(gln::Random& random, std::size_t count) {
  Floats values(count);
  for (float& value : values) value = static_cast<float>(2.0 * random.next_uniform() - 1.0);
  return values;
}

// Everything that the layers give for some random numbers, one after the other.
// Each array is of exactly its size: sanitizers see what is read beyond it.
Floats run(const gln::TensorCall& call, const gln::LayerShape& shape) {
  const auto [rows, inputs, units] = shape;
  gln::Random random(21);
  const Floats input = draw(random, rows * inputs);
  const Floats kernel = draw(random, inputs * units);
  const Floats gate_kernel = draw(random, inputs * units);
  const Floats bias = draw(random, units);
  const Floats output_gradient = draw(random, rows * units);
  Floats linear(rows * units), gate(rows * units), output(rows * units);
  gln::gated_linear_unit(call, {shape, input.data(), kernel.data(), bias.data(), gate_kernel.data(),
                                nullptr, linear.data(), gate.data(), output.data()});
  Floats input_gradient(rows * inputs);
  Floats kernel_gradient(inputs * units), gate_kernel_gradient(inputs * units);
  Floats bias_gradient(units), gate_bias_gradient(units);
  gln::gated_linear_unit_backward(
      call, {shape, input.data(), kernel.data(), gate_kernel.data(), linear.data(), gate.data(),
             output_gradient.data(), input_gradient.data(), kernel_gradient.data(),
             bias_gradient.data(), gate_kernel_gradient.data(), gate_bias_gradient.data()});
  Floats activated(rows * units);
  gln::dense(call, {shape, gln::Activation::kTanh, input.data(), kernel.data(), bias.data(),
                    activated.data()});
  Floats dense_gradient(inputs * units), dense_input_gradient(rows * inputs);
  gln::dense_backward(
      call, {shape, gln::Activation::kTanh, input.data(), kernel.data(), activated.data(),
             output_gradient.data(), dense_input_gradient.data(), dense_gradient.data(), nullptr});
  Floats all;
  for (const Floats& part :
       {linear, gate, output, input_gradient, kernel_gradient, gate_kernel_gradient, bias_gradient,
        gate_bias_gradient, activated, dense_gradient, dense_input_gradient}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

bool same_bits(const Floats& a, const Floats& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <typename Body>
bool lacks_memory(Body body) {
  try {
    body();
  } catch (const std::bad_alloc&) {
    return true;
  }
  return false;
}

}  // namespace

TEST(layers_give_the_same_bits_everywhere) {
  gln::retain_threads();
  for (const gln::LayerShape& shape :
       {gln::LayerShape{1, 1, 1}, gln::LayerShape{7, 19, 33}, gln::LayerShape{100, 140, 90}}) {
    const Floats expected = run({gln::scalar::kernels().tensors, 1}, shape);
    for (const gln::KernelTable* table : gln::available_kernels()) {
      for (const std::size_t threads : {1, 2, 5}) {
        CHECK(same_bits(run({table->tensors, threads}, shape), expected));
      }
    }
  }
  gln::release_threads();
}

TEST(a_gate_multiplies) {
  const float input[] = {1.0f, 2.0f};
  const float kernel[] = {3.0f, -1.0f};
  const float closed[] = {-50.0f, -50.0f};
  float output = 1.0f;
  float linear = 0.0f;
  const gln::TensorCall call = {gln::scalar::kernels().tensors, 1};
  const gln::LayerShape shape = {1, 2, 1};
  gln::gated_linear_unit(
      call, {shape, input, kernel, nullptr, closed, nullptr, &linear, nullptr, &output});
  CHECK(linear == 1.0f);
  CHECK(output >= 0.0f && output < 1e-30f);
}

TEST(layers_too_large_for_memory_throw_before_they_begin) {
  const gln::LayerShape shape = {1, std::size_t{1} << 30, std::size_t{1} << 31};
  const gln::TensorCall call = {gln::scalar::kernels().tensors, 1};
  float value = 0.5f;
  CHECK(lacks_memory(
      [&] { gln::dense(call, {shape, gln::Activation::kRelu, &value, &value, nullptr, &value}); }));
  CHECK(lacks_memory([&] {
    gln::gated_linear_unit(
        call, {shape, &value, &value, nullptr, &value, nullptr, nullptr, nullptr, &value});
  }));
  CHECK(lacks_memory([&] {
    gln::dense_backward(call, {shape, gln::Activation::kRelu, &value, &value, &value, &value,
                               &value, &value, nullptr});
  }));
  CHECK(value == 0.5f);
}
