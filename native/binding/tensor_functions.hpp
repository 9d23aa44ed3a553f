// The JavaScript functions of the layers that are trained by gradients.
#pragma once

#include <napi.h>

#include "kernels/kernel_table.hpp"

namespace gln::binding {

// The object `tensors` of types/addon.d.ts.
Napi::Object tensor_functions(Napi::Env env, const KernelTable* kernels);

}  // namespace gln::binding
