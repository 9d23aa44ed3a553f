#include "binding/arguments.hpp"

#include <cmath>

namespace gln::binding {
namespace {

template <typename T>
View<T> typed_view(const Napi::Value& value, const char* name, std::size_t length,
                   napi_typedarray_type wanted, const char* type_name) {
  const Napi::Env env = value.Env();
  if (!value.IsTypedArray()) {
    throw make_error(env, "ERR_GLN_TYPE", std::string(name) + ": expected a " + type_name);
  }
  napi_typedarray_type type;
  std::size_t actual = 0;
  void* data = nullptr;
  // Without asking for the ArrayBuffer, which fails for shared memory.
  if (napi_get_typedarray_info(env, value, &type, &actual, &data, nullptr, nullptr) != napi_ok ||
      type != wanted) {
    throw make_error(env, "ERR_GLN_TYPE", std::string(name) + ": expected a " + type_name);
  }
  if (actual < length || (length > 0 && data == nullptr)) {
    throw make_error(env, "ERR_GLN_SHAPE",
                     std::string(name) + ": expected at least " + std::to_string(length) +
                         " elements, got " + std::to_string(actual));
  }
  return {static_cast<T*>(data), actual};
}

}  // namespace

Napi::Error make_error(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

View<float> float_view(const Napi::Value& value, const char* name, std::size_t length) {
  return typed_view<float>(value, name, length, napi_float32_array, "Float32Array");
}
View<double> double_view(const Napi::Value& value, const char* name, std::size_t length) {
  return typed_view<double>(value, name, length, napi_float64_array, "Float64Array");
}
View<std::uint32_t> uint32_view(const Napi::Value& value, const char* name, std::size_t length) {
  return typed_view<std::uint32_t>(value, name, length, napi_uint32_array, "Uint32Array");
}
View<std::int32_t> int32_view(const Napi::Value& value, const char* name, std::size_t length) {
  return typed_view<std::int32_t>(value, name, length, napi_int32_array, "Int32Array");
}
View<std::uint8_t> uint8_view(const Napi::Value& value, const char* name, std::size_t length) {
  return typed_view<std::uint8_t>(value, name, length, napi_uint8_array, "Uint8Array");
}

double number(const Napi::Value& value, const char* name) {
  if (!value.IsNumber()) {
    throw make_error(value.Env(), "ERR_GLN_TYPE", std::string(name) + ": expected a number");
  }
  return value.As<Napi::Number>().DoubleValue();
}

std::uint64_t integer(const Napi::Value& value, const char* name, std::uint64_t least,
                      std::uint64_t most) {
  const double x = number(value, name);
  if (!(x >= static_cast<double>(least) && x <= static_cast<double>(most)) || x != std::floor(x)) {
    throw make_error(value.Env(), "ERR_GLN_OPTION",
                     std::string(name) + ": expected an integer from " + std::to_string(least) +
                         " to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(x);
}

bool boolean(const Napi::Value& value, const char* name) {
  if (!value.IsBoolean()) {
    throw make_error(value.Env(), "ERR_GLN_TYPE", std::string(name) + ": expected a boolean");
  }
  return value.As<Napi::Boolean>().Value();
}

Napi::Object object_argument(const Napi::Value& value, const char* name) {
  if (!value.IsObject()) {
    throw make_error(value.Env(), "ERR_GLN_TYPE", std::string(name) + ": expected an object");
  }
  return value.As<Napi::Object>();
}

}  // namespace gln::binding
