// All kernels of one instruction set and their table. Included once a set, in a
// namespace of its own and inside that set's target region, after its
// lanes_*-inl.hpp. The order matters: each builds on those before it.

#include "simd/math-inl.hpp"
#include "kernels/rows-inl.hpp"
#include "kernels/base-inl.hpp"
#include "kernels/product-inl.hpp"
#include "kernels/gate-inl.hpp"
#include "kernels/multiply-inl.hpp"
#include "kernels/hadamard-inl.hpp"
#include "kernels/tile-inl.hpp"
#include "kernels/bounds-inl.hpp"
#include "kernels/dots-inl.hpp"
#include "kernels/chain-inl.hpp"
#include "kernels/layer-inl.hpp"
#include "kernels/measure-inl.hpp"
#include "kernels/activation-inl.hpp"
#include "kernels/tensor-inl.hpp"
#include "kernels/dendrites-inl.hpp"
#include "kernels/gaussian-inl.hpp"

inline void exponential_row(const float* input, float* output, std::size_t size) {
  map_row<exponential>(input, output, size);
}
inline void logarithm_row(const float* input, float* output, std::size_t size) {
  map_row<logarithm>(input, output, size);
}
inline void logistic_row(const float* input, float* output, std::size_t size) {
  map_row<logistic>(input, output, size);
}

constexpr KernelTable kTable = {
    kInstructionSetName, base_logits,      gate,
    hadamard_gate,       multiply,         predict_layer,
    prepare_chain,       learn_layer,      add_row,
    first_non_finite,    logistic_row,     dot,
    short_dot,           update,           exponential_row,
    logarithm_row,       kMeasureKernels,  kTensorKernels,
    kDendriteKernels,    kGaussianKernels,
};
