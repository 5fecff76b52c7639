"""Minimum-cost circulation by the network simplex method on strongly feasible trees, in exact integers.

A basis is a spanning tree hung from node 0 such that every node can push at least one more unit along its
tree path to the root ("strongly feasible").  Choosing the *last* blocking arc of each pivot cycle, in the
direction of the flow and counted from the apex, keeps the tree strongly feasible and rules out cycling.

W. H. Cunningham, "A network simplex method", Mathematical Programming 11 (1976) 105-116.
R. K. Ahuja, T. L. Magnanti and J. B. Orlin, "Network Flows", Prentice Hall 1993, chapter 11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import add, eq, gt, indexOf, itemgetter, lt, neg, sub

# These steer the speed only, never the validity of the answer.
_BATCH = 1 << 11  # slots priced before the violations found among them are pivoted
_SHORT = 4  # rows shorter than this are priced together
_PATIENCE = 16  # so many slots at the root allow for one pivot before they are priced again

_Getter = Callable[[list[int]], tuple[int, ...]]
_Rows = list[dict[int, int]]  # for each node: head -> slot


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


class _Bundle:
    """Slots of any tails and heads that are priced together, each of them."""

    def __init__(self, slots: list[int], tails: list[int], heads: list[int], costs: list[int], never: int):
        self.slots = slots
        self.width = len(slots)
        self.place = dict(zip(slots, range(len(slots)), strict=True))
        self.ahead = costs  # of the next arc to fill in each slot
        self.back = [-never] * len(slots)  # of the last arc filled
        # The added 0 makes the getters return a tuple even for one slot; ``map`` ignores it.
        self.at_heads: _Getter | None = itemgetter(*heads, 0) if any(heads) else None
        self.at_tails: _Getter | None = itemgetter(*tails, 0) if any(tails) else None

    def violations(self, potential: list[int]) -> list[tuple[int, int]]:
        """Return the residual arcs of negative reduced cost, coded, each after that cost."""
        if not self.at_tails:
            rises: Sequence[int] = self.at_heads(potential) if self.at_heads else ()
        elif not self.at_heads:
            rises = list(map(neg, self.at_tails(potential)))
        else:
            rises = list(map(sub, self.at_heads(potential), self.at_tails(potential)))
        found = []
        if True in map(lt, self.ahead, rises):
            slots = zip(self.ahead, rises, self.slots, strict=False)
            found = [(cost - rise, slot) for cost, rise, slot in slots if cost < rise]
        if True in map(gt, self.back, rises):
            slots = zip(self.back, rises, self.slots, strict=False)
            found += [(rise - cost, ~slot) for cost, rise, slot in slots if cost > rise]
        return found

    def fill(self, tail: int, slot: int, ahead: int, back: int) -> None:
        """Note what the next arc of a slot costs, and the last one filled."""
        place = self.place[slot]
        self.ahead[place] = ahead
        self.back[place] = back


class _Panel:
    """Rows with the same heads, of which only the worst slot counts; what the heads say is looked up once for all."""

    def __init__(
        self, tails: list[int], heads: Sequence[int], slots: list[list[int]], costs: list[list[int]], never: int
    ):
        self.slots = slots
        self.width = len(slots) * len(heads)
        self.row_of = {tail: n for n, tail in enumerate(tails)}
        self.never = never
        self.ahead = costs
        self.back: dict[int, dict[int, int]] = {}  # for rows with full arcs: place -> cost of the last one
        self.at_heads: _Getter = itemgetter(*heads, 0)
        self.at_tails: _Getter = itemgetter(*tails, 0)
        self.seen: tuple[int, ...] = ()  # the potentials of the heads for which these two hold
        self.least: list[int] = []
        self.most: dict[int, int] = {}

    def violations(self, potential: list[int]) -> list[tuple[int, int]]:
        """Return the worst residual arc of each row in both directions, if it violates, coded, after its cost."""
        levels, own = self.at_heads(potential), self.at_tails(potential)
        if levels != self.seen:
            self.seen = levels
            self.least = [min(map(sub, row, levels)) for row in self.ahead]
            self.most = {n: max(self._backwards(n)) for n in self.back}
        found = []
        reduced = list(map(add, self.least, own))
        if min(reduced) < 0:
            for n, value in enumerate(reduced):
                if value < 0:
                    found.append((value, self.slots[n][indexOf(map(sub, self.ahead[n], levels), self.least[n])]))
        for n, most in self.most.items():
            if most + own[n] > 0:
                place = list(self.back[n])[indexOf(self._backwards(n), most)]
                found.append((-most - own[n], ~self.slots[n][place]))
        return found

    def _backwards(self, n: int) -> Iterator[int]:
        """Return what the full arcs of a row are worth, less what their heads say."""
        row = self.back[n]
        return map(sub, row.values(), map(self.seen.__getitem__, row))

    def fill(self, tail: int, slot: int, ahead: int, back: int) -> None:
        """Note what the next arc of a slot costs, and the last one filled."""
        n = self.row_of[tail]
        place = self.slots[n].index(slot)
        self.ahead[n][place] = ahead
        row = self.back.setdefault(n, {})
        if back == -self.never:
            row.pop(place, None)
        else:
            row[place] = back
        if not row:
            del self.back[n]
            self.most.pop(n, None)
        if self.seen:
            self.least[n] = min(map(sub, self.ahead[n], self.seen))
            if row:
                self.most[n] = max(self._backwards(n))


class _Simplex:
    """The state of one run.

    All arcs from one node to another form a *slot*, named by its first arc.  Its arcs, sorted by cost, fill
    in that order, so ``filled`` (how many are full, not counting the one in the tree) says all about those
    outside the tree.  A residual arc is coded as ``slot`` along and ``~slot`` against the slot's direction.
    Each slot is priced in a group, a bundle or a panel, that knows the costs of its next arc and of the last full one.
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

    def _gather(self) -> _Rows:
        """Sort the arcs into slots: for each node, its slots by head."""
        rows: _Rows = [{} for _ in range(self.nodes)]
        segments, heads, room = self.segments, self.heads, self.room
        start = 0
        for tail, run in groupby(self.tails):
            stop = start + len(list(run))
            row = dict(zip(heads[start:stop], range(start, stop), strict=True))
            if not rows[tail] and len(row) == stop - start and tail not in row and all(room[start:stop]):
                rows[tail] = row
            else:
                row = rows[tail]
                for arc in range(start, stop):
                    if room[arc] and heads[arc] != tail:
                        slot = row.setdefault(heads[arc], arc)
                        if slot != arc:
                            segments.setdefault(slot, [slot]).append(arc)
            start = stop
        for arcs in segments.values():
            arcs.sort(key=self.costs.__getitem__)
        return rows

    def _loosen(self, rows: _Rows) -> None:
        """Widen arcs that other arcs keep from overflowing: never blocking, they make for fewer pivots.

        An arc as wide as all that enters its tail, or leaves its head, can be one wider: no circulation
        uses the added unit.  Taking this one arc at a time keeps each step true given those before it.
        """
        room, heads, segments = self.room, self.heads, self.segments
        inflow = [0] * self.nodes
        outflow = [0] * self.nodes
        for tail, head, width in zip(self.tails, heads, room, strict=True):
            outflow[tail] += width
            inflow[head] += width
        for tail, row in enumerate(rows):
            limit = inflow[tail]
            wide = [slot for head, slot in row.items() if room[slot] >= limit or room[slot] >= outflow[head]]
            for slot in wide:
                if slot not in segments:
                    room[slot] += 1
                    inflow[heads[slot]] += 1
                    outflow[tail] += 1

    def _arcs(self, slot: int) -> Sequence[int]:
        """Return the arcs of a slot, the cheapest first."""
        return self.segments.get(slot) or (slot,)

    def _group(self, rows: _Rows) -> None:
        """Put together the root's slots, rows with the same heads, and short rows."""
        self.group_of: dict[int, _Bundle | _Panel] = {}
        alike: dict[tuple[int, ...], list[int]] = {}
        exits: list[int] = []
        short: list[list[int]] = [[]]
        width = 0
        for tail, row in enumerate(rows):
            if len(row) == 1 and 0 in row:
                exits.append(tail)
            elif tail and len(row) >= _SHORT:
                alike.setdefault(tuple(row), []).append(tail)
            elif tail and row:
                short[-1].append(tail)
                width += len(row)
                if width >= _BATCH:
                    short.append([])
                    width = 0
        self.hubs = [self._bundle(rows, tails) for tails in ([0] if rows[0] else [], exits) if tails]
        self.groups: list[_Bundle | _Panel] = [self._bundle(rows, tails) for tails in short if tails]
        for heads, tails in alike.items():
            at_once = max(1, _BATCH // len(heads))
            for first in range(0, len(tails), at_once):
                self.groups.append(self._panel(rows, tails[first : first + at_once], heads))

    def _bundle(self, rows: _Rows, members: list[int]) -> _Bundle:
        slots = [slot for tail in members for slot in rows[tail].values()]
        heads = [head for tail in members for head in rows[tail]]
        tails = [tail for tail in members for _ in rows[tail]]
        bundle = _Bundle(slots, tails, heads, self._prices(slots), self.never)
        self.group_of.update(dict.fromkeys(members, bundle))
        return bundle

    def _panel(self, rows: _Rows, members: list[int], heads: Sequence[int]) -> _Panel:
        slots = [list(rows[tail].values()) for tail in members]
        panel = _Panel(members, heads, slots, list(map(self._prices, slots)), self.never)
        self.group_of.update(dict.fromkeys(members, panel))
        return panel

    def _prices(self, slots: list[int]) -> list[int]:
        """Return what the first arc of each slot costs."""
        if self.segments.keys().isdisjoint(slots):
            return list(map(self.costs.__getitem__, slots))
        return [self.costs[self._arcs(slot)[0]] for slot in slots]

    def _plant(self, rows: _Rows) -> None:
        """Make the first tree: what the stock leaves hangs on a cheapest arc to a node nearer the root (in arcs)."""
        count = self.nodes
        self.potential = [-self.heavy] * count
        self.potential[0] = 0
        self.parent = [0] * count
        self.code = list(range(self.arcs, self.arcs + count))  # artificial arcs to the root
        self.endless = 1 + sum(self.room)
        self.up = [self.endless] * count
        self.down = [0] * count
        self.depth = [0] * count
        self.children: list[dict[int, None]] = [{} for _ in range(count)]
        hung = [True] + [False] * (count - 1)
        for node in self._stock(rows):
            self.children[self.parent[node]][node] = None
            hung[node] = True
        level = [0]
        for node in level:
            level += self.children[node]
            self._label(node)
        entering: dict[int, list[int]] = {}
        for tail, row in enumerate(rows):
            if not hung[tail]:
                for head in row:
                    entering.setdefault(head, []).append(tail)
        while level:
            below: list[int] = []
            for head in level:
                for tail in entering.get(head, ()):
                    if not hung[tail]:
                        hung[tail] = True
                        below.append(tail)
            for turn, tail in enumerate(below):
                self._hang(tail, rows[tail], turn)
            for tail in below:
                self._label(tail)
            level = below
        for node in range(1, count):
            if not hung[node]:
                self.children[0][node] = None
                self.depth[node] = 1

    def _label(self, node: int) -> None:
        """Give a node the depth and the potential that follow from its parent's."""
        if node:
            above, code = self.parent[node], self.code[node]
            self.depth[node] = self.depth[above] + 1
            slot = code if code >= 0 else ~code
            cost = self.costs[self._arcs(slot)[self.filled.get(slot, 0)]]
            self.potential[node] = self.potential[above] + (cost if code < 0 else -cost)

    def _hang(self, tail: int, row: dict[int, int], turn: int) -> None:
        """Hang one node on the best head that has a label."""
        slots = list(row.values())
        labels = map(self.potential.__getitem__, row)
        price: list[int] = list(map(sub, self._prices(slots), labels))
        least = min(price)
        # Equally good heads take turns, so that not all nodes hang on the same one.
        turn %= len(price)
        best = price.index(least, turn) if least in price[turn:] else price.index(least)
        slot = slots[best]
        self.parent[tail] = self.heads[slot]
        self.children[self.heads[slot]][tail] = None
        self.code[tail] = slot
        self.up[tail] = self.room[self._arcs(slot)[0]]

    def _stock(self, rows: _Rows) -> list[int]:
        """Fill paths of three arcs through the root greedily; return the nodes that have a place in the tree then.

        Sinks are the nodes whose only slot leads to the root; sources have slots from the root, and to sinks only.
        Each source gives what is wanted of it to the sinks that are cheapest for the time being.
        """
        exits = {node: row[0] for node, row in enumerate(rows) if node and len(row) == 1 and 0 in row}
        sinks, nested = exits.keys(), self.segments.keys()
        price = [self.never] * self.nodes  # of one unit more into a sink
        for sink, slot in exits.items():
            self.code[sink] = slot
            self._open(sink, slot, price)
        hung = list(exits)
        for source, entry in rows[0].items():
            row = rows[source]
            if (
                row
                and row.keys() <= sinks
                and nested.isdisjoint(row.values())
                and self._give(source, entry, row, price)
            ):
                hung.append(source)
        return hung

    def _open(self, sink: int, slot: int, price: list[int]) -> bool:
        """Let a sink take on the next arc of its slot to the root, if there is one."""
        arcs, level = self._arcs(slot), self.filled.get(slot, 0)
        if level == len(arcs):
            price[sink] = self.never
            return False
        price[sink] = self.costs[arcs[level]]
        self.up[sink], self.down[sink] = self.room[arcs[level]], 0
        return True

    def _give(self, source: int, entry: int, row: dict[int, int], price: list[int]) -> bool:
        """Stock one source, as long as its own arc has a negative cost; return whether anything flows then.

        A sink that it fills hangs on it from then on, and is closed: with the arc between them neither full nor empty
        there is no other way.  The source itself hangs on the last sink if that is open still, or on the root.
        """
        costs, room, up, down, code, parent = self.costs, self.room, self.up, self.down, self.code, self.parent
        heads, slots = list(row), list(row.values())
        ways = self._prices(slots)
        arcs = self._arcs(entry)
        wanted = max(1, sum(costs[arc] < 0 for arc in arcs))
        given = [0] * len(slots)
        level, left, last = 0, room[arcs[0]], -1
        while True:
            if not left and level + 1 < wanted:
                level += 1
                left = room[arcs[level]]
            values = list(map(add, ways, map(price.__getitem__, heads)))
            least = min(values)
            if not left or costs[arcs[level]] + least >= 0:
                break
            at = values.index(least)
            sink, slot = heads[at], slots[at]
            amount = min(left, up[sink], room[slot] - given[at])
            given[at] += amount
            left -= amount
            up[sink] -= amount
            down[sink] += amount
            full, closed = given[at] == room[slot], False
            if not up[sink]:
                exit = code[sink]
                self._fill(exit, 1)
                done = not left and level + 1 >= wanted
                if not ((full or done) and self._open(sink, exit, price)):
                    closed = True
                    price[sink] = self.never
                    parent[sink], code[sink] = source, ~slot
                    up[sink], down[sink] = given[at], room[slot] - given[at]
            if full:
                ways[at] = self.never
                if not closed:
                    self._fill(slot, 1)
            last = -1 if full or closed else at
        carried = room[arcs[level]] - left
        if last >= 0:
            parent[source], code[source] = heads[last], slots[last]
            up[source], down[source] = room[slots[last]] - given[last], given[last]
            level += not left
        elif level or carried:
            if not carried:
                level -= 1
                carried = room[arcs[level]]
            code[source] = ~entry
            up[source], down[source] = carried, room[arcs[level]] - carried
        if level:
            self._fill(entry, level)
        return bool(level or carried)

    def solve(self) -> None:
        """Price the groups in turn and pivot what violates, until a full round finds nothing.

        What lies at the root is priced more often, since nearly each pivot bears on it.
        """
        patience = 16 + sum(hub.width for hub in self.hubs) // _PATIENCE
        batches: list[list[_Bundle | _Panel]] = [[]]
        width = 0
        for group in self.groups:
            batches[-1].append(group)
            width += group.width
            if width >= _BATCH:
                batches.append([])
                width = 0
        pivots = 1
        while pivots:
            pivots = self._settle(self.hubs)
            due = 0
            for batch in batches:
                done = self._settle(batch)
                pivots += done
                due += done
                if due >= patience:
                    due = 0
                    self._settle(self.hubs)

    def _settle(self, groups: Sequence[_Bundle | _Panel]) -> int:
        """Pivot the violations in some groups, the worst first; return how many were still there."""
        potential = self.potential
        found = [violation for group in groups for violation in group.violations(potential)]
        found.sort()
        return sum([self._enter(code) for _, code in found])

    def _fill(self, slot: int, by: int) -> None:
        """Count so many more arcs of the slot as full."""
        arcs, costs, tail = self._arcs(slot), self.costs, self.tails[slot]
        count = self.filled[slot] = self.filled.get(slot, 0) + by
        ahead = costs[arcs[count]] if count < len(arcs) else self.never
        self.group_of[tail].fill(tail, slot, ahead, costs[arcs[count - 1]] if count else -self.never)

    def _enter(self, code: int) -> bool:
        """Pivot on a residual arc if its reduced cost is negative; say whether it was."""
        potential, costs, tails, heads = self.potential, self.costs, self.tails, self.heads
        if code >= 0:
            slot, step, near, far = code, 1, tails[code], heads[code]
            index = self.filled.get(slot, 0)
        else:
            slot, step, near, far = ~code, -1, heads[~code], tails[~code]
            index = self.filled.get(slot, 0) - 1
        arcs = self._arcs(slot)
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
            if children[node]:
                moved += children[node]

    def flows(self) -> list[int]:
        """Read the flow on each arc off the tree and the full arcs outside it."""
        flow = [0] * self.arcs
        if True in map(eq, self.tails, self.heads):
            for arc, (tail, head) in enumerate(zip(self.tails, self.heads, strict=True)):
                if tail == head and self.costs[arc] < 0:
                    flow[arc] = self.room[arc]
        for slot, count in self.filled.items():
            for arc in self._arcs(slot)[:count]:
                flow[arc] = self.room[arc]
        for node in range(1, self.nodes):
            code = self.code[node]
            slot, carried = (code, self.down[node]) if code >= 0 else (~code, self.up[node])
            if slot < self.arcs:
                arcs = self._arcs(slot)
                flow[arcs[self.filled.get(slot, 0)]] = carried
        return flow
