"""Minimum-cost circulation by the network simplex method on strongly feasible trees, in exact integers.

A basis is a spanning tree hung from node 0 such that every node can push at least one more unit along its
tree path to the root ("strongly feasible").  Choosing the *last* blocking arc of each pivot cycle, in the
direction of the flow and counted from the apex, keeps the tree strongly feasible and rules out cycling.

W. H. Cunningham, "A network simplex method", Mathematical Programming 11 (1976) 105-116.
R. K. Ahuja, T. L. Magnanti and J. B. Orlin, "Network Flows", Prentice Hall 1993, chapter 11.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import add, itemgetter, sub

# Both constants steer the speed only, never the validity of the answer.
_BATCH = 1 << 15  # slots priced before the violations found among them are pivoted
_SHORT = 32  # rows shorter than this are priced together


def circulate(
    nodes: int, tails: Sequence[int], heads: Sequence[int], capacities: Sequence[int], costs: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Find a circulation of minimum cost, and potentials that prove it to be one.

    Arc ``a`` leads from node ``tails[a]`` to node ``heads[a]``, carries from 0 to ``capacities[a]`` units
    and costs ``costs[a]`` for each.  The four sequences are equally long; capacities are integers of at
    least 0, costs integers of any size and sign, nodes are numbered from 0 to ``nodes - 1``.

    The answer is the flow on each arc and the potential ``p`` of each node, with ``p[0] == 0``.  An arc of
    positive capacity with room left has ``cost + p[tail] - p[head] >= 0``, an arc with flow has
    ``cost + p[tail] - p[head] <= 0``; together these prove that no circulation is cheaper.

    >>> circulate(3, [0, 0, 1, 2], [1, 1, 2, 0], [2, 2, 3, 9], [-5, -1, 2, 1])
    ([2, 0, 2, 2], [0, -3, -1])

    With one node or without arcs the flow is zero.  Arcs of capacity zero carry nothing and may have any
    reduced cost.  Parallel arcs fill from the cheapest upward, equal ones in the order given; a self-loop of
    negative cost is filled.  A cycle of negative cost is filled as far as capacities allow, whether or not
    it meets node 0.  A node that no capacity joins to node 0 gets a valid potential all the same.  Equal input
    gives equal answers, and multiplying all costs by one positive number leaves the flows as they are.

    The input is trusted: nothing is checked, and no errors are raised for input as described.

    Source: Cunningham (1976); Ahuja, Magnanti and Orlin (1993), chapter 11.
    """
    simplex = _Simplex(nodes, tails, heads, capacities, costs)
    simplex.solve()
    return simplex.flows(), simplex.potential


class _Group:
    """Slots that are priced together: one long row (the slots out of one node), or many short rows."""

    def __init__(self, slots: list[int], tails: list[int], heads: list[int], costs: list[int]):
        self.slots = slots
        self.costs = costs  # of the next arc to fill in each slot
        self.back: dict[int, int] = {}  # slot -> cost of the last arc filled, for slots with full arcs
        # The added 0 makes the getters return a tuple even for one slot; ``map`` ignores it.
        self.at_heads: Callable[[list[int]], tuple[int, ...]] = itemgetter(*heads, 0)
        self.at_tails: Callable[[list[int]], tuple[int, ...]] = itemgetter(*tails, 0)
        self.single = tails[0] if tails[0] == tails[-1] else -1


