// A test framework in one page, because none may be downloaded while building:
// TEST registers a function, CHECK and CHECK_CLOSE report and go on.
#pragma once

#include <cmath>
#include <iostream>
#include <vector>

namespace check {

struct Test {
  const char* name;
  void (*body)();
};

// All tests in the order in which their files were linked.
inline std::vector<Test>& tests() {
  static std::vector<Test> tests;
  return tests;
}

// Failed checks of the test that runs.
inline int& failures() {
  static int failures = 0;
  return failures;
}

inline bool register_test(const char* name, void (*body)()) {
  tests().push_back({name, body});
  return true;
}

template <typename... Parts>
void fail(const char* file, int line, const Parts&... parts) {
  ++failures();
  std::cerr << file << ":" << line << ": ";
  (std::cerr << ... << parts) << "\n";
}

}  // namespace check

#define TEST(name)                                                                          \
  static void name();                                                                       \
  [[maybe_unused]] static const bool name##_registered = check::register_test(#name, name); \
  static void name()

#define CHECK(condition) \
  ((condition) ? void() : check::fail(__FILE__, __LINE__, "not true: " #condition))

// Both as double; NaN is close to nothing.
#define CHECK_CLOSE(actual, expected, tolerance)                                                   \
  do {                                                                                             \
    const double check_actual = (actual);                                                          \
    const double check_expected = (expected);                                                      \
    if (!(std::fabs(check_actual - check_expected) <= (tolerance)))                                \
      check::fail(__FILE__, __LINE__, #actual " is ", check_actual, ", expected ", check_expected, \
                  " within ", (tolerance));                                                        \
  } while (false)
