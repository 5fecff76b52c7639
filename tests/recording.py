"""A writer for the tests of the store: records batch after batch, and tells of each once it is recorded.

`python recording.py URL NAME BATCHES`
"""

import sys
from datetime import date, timedelta

import pairing as pr
from pairing.store import KeptRegister

START = date(2012, 2, 8)


def batch(n: int) -> list[pr.Entry]:
    """Return the batch of a number: some households are paired, and those of the batch before handed over."""
    on = START + timedelta(n)
    found: list[pr.Entry] = [pr.Paired(f"c-{n}", f"h-{n}-{m}", on=on) for m in range(4)]
    if n:
        found += [pr.HandedOver(f"h-{n - 1}-{m}", f"c-{n - 1}", [f"c-{n}"], on=on) for m in range(4)]
    return found


def main(url: str, name: str, batches: int) -> None:
    """Record what is still missing of so many batches."""
    with KeptRegister(url, name) as kept:
        print(len(kept.register.batches), flush=True)
        for n in range(len(kept.register.batches), batches):
            kept.record(*batch(n))
            print(n + 1, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