class _Simplex:
    """The state of one run.

    All arcs from one node to another form a *slot*, named by its first arc.  Its arcs, sorted by cost, fill
    in that order, so ``filled`` (how many are full, not counting the one in the tree) says all about those
    outside the tree.  A residual arc is coded as ``slot`` along and ``~slot`` against the slot's direction.
    Node ``x`` has a tree arc to ``parent[x]`` with code ``code[x]`` as seen from ``x``, and residuals
    ``up[x]`` towards the parent and ``down[x]`` from it.
    """

    def __init__(
        self,
        nodes: int,
        tails: Sequence[int],
        heads: Sequence[int],
        capacities: Sequence[int],
        costs: Sequence[int],
    ):
        self.nodes, self.arcs = nodes, len(tails)
        self.tails, self.heads, self.costs = tails, heads, costs
        self.room = list(capacities)
        self.segments: dict[int, list[int]] = {}  # for slots of more than one arc
        self.filled: dict[int, int] = {}
        # Heavier than any difference of potentials of real arcs, so that an artificial arc stays empty.
        self.heavy = 8 * sum(map(abs, costs)) + 1
        self.never = 4 * self.heavy
        rows = self._gather()
        self._loosen(rows)
        self._group(rows)
        self._plant(rows)

    def _gather(self) -> list[dict[int, int]]:
        """Sort the arcs into slots: for each node, its slots by head."""
        rows: list[dict[int, int]] = [{} for _ in range(self.nodes)]
        segments = self.segments
        for arc, (tail, head, room) in enumerate(zip(self.tails, self.heads, self.room, strict=True)):
            if room and tail != head:
                slot = rows[tail].setdefault(head, arc)
                if slot != arc:
                    segments.setdefault(slot, [slot]).append(arc)
        for arcs in segments.values():
            arcs.sort(key=self.costs.__getitem__)
        return rows

    def _loosen(self, rows: list[dict[int, int]]) -> None:
        """Widen arcs that other arcs keep from overflowing: never blocking, they make for fewer pivots.

        An arc as wide as all that enters its tail, or leaves its head, can be one wider: no circulation
        uses the added unit.  Taking this one arc at a time keeps each step true given those before it.
        """
        room = self.room
        inflow = [0] * self.nodes
        outflow = [0] * self.nodes
        for tail, row in enumerate(rows):
            for head, slot in row.items():
                width = room[slot]
                if slot in self.segments:
                    width = sum(room[arc] for arc in self.segments[slot])
                inflow[head] += width
                outflow[tail] += width
        for tail, row in enumerate(rows):
            limit = inflow[tail]
            for head, slot in row.items():
                width = room[slot]
                if (width >= limit or width >= outflow[head]) and slot not in self.segments:
                    room[slot] = width + 1
                    inflow[head] += 1
                    outflow[tail] += 1

    def _group(self, rows: list[dict[int, int]]) -> None:
        self.group_of: dict[int, _Group] = {}
        self.place: dict[int, int] = {}
        self.groups: list[_Group] = []
        short: list[int] = []
        width = 0
        for tail, row in enumerate(rows):
            if tail == 0 or len(row) >= _SHORT:
                self._add_group(rows, [tail])
            elif row:
                short.append(tail)
                width += len(row)
                if width >= _BATCH:
                    self._add_group(rows, short)
                    short, width = [], 0
        self._add_group(rows, short)

    def _add_group(self, rows: list[dict[int, int]], members: list[int]) -> None:
        slots = [slot for tail in members for slot in rows[tail].values()]
        if not slots:
            return
        heads = [head for tail in members for head in rows[tail]]
        tails = [tail for tail in members for _ in rows[tail]]
        costs = list(map(self.costs.__getitem__, slots))
        self.place.update(zip(slots, range(len(slots)), strict=True))
        if self.segments:
            for i, slot in enumerate(slots):
                if slot in self.segments:
                    costs[i] = self.costs[self.segments[slot][0]]
        group = _Group(slots, tails, heads, costs)
        self.groups.append(group)
        for tail in members:
            self.group_of[tail] = group

    def _plant(self, rows: list[dict[int, int]]) -> None:
        """Hang every node on a cheapest arc to a node nearer the root (in arcs), all flow being zero."""
        count = self.nodes
        self.potential = potential = [-self.never] * count
        self.potential[0] = 0
        self.parent = [0] * count
        self.code = list(range(self.arcs, self.arcs + count))  # artificial arcs to the root
        self.endless = 1 + sum(self.room)
        self.up = [self.endless] * count
        self.down = [0] * count
        self.depth = [1] * count
        self.children: list[dict[int, None]] = [{} for _ in range(count)]
        entering: list[list[int]] = [[] for _ in range(count)]
        for tail, row in enumerate(rows):
            for head in row:
                entering[head].append(tail)
        seen = [True] + [False] * (count - 1)
        level, depth = [0], 0
        while level:
            depth += 1
            below: list[int] = []
            for head in level:
                for tail in entering[head]:
                    if not seen[tail]:
                        seen[tail] = True
                        below.append(tail)
            labels = [self._hang(tail, depth, rows[tail], turn) for turn, tail in enumerate(below)]
            for tail, label in zip(below, labels, strict=True):
                potential[tail] = label
            level = below
        for node in range(1, count):
            if not seen[node]:
                potential[node] = -self.heavy
            self.children[self.parent[node]][node] = None
        self.depth[0] = 0

    def _hang(self, tail: int, depth: int, row: dict[int, int], turn: int) -> int:
        """Hang one node on the best head that has a label; return its own label."""
        potential = self.potential
        slots = list(row.values())
        group = self.group_of[tail]
        first = self.place[slots[0]]
        labels = [potential[head] for head in row]
        price: list[int] = list(map(sub, group.costs[first : first + len(slots)], labels))
        least = min(price)
        # Equally good heads take turns, so that not all nodes hang on the same one.
        turn %= len(price)
        best = price.index(least, turn) if least in price[turn:] else price.index(least)
        slot = slots[best]
        self.parent[tail] = self.heads[slot]
        self.code[tail] = slot
        self.up[tail] = self.room[self.segments[slot][0] if slot in self.segments else slot]
        self.depth[tail] = depth
        return -least

    def solve(self) -> None:
        """Price the groups in turn and pivot what violates, until a full round finds nothing."""
        groups = self.groups
        clean = priced = at = 0
        found: list[tuple[int, int]] = []
        while clean < len(groups):
            group = groups[at]
            found += self._violations(group)
            clean += 1
            at += 1
            priced += len(group.slots)
            if at == len(groups):
                at = 0
            if found and (priced >= _BATCH or at == 0 or clean == len(groups)):
                self._settle(found)
                found = []
                clean = priced = 0

    def _violations(self, group: _Group) -> list[tuple[int, int]]:
        """Residual arcs of negative reduced cost; of a long row other than the root's only the worst."""
        potential = self.potential
        reduced = list(map(sub, group.costs, group.at_heads(potential)))
        if group.single > 0:
            level = -potential[group.single]
            least = min(reduced)
            found = [(least - level, group.slots[reduced.index(least)])] if least < level else []
        else:
            if group.single < 0:
                reduced = list(map(add, reduced, group.at_tails(potential)))
            found = [(value, slot) for value, slot in zip(reduced, group.slots, strict=True) if value < 0]
        if group.back:
            tails, heads = self.tails, self.heads
            for slot, cost in group.back.items():
                value = potential[heads[slot]] - potential[tails[slot]] - cost
                if value < 0:
                    found.append((value, ~slot))
        return found

    def _settle(self, found: list[tuple[int, int]]) -> None:
        """Pivot violations, the worst first, and look at the root's row again now and then."""
        root = self.group_of.get(0)
        patience = 16 + len(root.slots) ** 2 // len(self.place) if root else 0
        due = 0
        for _, code in sorted(found):
            due += self._enter(code)
            if due >= patience and root:
                due = 0
                for _, again in sorted(self._violations(root)):
                    self._enter(again)

    def _fill(self, slot: int, by: int) -> None:
        """Count so many more arcs of the slot as full."""
        arcs = self.segments.get(slot) or [slot]
        count = self.filled[slot] = self.filled.get(slot, 0) + by
        group = self.group_of[self.tails[slot]]
        group.costs[self.place[slot]] = self.costs[arcs[count]] if count < len(arcs) else self.never
        if count:
            group.back[slot] = self.costs[arcs[count - 1]]
        else:
            group.back.pop(slot, None)

    def _enter(self, code: int) -> bool:
        """Pivot on a residual arc if its reduced cost is negative; say whether it was."""
        potential, costs, tails, heads = self.potential, self.costs, self.tails, self.heads
        if code >= 0:
            slot, step, near, far = code, 1, tails[code], heads[code]
            index = self.filled.get(slot, 0)
        else:
            slot, step, near, far = ~code, -1, heads[~code], tails[~code]
            index = self.filled.get(slot, 0) - 1
        arcs = self.segments.get(slot) or [slot]
        if not 0 <= index < len(arcs):
            return False
        shift = step * costs[arcs[index]] + potential[near] - potential[far]
        if shift >= 0:
            return False
        # The cycle runs from the apex down to ``near``, over the entering arc, and from ``far`` up again;
        # of the arcs with the least residual, the last in this order leaves.
        parent, up, down, depth = self.parent, self.up, self.down, self.depth
        low, high = near, far
        low_cut = high_cut = 0
        low_limit = high_limit = self.endless
        while low != high:
            if depth[low] > depth[high]:
                if down[low] < low_limit:
                    low_limit = down[low]
                    low_cut = low
                low = parent[low]
            else:
                if up[high] <= high_limit:
                    high_limit = up[high]
                    high_cut = high
                high = parent[high]
        far_side = high_limit <= low_limit
        limit = high_limit if far_side else low_limit
        # An entering arc that blocks before the tree does is filled (or emptied) without changing the
        # tree, and the next one in its slot takes its turn.
        push, start, room = 0, index, self.room[arcs[index]]
        while shift < 0 and (room < limit or (room == limit and not far_side)):
            push += room
            limit -= room
            index += step
            if 0 <= index < len(arcs):
                room = self.room[arcs[index]]
                shift += step * (costs[arcs[index]] - costs[arcs[index - step]])
            else:
                shift = 0
        pivot = shift < 0
        if pivot:
            push += limit
        if push:
            self._push(near, low, push, up, down)
            self._push(far, low, push, down, up)
        # Entering against the slot's direction, an arc stops being full.
        change = index - start - (pivot and step < 0)
        if change:
            self._fill(slot, change)
        if pivot:
            self._drop(high_cut if far_side else low_cut)
            if far_side:
                self._move(high_cut, far, near, ~code, limit, room - limit, shift)
            else:
                self._move(low_cut, near, far, code, room - limit, limit, -shift)
        return True

    def _push(self, node: int, apex: int, amount: int, gaining: list[int], losing: list[int]) -> None:
        parent = self.parent
        while node != apex:
            gaining[node] += amount
            losing[node] -= amount
            node = parent[node]

    def _drop(self, leaving: int) -> None:
        """Book the arc above ``leaving`` as full if it is; an artificial arc is gone for good."""
        code = self.code[leaving]
        if code < 0:
            if not self.down[leaving]:
                self._fill(~code, 1)
        elif code < self.arcs and not self.up[leaving]:
            self._fill(code, 1)

    def _move(self, leaving: int, node: int, onto: int, code: int, up: int, down: int, shift: int) -> None:
        """Cut the subtree under ``leaving`` and hang it by ``node``; shift its potentials."""
        parent, codes, ups, downs = self.parent, self.code, self.up, self.down
        children, depth, potential = self.children, self.depth, self.potential
        moved = [node]
        while True:
            above = parent[node]
            del children[above][node]
            children[onto][node] = None
            parent[node] = onto
            code, codes[node] = ~codes[node], code
            up, ups[node], down, downs[node] = downs[node], up, ups[node], down
            if node == leaving:
                break
            onto, node = node, above
        for node in moved:
            potential[node] += shift
            depth[node] = depth[parent[node]] + 1
            moved += children[node]

    def flows(self) -> list[int]:
        """Read the flow on each arc off the tree and the full arcs outside it."""
        flow = [0] * self.arcs
        for arc, (tail, head) in enumerate(zip(self.tails, self.heads, strict=True)):
            if tail == head and self.costs[arc] < 0:
                flow[arc] = self.room[arc]
        for slot, count in self.filled.items():
            for arc in (self.segments.get(slot) or [slot])[:count]:
                flow[arc] = self.room[arc]
        for node in range(1, self.nodes):
            code = self.code[node]
            slot, carried = (code, self.down[node]) if code >= 0 else (~code, self.up[node])
            if slot < self.arcs:
                arcs = self.segments.get(slot) or [slot]
                flow[arcs[self.filled.get(slot, 0)]] = carried
        return flow
