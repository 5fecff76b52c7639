"""For developers who test their own rules, with Hypothesis: strategies, laws that take a rule, a machine.

Nothing else in the library imports it.  Its names are looked up when they are first asked for, as Hypothesis loads the
entry point of this package whenever it is imported.
"""

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it, without loading `typing`
if TYPE_CHECKING:
    from pairing.testing.drafts import criteria, own_criteria, policies
    from pairing.testing.happenings import batches, registers
    from pairing.testing.laws import CounterExample, check_criterion, check_pairing, check_policy
    from pairing.testing.machine import RegisterMachine
    from pairing.testing.recorded import changes, entries
    from pairing.testing.relay_laws import check_relay
    from pairing.testing.scenery import Scene, plans, scenes
    from pairing.testing.strategies import (
        area_trees,
        areas,
        helpers,
        households,
        ladders,
        links,
        named_pairs,
        own_links,
        pairings,
        quotas,
        ranks,
        rosters,
        spans,
        units,
        villages,
    )

__all__ = [
    "CounterExample",
    "RegisterMachine",
    "Scene",
    "area_trees",
    "areas",
    "batches",
    "changes",
    "check_criterion",
    "check_pairing",
    "check_policy",
    "check_relay",
    "criteria",
    "entries",
    "helpers",
    "households",
    "ladders",
    "links",
    "named_pairs",
    "own_criteria",
    "own_links",
    "pairings",
    "plans",
    "policies",
    "quotas",
    "ranks",
    "registers",
    "rosters",
    "scenes",
    "spans",
    "units",
    "villages",
]

_ROOMS = {
    "drafts": ("criteria", "own_criteria", "policies"),
    "happenings": ("batches", "registers"),
    "laws": ("CounterExample", "check_criterion", "check_pairing", "check_policy"),
    "machine": ("RegisterMachine",),
    "recorded": ("changes", "entries"),
    "relay_laws": ("check_relay",),
    "scenery": ("Scene", "plans", "scenes"),
}
"""By room, the names that come from it; all others come from `strategies`."""

_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

if not TYPE_CHECKING:  # or else every name would seem to be there

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from pairing.errors import needed

        needed("hypothesis", "testing")
        room = _ROOM_OF.get(name, "strategies")
        return getattr(import_module(f"{__name__}.{room}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
