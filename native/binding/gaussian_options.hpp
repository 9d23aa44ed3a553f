// The facade's options object of a Gaussian network, read into GaussianOptions.
#pragma once

#include <napi.h>

#include <limits>

#include "core/gaussian_options.hpp"

namespace gln::binding {

// The largest magnitude that rows and targets may have: a float's.
constexpr double kLargestFloat = double{std::numeric_limits<float>::max()};

// Throws a JavaScript error where a field is missing, of the wrong type, outside what
// the core's arithmetic stands, or so large that sizes could overflow.
GaussianOptions read_gaussian_options(const Napi::Object& from);

}  // namespace gln::binding
