"""Settings for all tests: hypothesis tries the same cases in every run."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
