"""The platform's own metrics: their names and dimensions, said once for who publishes them and for who watches them."""

NAMESPACE = "TradingAnalytics"
LAG = "ReplicationLag"  # seconds: the age of the newest heartbeat readable where the copy is
DIFFERENCES = "Differences"  # items of the last comparison that are not the same in both regions
RUNNER = "RunnerAlive"  # 1 at least each minute a migration's runner works or waits
PROGRESS = "MigrationProgress"  # percent of the plan's steps that are done
PEN = "PenOpen"  # 1 where a domain's pen is open, else 0
WEIGHT = "Weight"  # percent of reads: the share of this region's record
HISTORY = "history"
STORES = ("state", "analytics", "commands", HISTORY, "market", "database")
DIMENSIONS = {
    LAG: ("Suffix", "Store"),
    DIFFERENCES: ("Suffix", "Store"),
    RUNNER: ("Suffix",),
    PROGRESS: ("Suffix",),
    PEN: ("Suffix", "Domain"),
    WEIGHT: ("Suffix",),
}
