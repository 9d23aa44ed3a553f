// Single kernels as JavaScript functions, so that tests can compare them
// between instruction sets and with float64.
#pragma once

#include <napi.h>

#include "kernels/kernel_table.hpp"

namespace gln::binding {

Napi::Object kernel_functions(Napi::Env env, const KernelTable* kernels);

}  // namespace gln::binding
