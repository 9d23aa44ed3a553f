// Runs the registered tests, or those whose names contain the first argument.
// GLN_TEST_REPORT names a file for the counts, in the fields that Jest uses.

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <string>

#include "check.hpp"

namespace {

bool is_passed(const check::Test& test) {
  check::failures() = 0;
  try {
    test.body();
  } catch (const std::exception& error) {
    check::fail(test.name, 0, "threw ", error.what());
  } catch (...) {
    check::fail(test.name, 0, "threw something that is no exception");
  }
  return check::failures() == 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string filter = count > 1 ? arguments[1] : "";
  std::cerr << std::setprecision(17);
  int passed = 0;
  int failed = 0;
  for (const check::Test& test : check::tests()) {
    if (std::string(test.name).find(filter) == std::string::npos) continue;
    const bool passes = is_passed(test);
    ++(passes ? passed : failed);
    std::cout << (passes ? "ok     " : "FAILED ") << test.name << std::endl;
  }
  if (const char* report = std::getenv("GLN_TEST_REPORT")) {
    std::ofstream(report) << "{\"numPassedTests\": " << passed << ", \"numFailedTests\": " << failed
                          << "}\n";
  }
  std::cout << "C++ tests: " << passed << " passed, " << failed << " failed" << std::endl;
  // A name that matches nothing must not look like success.
  return failed == 0 && passed > 0 ? 0 : 1;
}
