#!/usr/bin/env python3
"""Solves files of `muster dispatch goods --seed N --out FILE` with OR-Tools' SimpleMinCostFlow and prints each objective.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install ortools==9.15.6755 numpy
    /tmp/peers/bin/python benches/peers/ortools_goods.py FILE ...

One line a file, as `muster dispatch goods FILE ...` prints it: the name and the objective.
"""

import sys

from ortools.graph.python import min_cost_flow

for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as file:
        rows = file.read().splitlines()
    mark, *counts = rows[0].split()
    assert mark == "MUSTERG1", f"{name} is none of `muster dispatch goods`"
    supplies, demands, lanes = (int(count) for count in counts)
    there = [int(word) for word in rows[1].split()]
    asked = [int(word) for word in rows[2].split()]
    flow = min_cost_flow.SimpleMinCostFlow()
    sink = supplies + demands
    for row in rows[3 : 3 + lanes]:
        supply, demand, room, value = (int(word) for word in row.split())
        flow.add_arc_with_capacity_and_unit_cost(supply, supplies + demand, room, -value)
    # What stays in stock goes straight to the sink, and what is not served is not asked for.
    for supply, units in enumerate(there):
        flow.add_arc_with_capacity_and_unit_cost(supply, sink, units, 0)
        flow.set_node_supply(supply, units)
    for demand, units in enumerate(asked):
        flow.add_arc_with_capacity_and_unit_cost(supplies + demand, sink, units, 0)
    flow.set_node_supply(sink, -sum(there))
    status = flow.solve()
    assert status == flow.OPTIMAL, (name, status)
    print(name, -flow.optimal_cost())
