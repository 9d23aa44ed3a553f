// Base predictions from rows in double precision.
//
// (x - min) / (max - min) loses its digits where x is close to min or max. Callers
// who have their rows in double precision get those digits; the kernels' float
// version serves all others, many times faster.
#pragma once

#include <cstddef>

#include "kernels/kernel_table.hpp"

namespace gln {

// One row of `size` values to `size` logits; ratio = (1 - ε) / ε.
void precise_base_logits(BasePredictor kind, const double* row, std::size_t size, double ratio,
                         float* logits);

}  // namespace gln
