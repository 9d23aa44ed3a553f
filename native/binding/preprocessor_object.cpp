#include "binding/preprocessor_object.hpp"

#include <algorithm>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/stage_options.hpp"

namespace gln::binding {
Napi::Function PreprocessorObject::define(Napi::Env env, const KernelTable* kernels) {
  return DefineClass(
      env, "Preprocessor",
      {
          InstanceMethod<&PreprocessorObject::run>("run"),
          InstanceAccessor<&PreprocessorObject::statistics, &PreprocessorObject::set_statistics>(
              "statistics"),
      },
      const_cast<KernelTable*>(kernels));
}

PreprocessorObject::PreprocessorObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<PreprocessorObject>(info) {
  const Napi::Env env = info.Env();
  input_size_ = integer(info[1], "size", 1, std::uint64_t{1} << 31);
  output_size_ = input_size_;
  const std::vector<StageOptions> stages = read_stages(info[0], &output_size_);
  if (stages.empty()) throw make_error(env, "ERR_GLN_OPTION", "stages: expected at least one");
  const auto& kernels = *static_cast<const KernelTable*>(info.Data());
  guarded(env, [&] {
    pipeline_ = Pipeline(stages, input_size_, kernels);
    pipeline_.list(&statistics_);
  });
}

void PreprocessorObject::run(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const float* row = float_view(info[0], "row", input_size_).data;
  float* out = float_view(info[1], "out", output_size_).data;
  const bool learning = boolean(info[2], "learning");
  guarded(env, [&] { std::copy_n(pipeline_.run(row, 1, learning), output_size_, out); });
}

std::size_t PreprocessorObject::statistics_size() const {
  std::size_t size = 0;
  for (const Statistics* statistics : statistics_) size += statistics->values.size();
  return size;
}

Napi::Value PreprocessorObject::statistics(const Napi::CallbackInfo& info) {
  Napi::Float64Array values = Napi::Float64Array::New(info.Env(), statistics_size());
  double* out = values.Data();
  for (const Statistics* statistics : statistics_) {
    out = std::copy(statistics->values.begin(), statistics->values.end(), out);
  }
  return values;
}

void PreprocessorObject::set_statistics(const Napi::CallbackInfo&, const Napi::Value& value) {
  const double* from = double_view(value, "statistics", statistics_size()).data;
  for (Statistics* statistics : statistics_) {
    std::vector<double>& values = statistics->values;
    std::copy_n(from, values.size(), values.begin());
    from += values.size();
  }
}

}  // namespace gln::binding
