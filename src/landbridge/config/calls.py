"""How long an engine waits for one try of a call to AWS, and the shortest lease under which such a call may be sent."""

CONNECT_SECONDS, READ_SECONDS = 1.0, 5.0  # an engine that waits long for a dead region can't unwind in time
ACT_SECONDS = CONNECT_SECONDS + READ_SECONDS  # acts that nothing can fence are tried once
LEAST_LEASE_SECONDS = ACT_SECONDS + 2.0  # what an act may last, and what writing down its intent may take before
