// Reading of JavaScript values, with the checks that memory safety needs.
//
// The facade has already checked everything for people; what fails here is a
// broken contract between the two, or a caller who reached past the facade.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace gln::binding {

// An Error with a `code`, which the facade turns into a GlnError.
Napi::Error make_error(Napi::Env env, const char* code, const std::string& message);

template <typename T>
struct View {
  T* data = nullptr;
  std::size_t length = 0;
};

// The memory of a Float32Array (Uint32Array) of at least `length` elements. The
// type is checked, since a view of another type would be read as if it were
// this one. Works on shared memory; a detached array has length 0.
View<float> float_view(const Napi::Value& value, const char* name, std::size_t length);
View<double> double_view(const Napi::Value& value, const char* name, std::size_t length);
View<std::uint32_t> uint32_view(const Napi::Value& value, const char* name, std::size_t length);
View<std::int32_t> int32_view(const Napi::Value& value, const char* name, std::size_t length);
View<std::uint8_t> uint8_view(const Napi::Value& value, const char* name, std::size_t length);

// The memory of a typed array of exactly `length` elements; what else comes is a fault
// of a file.
template <typename T>
T* exact_view(const Napi::Value& value, const char* name, napi_typedarray_type type,
              std::size_t length) {
  const bool fits = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type &&
                    value.As<Napi::TypedArray>().ElementLength() == length;
  if (!fits) {
    throw make_error(value.Env(), "ERR_GLN_FORMAT",
                     std::string(name) + ": expected a typed array of " + std::to_string(length) +
                         " elements of its kind");
  }
  return value.As<Napi::TypedArrayOf<T>>().Data();
}

Napi::Object object_argument(const Napi::Value& value, const char* name);

// Whether a value is given at all.
inline bool given(const Napi::Value& value) { return !value.IsUndefined() && !value.IsNull(); }

// An integer in [least, most].
std::uint64_t integer(const Napi::Value& value, const char* name, std::uint64_t least,
                      std::uint64_t most);
double number(const Napi::Value& value, const char* name);
bool boolean(const Napi::Value& value, const char* name);

// Calls `body` and turns C++ exceptions into JavaScript ones.
template <typename Body>
auto guarded(Napi::Env env, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    throw make_error(env, "ERR_GLN_MEMORY", "memory could not be had");
  } catch (const std::length_error&) {
    throw make_error(env, "ERR_GLN_MEMORY", "more memory was asked for than there can be");
  }
}

}  // namespace gln::binding
