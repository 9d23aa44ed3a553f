// The facade's options object, read into NetworkOptions.
#pragma once

#include <napi.h>

#include "core/options.hpp"

namespace gln::binding {

// Throws a JavaScript error where a field is missing, of the wrong type, or so
// large that sizes computed from it could overflow.
NetworkOptions read_options(const Napi::Object& from);

}  // namespace gln::binding
