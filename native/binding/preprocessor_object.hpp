// The JavaScript class `Preprocessor`: stages with statistics of their own, for
// models whose networks share what they know of the rows.
#pragma once

#include <napi.h>

#include <cstddef>
#include <vector>

#include "core/preprocessing/pipeline.hpp"

namespace gln::binding {

class PreprocessorObject : public Napi::ObjectWrap<PreprocessorObject> {
 public:
  // The class; instances use `kernels` for their life.
  static Napi::Function define(Napi::Env env, const KernelTable* kernels);

  explicit PreprocessorObject(const Napi::CallbackInfo& info);

 private:
  std::size_t statistics_size() const;
  void run(const Napi::CallbackInfo& info);
  Napi::Value statistics(const Napi::CallbackInfo& info);
  void set_statistics(const Napi::CallbackInfo& info, const Napi::Value& value);

  std::size_t input_size_ = 0;
  std::size_t output_size_ = 0;
  Pipeline pipeline_;
  std::vector<Statistics*> statistics_;  // of the pipeline's stages
};

}  // namespace gln::binding
