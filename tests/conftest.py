"""What all tests share: the examples that hypothesis tries, and programmes to copy."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# The same cases in every run, and no clock that a busy machine could put in the wrong.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("steady"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def new_programme(tmp_path_factory):
    """Return a function that does what ``readiness.create`` does, with a clock that stands still.

    One programme of each kind is made; the others are copies of its file, in a sixth of the time.
    """
    from soclib import readiness  # noqa: PLC0415 - few tests need it

    folder, made = tmp_path_factory.mktemp("programmes"), {}

    def new(path, *, who, clock, **how):
        kind = repr((who, clock(), sorted(how.items())))
        if kind not in made:
            made[kind] = folder / f"{len(made)}.sqlite"
            readiness.create(made[kind], who=who, clock=clock, **how).store.engine.dispose()
        shutil.copyfile(made[kind], path)
        return readiness.open_programme(path, who=who, clock=clock)

    return new
