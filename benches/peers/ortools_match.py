#!/usr/bin/env python3
"""Solves a file of `muster dispatch instance` with OR-Tools' SimpleMinCostFlow, to compare with `muster dispatch solve`.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install ortools==9.15.6755 numpy
    /tmp/peers/bin/python benches/peers/ortools_match.py FILE [--runs 3]

Prints one JSON object a run: objective, seconds and cpu_seconds of the call of solve alone, peak_mib above the loaded file.
"""

import argparse
import json
import resource
import time

import numpy as np
from ortools.graph.python import min_cost_flow

parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("--runs", type=int, default=1)
args = parser.parse_args()


def memory(line):
    with open("/proc/self/status") as status:
        return next(int(row.split()[1]) / 1024 for row in status if row.startswith(line))


data = np.fromfile(args.file, dtype="<u4")
assert data[:2].tobytes() == b"MUSTERD1", "the file is none of `muster dispatch instance`"
needs, resources, pairs = (int(count) for count in data[2:5])
step = int(data[5])
at = 6


def column(count):
    global at
    at += count
    return data[at - count : at]


need_columns = [column(needs) for _ in range(6)]
resource_columns = [column(resources) for _ in range(9)]
head = need_columns[4].astype(np.int64)
capacity, _, group, recent = (values.astype(np.int64) for values in resource_columns[4:8])
starts = column(needs + 1).astype(np.int64)
to = column(pairs).astype(np.int32)
value = column(pairs).astype(np.int32).astype(np.int64)

# Every need to its resources, every task of a resource to the sink at its cost, and the sink for what stays open.
sink = needs + resources
# The k-th task costs step * ((recent + k - 1) // group): one arc for each run of tasks that cost the same.
owner = np.repeat(np.arange(resources), capacity)
nth = np.arange(owner.size) - np.repeat(np.cumsum(capacity) - capacity, capacity)
level = (recent[owner] + nth) // group[owner]
first = np.flatnonzero(np.r_[True, (owner[1:] != owner[:-1]) | (level[1:] != level[:-1])]) if owner.size else owner
room = np.diff(np.r_[first, owner.size])

tails = np.r_[np.repeat(np.arange(needs), np.diff(starts)), needs + owner[first], np.arange(needs)].astype(np.int32)
heads = np.r_[needs + to, np.full(first.size + needs, sink)].astype(np.int32)
rooms = np.r_[np.ones(pairs, np.int64), room, head]
costs = np.r_[-value, step * level[first], np.zeros(needs, np.int64)]
nodes = np.arange(sink + 1).astype(np.int32)
supplies = np.r_[head, np.zeros(resources, np.int64), -head.sum()]
del owner, nth, data

for _ in range(args.runs):
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")
    loaded = memory("VmRSS:")
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    flow.set_nodes_supplies(nodes, supplies)
    wall, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    status = flow.solve()
    seconds, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_SELF)
    assert status == flow.OPTIMAL, status
    print(
        json.dumps(
            {
                "objective": -flow.optimal_cost(),
                "seconds": round(seconds, 4),
                "cpu_seconds": round(after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime, 4),
                "peak_mib": round(memory("VmHWM:") - loaded, 1),
            }
        ),
        flush=True,
    )
    del flow
