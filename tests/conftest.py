"""Settings for all tests: hypothesis tries the same cases in every run."""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("thorough", settings.get_profile("steady"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
