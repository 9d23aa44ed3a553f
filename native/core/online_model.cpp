#include "core/online_model.hpp"

#include <new>

namespace gln {

void OnlineModel::run(const RunRequest& request) {
  const std::uint64_t rows_before = rows_seen_;
  try {
    reserve_rows(request.rows);
    for (std::size_t first = 0; first < request.rows;) {
      first = run_part(request, first, request.rows - first);
    }
  } catch (const std::bad_alloc&) {
    abandon(request, rows_before);
    throw;
  }
  finish(request);
}

}  // namespace gln
