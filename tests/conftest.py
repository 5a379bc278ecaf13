"""How hypothesis plays here: the same cases every time, so that a run tells of the change and not of chance."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=1000)
settings.load_profile("soak" if os.environ.get("NEXUS_SOAK") else "steady")
