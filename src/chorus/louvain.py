"""Communities of a weighted graph by Louvain's method, without chance.

Each node joins the neighbour's community by which modularity gains most; then communities become
nodes, until nothing gains. Nodes are visited in their order and ties go to the first community, so
the same graph always gives the same answer; no seed is needed.

Source: Blondel, Guillaume, Lambiotte and Lefebvre, Fast Unfolding of Communities in Large Networks,
Journal of Statistical Mechanics, 2008.
"""

from collections import defaultdict
from collections.abc import Iterable

Edge = tuple[int, int, float]

# A gain below this is rounding, not structure.
_LEAST_GAIN = 1e-9


def communities(nodes: int, edges: Iterable[Edge]) -> list[list[int]]:
    """Return the communities of nodes 0, 1, ..., each sorted, by their first node.

    Edges are (one, other, weight above 0), each pair once; a node without any stands alone.
    """
    graph = _Graph.of(nodes, edges)
    members = [[node] for node in range(nodes)]
    while True:
        community_of = graph.moved()
        numbers = {old: new for new, old in enumerate(dict.fromkeys(community_of))}
        if len(numbers) == len(members):
            return sorted(sorted(some) for some in members)
        joined: list[list[int]] = [[] for _ in numbers]
        for node, community in enumerate(community_of):
            joined[numbers[community]] += members[node]
        graph = graph.folded([numbers[community] for community in community_of], len(numbers))
        members = joined


class _Graph:
    """Neighbours with weights; `loops` are twice the weights inside a node made of several."""

    def __init__(self, neighbours: list[dict[int, float]], loops: list[float]) -> None:
        self.neighbours = neighbours
        self.loops = loops
        self.degrees = [
            sum(some.values()) + loop for some, loop in zip(neighbours, loops, strict=True)
        ]
        self.total = sum(self.degrees)

    @classmethod
    def of(cls, nodes: int, edges: Iterable[Edge]) -> "_Graph":
        neighbours: list[dict[int, float]] = [{} for _ in range(nodes)]
        for one, other, weight in edges:
            neighbours[one][other] = neighbours[other][one] = weight
        return cls(neighbours, [0.0] * nodes)

    def moved(self) -> list[int]:
        """Return the community of each node once no node gains by moving."""
        community_of = list(range(len(self.neighbours)))
        inside = list(self.degrees)
        has_moved = self.total > 0
        while has_moved:
            has_moved = False
            for node in range(len(self.neighbours)):
                best = self._best(node, community_of, inside)
                if best != community_of[node]:
                    inside[community_of[node]] -= self.degrees[node]
                    inside[best] += self.degrees[node]
                    community_of[node] = best
                    has_moved = True
        return community_of

    def _best(self, node: int, community_of: list[int], inside: list[float]) -> int:
        links: dict[int, float] = defaultdict(float)
        for neighbour, weight in self.neighbours[node].items():
            links[community_of[neighbour]] += weight
        own, degree = community_of[node], self.degrees[node]
        best = own
        gain = links.get(own, 0.0) - (inside[own] - degree) * degree / self.total
        for community in sorted(links):
            if community != own:
                other = links[community] - inside[community] * degree / self.total
                if other > gain + _LEAST_GAIN:
                    best, gain = community, other
        return best

    def folded(self, number_of: list[int], size: int) -> "_Graph":
        """Return the graph whose nodes are communities."""
        neighbours: list[dict[int, float]] = [{} for _ in range(size)]
        loops = [0.0] * size
        for node, some in enumerate(self.neighbours):
            one = number_of[node]
            loops[one] += self.loops[node]
            for neighbour, weight in some.items():
                other = number_of[neighbour]
                if other == one:
                    loops[one] += weight
                else:
                    neighbours[one][other] = neighbours[one].get(other, 0.0) + weight
        return _Graph(neighbours, loops)
