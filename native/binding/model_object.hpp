// What the JavaScript classes of all models have in common: calls and their
// asynchronous form, looks at one state, counting, disposal.
//
// A class derives from ModelObject<itself>, adds shared_properties() to its own, and
// has, besides methods of its own,
//   static constexpr std::uint32_t kRunArguments: the arguments of run(), without
//     those of runAsync() alone;
//   RunRequest read_request(const Napi::CallbackInfo&): those, checked;
//   double first_bad(const RunRequest&): the first target that the model cannot
//     have, or kNothingWrong.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/async_calls.hpp"
#include "binding/model_state.hpp"
#include "binding/run_arguments.hpp"

namespace gln::binding {

template <typename Self>
class ModelObject : public Napi::ObjectWrap<Self> {
 public:
  explicit ModelObject(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<Self>(info), state_(std::make_shared<ModelState>()) {}

  void Finalize(Napi::BasicEnv env) override {
    state_->model.reset();
    report_memory(env, *state_);
  }

 protected:
  using Property = Napi::ClassPropertyDescriptor<Self>;

  static std::vector<Property> shared_properties() {
    using Method = Napi::Value (Self::*)(const Napi::CallbackInfo&);
    using VoidMethod = void (Self::*)(const Napi::CallbackInfo&);
    using Setter = void (Self::*)(const Napi::CallbackInfo&, const Napi::Value&);
    return {
        Self::InstanceMethod("run", static_cast<Method>(&Self::run)),
        Self::InstanceMethod("runAsync", static_cast<Method>(&Self::run_async)),
        Self::InstanceMethod("still", static_cast<Method>(&Self::still)),
        Self::InstanceMethod("dispose", static_cast<VoidMethod>(&Self::dispose)),
        Self::InstanceAccessor("rowsSeen", static_cast<Method>(&Self::rows_seen),
                               static_cast<Setter>(&Self::set_rows_seen)),
        Self::InstanceAccessor("memory", static_cast<Method>(&Self::memory), nullptr),
    };
  }

  // Takes a new model in charge.
  void hold(Napi::Env env, std::shared_ptr<OnlineModel> model) {
    state_->model = std::move(model);
    report_memory(env, *state_);
  }

  OnlineModel& model(Napi::Env env) const {
    if (!state_->model) throw make_error(env, "ERR_GLN_DISPOSED", "the model was disposed");
    return *state_->model;
  }

  // The same, where it is to be changed.
  OnlineModel& idle_model(Napi::Env env) const {
    OnlineModel& held = model(env);
    if (state_->unfinished > 0) throw make_error(env, "ERR_GLN_BUSY", kBusyMessage);
    return held;
  }

  std::shared_ptr<ModelState> state_;

 private:
  Self& self() { return static_cast<Self&>(*this); }

  Napi::Value run(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    OnlineModel& held = model(env);
    const RunRequest request = self().read_request(info);
    const double bad = self().first_bad(request);
    if (bad != kNothingWrong) return Napi::Number::New(env, bad);
    if (request.targets) idle_model(env);
    {
      const Visit visit(*state_);
      guarded(env, [&] { held.run(request); });
    }
    report_memory(env, *state_);
    return Napi::Number::New(env, kNothingWrong);
  }

  Napi::Value run_async(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    model(env);
    const RunRequest request = self().read_request(info);
    if (self().first_bad(request) != kNothingWrong) {
      throw make_error(env, "ERR_GLN_LABEL", "targets: expected what the model can learn");
    }
    if (request.rows == 0) {
      throw make_error(env, "ERR_GLN_SHAPE", "rows: expected at least 1, got 0");
    }
    const std::uint32_t last = Self::kRunArguments;
    if (!info[last].IsFunction()) {
      throw make_error(env, "ERR_GLN_TYPE", "done: expected a function");
    }
    if (state_->still) throw make_error(env, "ERR_GLN_BUSY", kBusyMessage);
    // The arrays, and this object, live until the call ends.
    Napi::Array kept = Napi::Array::New(env, last + 1);
    for (std::uint32_t i = 0; i < last; ++i) kept.Set(i, info[i]);
    kept.Set(last, info.This());
    return guarded(env, [&] {
      return AsyncCalls::of(env).start(env, state_, request, kept, info[last].As<Napi::Function>());
    });
  }

  Napi::Value still(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    model(env);
    if (!info[0].IsFunction()) throw make_error(env, "ERR_GLN_TYPE", "body: expected a function");
    const std::shared_ptr<ModelState> state = state_;
    const Visit visit(*state);
    struct Restore {
      ModelState& state;
      const bool before;
      ~Restore() { state.still = before; }
    } restore = {*state, state->still};
    state->still = true;
    return info[0].As<Napi::Function>().Call({});
  }

  void dispose(const Napi::CallbackInfo& info) {
    state_->model.reset();
    if (state_->queue) state_->queue->dispose();
    report_memory(info.Env(), *state_);
  }

  Napi::Value rows_seen(const Napi::CallbackInfo& info) {
    model(info.Env());
    return Napi::Number::New(info.Env(), static_cast<double>(state_->rows_seen()));
  }

  void set_rows_seen(const Napi::CallbackInfo& info, const Napi::Value& value) {
    idle_model(info.Env())
        .set_rows_seen(integer(value, "rowsSeen", 0, (std::uint64_t{1} << 53) - 1));
  }

  Napi::Value memory(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(state_->bytes()));
  }
};

}  // namespace gln::binding
