"""The platform's own metrics: their names and dimensions, said once for who publishes them and for who watches them."""

NAMESPACE, PAYMENTS = "TradingAnalytics", "Payments"
LAG = "ReplicationLag"  # seconds: the age of the newest heartbeat readable where the copy is
HEARTBEAT = "Heartbeat"  # 1 each minute a region's own function wrote its heartbeat into a store
DIFFERENCES = "Differences"  # items of the last comparison that are not the same in both regions
RUNNER = "RunnerAlive"  # 1 at least each minute a migration's runner works or waits
SILENCE = "RunnerSilence"  # seconds since an engine wrote into the journal, while a run is open; else 0
PROGRESS = "MigrationProgress"  # percent of the plan's steps that are done
PEN = "PenOpen"  # 1 where a domain's pen is open, else 0
WEIGHT = "Weight"  # percent of reads: the share of this region's record
HISTORY, DATABASE = "history", "database"
STORES = ("state", "analytics", "commands", HISTORY, "market", DATABASE)
SESSIONS, SECRETS, UPLOADS = "sessions", "secrets", "uploads"  # the further stores of the payments platform
HEARTS = STORES[:-1]  # into which each region's own function beats: the database's writer moves with its cluster
DIMENSIONS = {
    LAG: ("Suffix", "Store"),
    DIFFERENCES: ("Suffix", "Store"),
    HEARTBEAT: ("Suffix", "Store"),
    RUNNER: ("Suffix",),
    SILENCE: ("Suffix",),
    PROGRESS: ("Suffix",),
    PEN: ("Suffix", "Domain"),
    WEIGHT: ("Suffix",),
}
