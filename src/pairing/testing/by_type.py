"""What Hypothesis loads when it is imported, so that `from_type(Helper)` gives helpers without an import of ours.

It is only a note of where to ask: the strategies are loaded when somebody first asks for one of our types.
"""

__all__ = ["register_types"]


def register_types() -> None:
    """Tell Hypothesis whom to ask for the types of this library; it is the entry point of the group "hypothesis".

    >>> from hypothesis import strategies as st
    >>> from pairing.people import Helper
    >>> register_types()
    >>> type(st.from_type(Helper).example()).__name__  # doctest: +SKIP
    'Helper'
    """
    from hypothesis.strategies._internal import types

    # The same place where Hypothesis notes whom to ask for the types of NumPy: asked only once `pairing` is loaded.
    extra = getattr(types, "_global_extra_lookup", None)
    if extra is not None:
        extra["pairing"] = _strategy_of


def _strategy_of(thing: object) -> object:
    """Return the strategy of one of our types, or None for any other."""
    module = getattr(thing, "__module__", None)
    if not isinstance(module, str) or module.partition(".")[0] != "pairing":
        return None
    from pairing.testing.finding import strategy_of

    return strategy_of(thing)
