import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.louvain import communities


@st.composite
def graphs(draw):
    nodes = draw(st.integers(0, 25))
    pairs = st.tuples(st.integers(0, 24), st.integers(0, 24)).filter(
        lambda pair: pair[0] < pair[1] < nodes
    )
    weights = st.floats(0.1, 10, allow_nan=False)
    if nodes < 2:
        return nodes, []
    found = draw(st.dictionaries(pairs, weights, max_size=60))
    return nodes, [(one, other, weight) for (one, other), weight in sorted(found.items())]


def as_networkx(nodes, edges):
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from(edges)
    return graph


@given(graphs())
def test_every_node_is_in_one_community(graph):
    nodes, edges = graph

    found = communities(nodes, edges)

    assert sorted(node for some in found for node in some) == list(range(nodes))


@given(graphs())
def test_a_community_hangs_together(graph):
    nodes, edges = graph
    whole = as_networkx(nodes, edges)

    assert all(nx.is_connected(whole.subgraph(some)) for some in communities(nodes, edges))


@given(graphs())
def test_the_order_of_edges_does_not_matter(graph):
    nodes, edges = graph

    assert communities(nodes, reversed(edges)) == communities(nodes, edges)


@pytest.mark.parametrize(
    "graph",
    [
        nx.karate_club_graph(),
        nx.les_miserables_graph(),
        nx.connected_caveman_graph(8, 6),
        nx.planted_partition_graph(6, 20, 0.5, 0.02, seed=1),
        nx.barabasi_albert_graph(200, 3, seed=2),
    ],
    ids=["karate", "miserables", "caveman", "planted", "random"],
)
def test_communities_are_as_good_as_those_of_a_common_library(graph):
    graph = nx.convert_node_labels_to_integers(graph)
    edges = [(one, other, data.get("weight", 1.0)) for one, other, data in graph.edges(data=True)]

    ours = communities(len(graph), edges)

    theirs = [
        nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=seed))
        for seed in range(5)
    ]
    assert nx.community.modularity(graph, ours) >= sum(theirs) / len(theirs) - 0.01


def test_two_groups_with_a_bridge_are_two_communities():
    group = [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0), (3, 4, 1.0), (3, 5, 1.0), (4, 5, 1.0)]

    assert communities(7, [*group, (2, 3, 0.2)]) == [[0, 1, 2], [3, 4, 5], [6]]
