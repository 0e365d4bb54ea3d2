"""Peer: SimpleMinCostFlow of OR-tools (pip install ortools numpy). CPU seconds to solve one network.

    python3 ortools_mcf.py NETWORK

NETWORK is text: a line "nodes arcs", then "from to capacity value" per arc. Prints "value seconds". The residual form is
solved (net positions routed at least cost), which it is faster at; building the graph is not counted.
"""

import sys
import time

import numpy
from ortools.graph.python import min_cost_flow


def main(path):
    with open(path) as file:
        nodes, arcs = map(int, file.readline().split())
        table = numpy.loadtxt(file, dtype=numpy.int64, ndmin=2, max_rows=arcs)
    start, end, cap, value = (table[:, column].copy() for column in range(4))
    back = value > 0
    tails, heads = numpy.where(back, end, start), numpy.where(back, start, end)
    supply = numpy.zeros(nodes, dtype=numpy.int64)
    numpy.add.at(supply, end[back], cap[back])
    numpy.subtract.at(supply, start[back], cap[back])
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tails, heads, cap, numpy.abs(value))
    solver.set_nodes_supplies(numpy.arange(nodes), supply)
    begin = time.process_time()
    status = solver.solve()
    seconds = time.process_time() - begin
    if status != solver.OPTIMAL:
        sys.exit(f"no optimum: {status}")
    gross = int((cap[back] * value[back]).sum())
    print(f"{gross - solver.optimal_cost()} {seconds:.3f}")


main(sys.argv[1])
