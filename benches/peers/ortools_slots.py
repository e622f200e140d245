#!/usr/bin/env python3
"""Makes small matching problems with parts of the week and needs that want all their helpers or none, and solves them with OR-Tools.

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install ortools==9.15.6755
    /tmp/peers/bin/python benches/peers/ortools_slots.py > crates/core/tests/dispatch_slots.txt

A problem a block: `step`, then lines `r capacity recent group at_once`, `n head slot`, pairs of the need before `p resource value told`, and
`best FLOW WHOLE`: the optimum of SimpleMinCostFlow with a node for each (resource, part), and that of CP-SAT without the
parts when every need wants all its helpers or none. Those told are held in the first.
"""

import random

from ortools.graph.python import min_cost_flow
from ortools.sat.python import cp_model


def problem(rng):
    step = rng.choice([0, 1, 3, 300])
    big = step == 300
    resources = [
        (rng.randint(0, 6), rng.randint(0, 3), rng.choice([1, 1, 2, 5]), rng.choice([1, 1, 1, 2])) for _ in range(rng.randint(2, 8))
    ]
    needs = []
    for _ in range(rng.randint(3, 14)):
        some = [r for r in range(len(resources)) if rng.random() < 0.6]
        value = lambda: rng.randint(-500, 20000) if big else rng.randint(-1, 9)
        needs.append((rng.choice([1, 1, 1, 2, 2, 3]), rng.randint(0, 2), [(r, value()) for r in some]))
    # Told pairs keep every bound.
    told = set()
    load, filled, parts = {}, {}, {}
    for need, (head, slot, pairs) in enumerate(needs):
        for r, _ in pairs:
            if rng.random() < 0.1 and load.get(r, 0) < resources[r][0] and filled.get(need, 0) < head:
                if parts.get((r, slot), 0) < resources[r][3]:
                    told.add((need, r))
                    load[r] = load.get(r, 0) + 1
                    filled[need] = filled.get(need, 0) + 1
                    parts[r, slot] = parts.get((r, slot), 0) + 1
    return step, resources, needs, told


def with_parts(step, resources, needs, told):
    flow = min_cost_flow.SimpleMinCostFlow()
    forced = 10**7
    leaves = {}
    sink = len(needs) + len(resources)
    nodes = sink + 1
    for need, (head, slot, pairs) in enumerate(needs):
        flow.add_arc_with_capacity_and_unit_cost(need, sink, head, 0)
        flow.set_node_supply(need, head)
        for r, value in pairs:
            if (r, slot) not in leaves:
                leaves[r, slot] = nodes
                flow.add_arc_with_capacity_and_unit_cost(nodes, len(needs) + r, resources[r][3], 0)
                nodes += 1
            extra = forced if (need, r) in told else 0
            flow.add_arc_with_capacity_and_unit_cost(need, leaves[r, slot], 1, -value - extra)
    for r, (capacity, recent, group, _) in enumerate(resources):
        for nth in range(capacity):
            flow.add_arc_with_capacity_and_unit_cost(len(needs) + r, sink, 1, step * ((recent + nth) // group))
    flow.set_node_supply(sink, -sum(head for head, _, _ in needs))
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost() - forced * len(told)


def whole(step, resources, needs):
    model = cp_model.CpModel()
    gains, loads = [], [[] for _ in resources]
    for need, (head, _, pairs) in enumerate(needs):
        served = model.new_bool_var("")
        chosen = [model.new_bool_var("") for _ in pairs]
        model.add(sum(chosen) == head * served)
        for x, (r, value) in zip(chosen, pairs):
            gains.append(value * x)
            loads[r].append(x)
    for r, (capacity, recent, group, _) in enumerate(resources):
        tasks = [model.new_bool_var("") for _ in range(capacity)]
        model.add(sum(tasks) == sum(loads[r]))
        gains += [-step * ((recent + nth) // group) * y for nth, y in enumerate(tasks)]
    model.maximize(sum(gains))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    return round(solver.objective_value)


rng = random.Random(20260101)
for _ in range(100):
    step, resources, needs, told = problem(rng)
    print("step", step)
    for resource in resources:
        print("r", *resource)
    for need, (head, slot, pairs) in enumerate(needs):
        print("n", head, slot)
        for r, value in pairs:
            print("p", r, value, int((need, r) in told))
    print("best", with_parts(step, resources, needs, told), whole(step, resources, needs))
