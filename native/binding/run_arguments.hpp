// Reading of the arguments of models' calls.
#pragma once

#include <napi.h>

#include <cstddef>

#include "core/network.hpp"

namespace gln::binding {

// Rows as the caller gives them: for the base in single or, where no stage comes
// before it, double precision, and for the gates.
void read_rows(const Napi::Value& base, const Napi::Value& side_info, const NetworkOptions& options,
               std::size_t rows, RunRequest* request);

// Targets that are real numbers, in a Float64Array, or none.
Targets read_real_targets(const Napi::Value& value, std::size_t rows);

// base, sideInfo, rows, targets, rates, classes, probabilities, logits.
RunRequest read_run(const Napi::CallbackInfo& info, const NetworkOptions& options);

constexpr double kNothingWrong = -1;

// The first target that is no class, or kNothingWrong.
double first_bad_target(const RunRequest& request, std::size_t classes);

// The first real target that is not within ± limit (NaN never is), or kNothingWrong.
double first_bad_real_target(const RunRequest& request, double limit);

}  // namespace gln::binding
