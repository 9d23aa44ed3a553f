// What the benchmark needs natively: the machine's own limits, and kernels timed
// without a network around them.
#pragma once

#include <napi.h>

#include "kernels/kernel_table.hpp"

namespace gln::binding {

Napi::Object measure_functions(Napi::Env env, const KernelTable* kernels);

}  // namespace gln::binding
