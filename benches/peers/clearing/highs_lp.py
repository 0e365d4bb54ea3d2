"""Oracle: the linear programme of HiGHS (pip install highspy numpy) for one network, or for many small drawn ones.

    python3 highs_lp.py NETWORK            prints "value seconds"
    python3 highs_lp.py --check PROGRAM    draws small networks with PROGRAM (the example clear_speed), compares the optima

NETWORK is text: a line "nodes arcs", then "from to capacity value" per arc. An oracle that shares no idea with the solver;
as a peer it is far slower than the methods made for networks.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

import highspy
import numpy


def read(path):
    with open(path) as file:
        nodes, arcs = map(int, file.readline().split())
        table = numpy.loadtxt(file, dtype=numpy.int64, ndmin=2, max_rows=arcs) if arcs else numpy.zeros((0, 4))
    return nodes, table


def solve(nodes, table):
    """Greatest value of a circulation and the CPU seconds it took."""
    arcs = len(table)
    if arcs == 0:
        return 0, 0.0
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = arcs, nodes
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = table[:, 3].astype(float)
    model.col_lower_, model.col_upper_ = numpy.zeros(arcs), table[:, 2].astype(float)
    model.row_lower_ = model.row_upper_ = numpy.zeros(nodes)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = numpy.arange(0, 2 * arcs + 1, 2)
    model.a_matrix_.index_ = table[:, :2].astype(int).ravel()
    model.a_matrix_.value_ = numpy.tile([-1.0, 1.0], arcs)
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(model)
    begin = time.process_time()
    solver.run()
    seconds = time.process_time() - begin
    return round(solver.getInfo().objective_function_value), seconds


def compare(program):
    """Draws small networks of each kind and compares with what the program found."""
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "network.txt")
    compared = 0
    for kind in ("bank", "firm", "trade", "convert"):
        for seed in range(1, 26):
            told = subprocess.run([program, kind, str(40 * seed), str(seed), path], capture_output=True, text=True, check=True)
            ours = int(re.search(r"value (\d+)", told.stdout)[1])
            theirs, _ = solve(*read(path))
            # Double precision: the programme's optimum is exact to about 15 digits.
            if abs(ours - theirs) > max(1, theirs // 10**12):
                sys.exit(f"{kind} seed {seed}: {ours} here, {theirs} there")
            compared += 1
    print(f"{compared} networks agree")


if len(sys.argv) == 3 and sys.argv[1] == "--check":
    compare(sys.argv[2])
else:
    print("%d %.3f" % solve(*read(sys.argv[1])))
