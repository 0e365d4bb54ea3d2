// Peers of LEMON (https://lemon.cs.elte.hu, Debian package liblemon-dev): CPU seconds to solve one network.
//
//   g++ -O3 -march=native -o lemon lemon.cpp && ./lemon NETWORK simplex|costscaling|capacityscaling [cleared|residual]
//
// NETWORK is text: a line "nodes arcs", then "from to capacity value" per arc. Prints "value seconds". Two forms of the same
// problem: "cleared" maximises the circulation itself, "residual" routes the net positions at least cost. Building the graph
// is not counted, which is to the peer's advantage.
#include <lemon/capacity_scaling.h>
#include <lemon/cost_scaling.h>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <vector>

using Graph = lemon::SmartDigraph;
using Amounts = Graph::ArcMap<long long>;

static double cpu_seconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec * 1e-9;
}

template <class Method>
static int solve(Graph& graph, Amounts& cap, Amounts& cost, Graph::NodeMap<long long>& supply, long long gross) {
    Method method(graph);
    method.upperMap(cap).costMap(cost).supplyMap(supply);
    double start = cpu_seconds();
    auto answer = method.run();
    double seconds = cpu_seconds() - start;
    if (answer != Method::OPTIMAL) {
        fprintf(stderr, "no optimum\n");
        return 1;
    }
    printf("%lld %.3f\n", gross - method.template totalCost<long long>(), seconds);
    return 0;
}

int main(int argc, char** argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: lemon NETWORK simplex|costscaling|capacityscaling [cleared|residual]\n");
        return 2;
    }
    bool residual = argc > 3 && strcmp(argv[3], "residual") == 0;
    FILE* file = fopen(argv[1], "r");
    int nodes, arcs;
    if (!file || fscanf(file, "%d %d", &nodes, &arcs) != 2) return 2;
    Graph graph;
    graph.reserveNode(nodes);
    graph.reserveArc(arcs);
    for (int i = 0; i < nodes; i++) graph.addNode();
    std::vector<long long> caps(arcs), costs(arcs), excess(nodes, 0);
    long long gross = 0;
    for (int i = 0; i < arcs; i++) {
        int from, to;
        long long units, value;
        if (fscanf(file, "%d %d %lld %lld", &from, &to, &units, &value) != 4) return 2;
        caps[i] = units;
        costs[i] = -value;
        if (residual && value > 0) {
            // Starts full: what is routed back from `to` to `from` costs its value.
            graph.addArc(graph.nodeFromId(to), graph.nodeFromId(from));
            costs[i] = value;
            excess[to] += units;
            excess[from] -= units;
            gross += units * value;
        } else {
            graph.addArc(graph.nodeFromId(from), graph.nodeFromId(to));
        }
    }
    fclose(file);
    Amounts cap(graph), cost(graph);
    Graph::NodeMap<long long> supply(graph);
    for (int i = 0; i < arcs; i++) {
        cap[graph.arcFromId(i)] = caps[i];
        cost[graph.arcFromId(i)] = costs[i];
    }
    for (int i = 0; i < nodes; i++) supply[graph.nodeFromId(i)] = excess[i];
    if (!strcmp(argv[2], "simplex")) return solve<lemon::NetworkSimplex<Graph, long long>>(graph, cap, cost, supply, gross);
    if (!strcmp(argv[2], "costscaling")) return solve<lemon::CostScaling<Graph, long long>>(graph, cap, cost, supply, gross);
    if (!strcmp(argv[2], "capacityscaling"))
        return solve<lemon::CapacityScaling<Graph, long long>>(graph, cap, cost, supply, gross);
    return 2;
}
