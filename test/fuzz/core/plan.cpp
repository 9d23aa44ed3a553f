#include "plan.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "core/random.hpp"

namespace fuzz {
namespace {

using gln::StageOptions;
using gln::StageType;

// Rows of more values would make an execution slow, and show nothing new.
constexpr std::size_t kWidest = 150;
constexpr std::size_t kWidestWhitened = 12;
constexpr int kDeepest = 2;
constexpr double kLargestNumber = 1e6;

struct Stages {
  std::vector<StageOptions> stages;
  std::size_t size = 0;  // values a row that come out
  bool allows_missing = false;
};

double read_factor(Bytes* bytes) {
  return bytes->one_of({1.0, 1.0, 0.5, -2.0, 0.0, 30.0, kLargestNumber, -kLargestNumber, 1e-30});
}

double read_positive(Bytes* bytes) {
  return bytes->one_of({4.0, 4.0, 1.0, 0.01, 1e-6, 100.0, kLargestNumber, 1e-300});
}

// Of the whole range of doubles.
double read_bound(Bytes* bytes) {
  return bytes->one_of({0.0, -1.0, 1.0, 10.0, -10.0, 1e30, -1e30, 1e300, -1e300});
}

std::vector<std::size_t> read_columns(Bytes* bytes, std::size_t size) {
  std::vector<std::size_t> columns;
  const std::size_t step = bytes->between(1, 5);
  for (std::size_t i = bytes->between(0, 3); i < size; i += step) columns.push_back(i);
  if (bytes->flag()) return {columns.rbegin(), columns.rend()};
  return columns;
}

Stages read_stages(Bytes* bytes, std::size_t size, int depth);

void read_linear(Bytes* bytes, std::size_t size, StageOptions* stage) {
  stage->size = bytes->between(1, 20);
  gln::Random random(bytes->next());
  const float scale = static_cast<float>(read_positive(bytes));
  for (std::size_t i = 0; i < stage->size * size; ++i) {
    stage->matrix.push_back(scale * static_cast<float>(2.0 * random.next_uniform() - 1.0));
  }
  const bool extreme = bytes->rarely(4);
  for (std::size_t i = 0; i < size; ++i) {
    stage->offsets.push_back(extreme ? extreme_float(random.next_bits()) : 0.1f);
  }
}

// Branches' decision about missing values, and their size in `stage->size`.
bool read_branches(Bytes* bytes, std::size_t size, int depth, StageOptions* stage) {
  bool all = true;
  const std::size_t count = bytes->between(1, 3);
  for (std::size_t i = 0; i < count; ++i) {
    Stages branch = read_stages(bytes, size, depth - 1);
    stage->size += branch.size;
    all = all && branch.allows_missing;
    stage->branches.push_back(std::move(branch.stages));
  }
  return all;
}

enum class Missing { kUndecided, kAllowed, kRefused };

StageOptions read_stage(Bytes* bytes, std::size_t size, int depth, Missing* missing) {
  StageOptions stage;
  stage.type = static_cast<StageType>(bytes->between(0, static_cast<int>(StageType::kSelect)));
  if (stage.type == StageType::kBranches && depth == 0) stage.type = StageType::kCenter;
  if (stage.type == StageType::kWhiten && size > kWidestWhitened) {
    stage.type = StageType::kStandardize;
  }
  stage.factor = read_factor(bytes);
  stage.seed = bytes->next();
  switch (stage.type) {
    case StageType::kImpute:
      *missing = Missing::kAllowed;
      if (bytes->flag()) stage.columns = read_columns(bytes, size);
      break;
    case StageType::kStandardize:
      stage.maximum = read_positive(bytes);
      break;
    case StageType::kClip:
      stage.minimum = read_bound(bytes);
      stage.maximum = read_bound(bytes);
      if (stage.minimum > stage.maximum) std::swap(stage.minimum, stage.maximum);
      break;
    case StageType::kScale:
      stage.offset = read_bound(bytes);
      break;
    case StageType::kOneHot:
    case StageType::kHash:
      stage.columns = read_columns(bytes, size);
      stage.size = bytes->between(1, 8);
      break;
    case StageType::kSelect:
      stage.columns = read_columns(bytes, size);
      if (stage.columns.empty()) stage.columns.push_back(size - 1);
      break;
    case StageType::kLinear:
      *missing = Missing::kRefused;
      read_linear(bytes, size, &stage);
      break;
    case StageType::kNormalizeRow:
    case StageType::kSquare:
      *missing = Missing::kRefused;
      break;
    case StageType::kNormalScore:
      *missing = Missing::kAllowed;
      break;
    case StageType::kBins:
      *missing = Missing::kAllowed;
      stage.size = bytes->between(1, 4);
      break;
    case StageType::kWhiten:
      *missing = Missing::kAllowed;
      stage.maximum = read_positive(bytes);
      stage.regularization = read_positive(bytes);
      stage.standardized = bytes->flag();
      break;
    case StageType::kBranches:
      *missing = read_branches(bytes, size, depth, &stage) ? Missing::kAllowed : Missing::kRefused;
      break;
    case StageType::kCenter:
      break;
  }
  return stage;
}

// At least one stage; none that would leave no values, or too many.
Stages read_stages(Bytes* bytes, std::size_t size, int depth) {
  Stages read;
  read.size = size;
  Missing decided = Missing::kUndecided;
  const std::size_t count = bytes->between(1, 3);
  for (std::size_t i = 0; i < count; ++i) {
    Missing missing = Missing::kUndecided;
    StageOptions stage = read_stage(bytes, read.size, depth, &missing);
    std::size_t out = stage_output_size(stage, read.size);
    if (out < 1 || out > kWidest) {
      stage = StageOptions();
      stage.type = StageType::kCenter;
      missing = Missing::kUndecided;
      out = read.size;
    }
    read.stages.push_back(std::move(stage));
    read.size = out;
    if (decided == Missing::kUndecided) decided = missing;
  }
  read.allows_missing = decided == Missing::kAllowed;
  return read;
}

void read_layers(Bytes* bytes, gln::NetworkOptions* options) {
  const std::size_t hidden = bytes->between(0, 3);
  for (std::size_t i = 0; i < hidden; ++i) {
    options->layer_sizes.push_back(bytes->rarely(6) ? bytes->one_of<std::size_t>({15, 17, 33, 70})
                                                    : bytes->between(1, 6));
  }
  options->layer_sizes.push_back(1);
  if (bytes->rarely(3)) {
    for (std::size_t i = 0; i <= hidden; ++i) {
      options->layer_rates.push_back(bytes->one_of({1.0f, 0.25f, 3.0f, 1e-20f, 1e10f}));
    }
  }
  if (bytes->rarely(3)) {
    options->averaged_layers = hidden;
  } else {
    options->switching = bytes->rarely(3);
  }
}

}  // namespace

float extreme_float(std::uint64_t bits) {
  const auto word = static_cast<std::uint32_t>(bits >> 16);
  float value;
  switch (bits % 8) {
    case 0:
      return std::numeric_limits<float>::max();
    case 1:
      return -std::numeric_limits<float>::max();
    case 2:
      return std::numeric_limits<float>::denorm_min();
    case 3:
      return -0.0f;
    case 4:
      return static_cast<float>(word % 16);
    default:
      std::memcpy(&value, &word, sizeof value);
      return std::isfinite(value) ? value : std::numeric_limits<float>::min();
  }
}

Shape read_shape(Bytes* bytes) {
  Shape shape;
  gln::NetworkOptions& options = shape.options;
  options.input_size = bytes->rarely(5) ? bytes->between(60, 140) : bytes->between(1, 20);
  read_layers(bytes, &options);
  options.networks = bytes->one_of<std::size_t>({1, 1, 3, 4});
  options.context_map_size = bytes->rarely(8) ? 7 : bytes->between(0, 4);
  options.bias = bytes->flag();
  options.context_bias = bytes->flag();
  options.context_bias_scale = bytes->one_of({1.0, 1.0, 1e-3, 1e6, 1e300});
  options.share_contexts = bytes->flag();
  options.always_chained = bytes->flag();
  options.hadamard = bytes->rarely(3);
  options.pred_clipping = bytes->one_of({1e-3, 0.01, 0.1, 0.499, 1e-7});
  options.weight_clipping = bytes->one_of({5.0, 1.0, 0.05, 1e-30, 1e6});
  options.batch = bytes->rarely(3);
  options.seed = bytes->next();
  options.side_input_size = options.input_size;
  shape.own_side_info = bytes->rarely(4);
  if (shape.own_side_info) options.side_input_size = bytes->between(1, 12);
  options.base_size = options.input_size;
  options.side_info_size = options.side_input_size;
  options.base_predictor = static_cast<gln::BasePredictor>(bytes->between(0, 2));
  shape.side_allows_missing = options.context_map_size == 0;
  if (bytes->flag()) {
    Stages base = read_stages(bytes, options.input_size, kDeepest);
    options.base_stages = std::move(base.stages);
    options.base_size = base.size;
    options.base_predictor = gln::BasePredictor::kLogits;
    shape.base_allows_missing = base.allows_missing;
    options.side_from_base = !shape.own_side_info && bytes->rarely(3);
  }
  if (options.side_from_base) {
    options.side_info_size = options.base_size;
    shape.side_allows_missing = shape.base_allows_missing;
  } else if (bytes->flag()) {
    Stages side = read_stages(bytes, options.side_input_size, kDeepest);
    options.side_stages = std::move(side.stages);
    options.side_info_size = side.size;
    shape.side_allows_missing = side.allows_missing;
  }
  if (!options.hadamard && bytes->rarely(3)) options.gate_features = bytes->between(1, 5);
  return shape;
}

Rows read_rows(Bytes* bytes, const Shape& shape, std::size_t count) {
  const gln::NetworkOptions& options = shape.options;
  Rows rows;
  rows.count = count;
  gln::Random random(bytes->next_word());
  const bool shared = !shape.own_side_info;
  const bool base_missing = shape.base_allows_missing && (!shared || shape.side_allows_missing);
  const std::size_t extremes = bytes->one_of<std::size_t>({0, 0, 1, 8, 64});  // in 64 values
  const std::size_t missing = bytes->one_of<std::size_t>({0, 4, 32});
  const bool unit = bytes->flag();
  const auto draw = [&](bool may_miss) {
    const std::uint64_t bits = random.next_bits();
    if (may_miss && bits % 64 < missing) return std::numeric_limits<float>::quiet_NaN();
    if ((bits >> 8) % 64 < extremes) return extreme_float(random.next_bits());
    return static_cast<float>(unit ? random.next_uniform() : 2.0 * random.next_normal());
  };
  rows.base.resize(count * options.input_size);
  for (float& value : rows.base) value = draw(base_missing);
  rows.side_info = rows.base;
  if (!shared) {
    rows.side_info.resize(count * options.side_input_size);
    for (float& value : rows.side_info) value = draw(shape.side_allows_missing);
  }
  if (options.base_stages.empty() && bytes->rarely(4)) {
    for (const float value : rows.base) {
      rows.precise.push_back(static_cast<double>(value) * (1.0 - 1e-9));
    }
  }
  const std::size_t classes = options.networks > 1 ? options.networks : 2;
  for (std::size_t row = 0; row < count; ++row) {
    rows.targets.push_back(static_cast<std::uint8_t>(random.next_bits() % classes));
  }
  rows.rate = bytes->one_of({0.01f, 0.01f, 1e-4f, 0.3f, 20.0f, 1e20f, 1e28f, 1e-40f, 0.0f});
  if (bytes->rarely(3)) {
    for (std::size_t row = 0; row < count; ++row) {
      const bool learned = random.next_bits() % 4 != 0;
      rows.rates.push_back(learned ? rows.rate * static_cast<float>(random.next_uniform()) : -1.0f);
    }
  }
  return rows;
}

gln::RunRequest Rows::request(const Shape& shape, bool learning) const {
  gln::RunRequest request;
  if (!precise.empty()) {
    request.precise_base = precise.data();
  } else {
    request.base = base.data();
  }
  request.side_info = shape.own_side_info ? side_info.data() : base.data();
  request.rows = count;
  if (!learning) return request;
  request.targets = {gln::Targets::Type::kUint8, targets.data()};
  request.rate = rate;
  if (!rates.empty()) request.rates = rates.data();
  return request;
}

}  // namespace fuzz
