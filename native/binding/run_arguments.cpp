#include "binding/run_arguments.hpp"

#include <cmath>
#include <cstdint>

#include "binding/arguments.hpp"

namespace gln::binding {
namespace {

Targets read_targets(const Napi::Value& value, std::size_t rows) {
  if (!given(value)) return {};
  if (value.IsTypedArray()) {
    switch (value.As<Napi::TypedArray>().TypedArrayType()) {
      case napi_uint8_array:
        return {Targets::Type::kUint8, uint8_view(value, "targets", rows).data};
      case napi_int32_array:
        return {Targets::Type::kInt32, int32_view(value, "targets", rows).data};
      default:
        break;
    }
  }
  return {Targets::Type::kUint32, uint32_view(value, "targets", rows).data};
}

}  // namespace

Targets read_real_targets(const Napi::Value& value, std::size_t rows) {
  if (!given(value)) return {};
  return {Targets::Type::kFloat64, double_view(value, "targets", rows).data};
}

void read_rows(const Napi::Value& base, const Napi::Value& side_info, const NetworkOptions& options,
               std::size_t rows, RunRequest* request) {
  request->rows = rows;
  request->side_info = float_view(side_info, "sideInfo", rows * options.side_input_size).data;
  const std::size_t length = rows * options.input_size;
  const bool doubles =
      base.IsTypedArray() && base.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
  if (doubles && options.base_stages.empty()) {
    request->precise_base = double_view(base, "base", length).data;
  } else {
    request->base = float_view(base, "base", length).data;
  }
}

RunRequest read_run(const Napi::CallbackInfo& info, const NetworkOptions& options) {
  const std::size_t rows =
      static_cast<std::size_t>(integer(info[2], "rows", 0, std::uint64_t{1} << 40));
  RunRequest request;
  read_rows(info[0], info[1], options, rows, &request);
  request.targets = read_targets(info[3], rows);
  if (info[4].IsNumber()) {
    request.rate = number(info[4], "rates");
  } else {
    request.rates = float_view(info[4], "rates", rows).data;
  }
  if (given(info[5])) request.classes = uint32_view(info[5], "classes", rows).data;
  if (given(info[6])) {
    request.probabilities = float_view(info[6], "probabilities", rows * options.networks).data;
  }
  if (given(info[7])) request.logits = float_view(info[7], "logits", rows * options.networks).data;
  return request;
}

double first_bad_target(const RunRequest& request, std::size_t classes) {
  if (!request.targets) return kNothingWrong;
  for (std::size_t row = 0; row < request.rows; ++row) {
    if (request.targets.at(row) >= classes) return static_cast<double>(row);
  }
  return kNothingWrong;
}

double first_bad_real_target(const RunRequest& request, double limit) {
  if (!request.targets) return kNothingWrong;
  for (std::size_t row = 0; row < request.rows; ++row) {
    // NaN compares false.
    if (!(std::fabs(request.targets.real(row)) <= limit)) return static_cast<double>(row);
  }
  return kNothingWrong;
}

}  // namespace gln::binding
