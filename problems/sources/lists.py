"""Texts such as "ion, electron" or "1, 0.5" as lists: parameters of problems with any number of fluids."""

from multifluid import Coulomb, Drag, Draine, HardSphere, InputError, Langevin

LAWS = {"hard_sphere": HardSphere, "coulomb": Coulomb, "langevin": Langevin, "draine": Draine}


def words(text):
    """The words of a comma-separated text."""
    return [word.strip() for word in text.split(",") if word.strip()]


def numbers(name, text, count):
    """``count`` numbers; one number stands for all of them.

    Raises
    ------
    InputError
        Not that many, or no numbers.
    """
    try:
        values = [float(word) for word in words(text)]
    except ValueError:
        raise InputError(f"parameter {name} must be numbers with commas between them, not {text!r}") from None
    if len(values) == 1:
        values *= count
    if len(values) != count:
        raise InputError(f"parameter {name} must have {count} numbers (or one for all), not {text!r}")
    return values


def drags(name, text, eps0=1.0):
    """Drag of "ion-neutral:1.0, electron-ion:coulomb:10": a pair with alpha, or with a law and its numbers ("/" between).

    Laws: hard_sphere (cross section), coulomb (logarithm), langevin (polarisability), draine (rate/cross section).

    Raises
    ------
    InputError
        A text of another form, or refused by the law.
    """
    found = []
    for item in words(text):
        pair, *rest = item.split(":")
        law, values = (None, rest[0]) if len(rest) == 1 else (rest[0].strip(), rest[1]) if len(rest) == 2 else ("?", "")
        fluids = [word.strip() for word in pair.split("-")]
        try:
            values = [float(value) for value in values.split("/")]
        except ValueError:
            values = []
        expected = 2 if law == "draine" else 1
        if len(fluids) != 2 or law is not None and law not in LAWS or len(values) != expected:
            raise InputError(f"parameter {name}: write ion-neutral:1.0 or electron-ion:coulomb:10 with commas between, laws "
                             f"{', '.join(LAWS)} (draine:rate/cross section), not {item!r}")
        needs_eps0 = {"eps0": eps0} if law in ("coulomb", "langevin") else {}
        found.append(Drag(*fluids, values[0] if law is None else LAWS[law](*values, **needs_eps0)))
    return found
