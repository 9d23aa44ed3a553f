"""The process that measures one model in Python: reads a job as JSON from its
standard input, prints its answer as one line of JSON (bench/peers/protocol.ts).

Exit status 3 tells that a library is not installed, and the last line on standard
error which one.
"""

import importlib
import json
import re
import sys
import time
import warnings

MODELS = {
    "gln-numpy": ("gln_numpy", "NumpyGln"),
    "gln-torch": ("gln_torch", "TorchGln"),
    "sgd": ("scikit", "OnlineLinear"),
    "sgd-by-row": ("scikit", "OnlineLinearByRow"),
    "boosted-trees": ("scikit", "BoostedTrees"),
}

# Quick models learn the rows again, each time a new one, until it took so long.
LEAST_SECONDS = 0.3

# Rows of the warm-up, which a model of its own learns and predicts.
WARM_UP_ROWS = 200
MISSING_STATUS = 3


def peak_memory():
    """Largest resident memory of this process in bytes; None where nobody tells."""
    try:
        # The system's other figure is inherited from the process that started this one.
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            found = re.search(r"^VmHWM:\s+(\d+) kB$", status.read(), re.MULTILINE)
            return 1024 * int(found.group(1))
    except (OSError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def learn_all(model, part):
    """Learns a part once. Returns seconds, seconds of processor time of all threads,
    and, of online models, what was predicted.
    """
    import numpy as np

    cpu, start = time.process_time(), time.perf_counter()
    answers = []
    if model.rows_a_call is None:
        model.fit(part.rows, part.labels)
    else:
        for first in range(0, len(part.labels), model.rows_a_call):
            block = part.slice(first, first + model.rows_a_call)
            answers.append(model.learn(block.rows, block.labels))
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    learned = [np.concatenate(kind) for kind in zip(*answers)]
    return seconds, cpu_seconds, learned or None


def predict_all(model, part):
    """Returns seconds and what was predicted."""
    start = time.perf_counter()
    answers = model.predict(part.rows)
    return time.perf_counter() - start, answers


def measure(job):
    module, name = MODELS[job["model"]]
    make = getattr(importlib.import_module(module), name)
    from job import read_parts, write_results

    learn, test = read_parts(job)
    before = peak_memory()
    first = make(job)
    warm_up = learn.slice(0, WARM_UP_ROWS)
    learn_all(first, warm_up)
    predict_all(first, warm_up)

    model = make(job)
    *times, learned = learn_all(model, learn)
    predict_seconds, tested = predict_all(model, test)
    peak = peak_memory()
    passes = [times]
    while sum(seconds for seconds, _ in passes) < LEAST_SECONDS:
        *times, _ = learn_all(make(job), learn)
        passes.append(times)
    learn_seconds, learn_cpu_seconds = (sum(kind) / len(passes) for kind in zip(*passes))
    if learned is not None:
        write_results(job, "learn", *learned)
    write_results(job, "test", *tested)
    return {
        "version": model.version,
        "rowsACall": model.rows_a_call or len(learn.labels),
        "online": learned is not None,
        "learnSeconds": learn_seconds,
        "learnCpuSeconds": learn_cpu_seconds,
        "predictSeconds": predict_seconds,
        "peakBytes": peak,
        "addedBytes": None if peak is None else peak - before,
    }


def main():
    # Iterations that ran out, features without names: figures are what counts here.
    warnings.filterwarnings("ignore")
    job = json.load(sys.stdin)
    try:
        answer = measure(job)
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed", file=sys.stderr)
        sys.exit(MISSING_STATUS)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
