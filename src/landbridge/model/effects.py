"""Where effects lie in the database: the fence row, what is applied, and what the commands made. Worker and engine both read it.

The fence row is a pen as every other, but there is one for both regions, because it moves with the database's writer:
`holder` is the region that may write, NULL while nobody may.
"""

DATABASE, USER = "trading", "platform"  # its name, and who owns it

MADE = """
CREATE SCHEMA IF NOT EXISTS trading;
CREATE TABLE IF NOT EXISTS trading.pen (
    domain text PRIMARY KEY,
    holder text,
    epoch bigint NOT NULL,
    turn bigint NOT NULL,
    since double precision NOT NULL
);
CREATE TABLE IF NOT EXISTS trading.applied (
    owner text PRIMARY KEY,
    number bigint NOT NULL,
    id text NOT NULL
);
CREATE TABLE IF NOT EXISTS trading.done (
    owner text NOT NULL,
    number bigint NOT NULL,
    id text NOT NULL,
    epoch bigint NOT NULL,
    ordered jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (owner, number)
);
CREATE TABLE IF NOT EXISTS trading.watch_list (
    owner text NOT NULL,
    list text NOT NULL,
    symbol text NOT NULL,
    PRIMARY KEY (owner, list, symbol)
);
CREATE TABLE IF NOT EXISTS trading.alert_rule (
    owner text NOT NULL,
    rule text NOT NULL,
    symbol text NOT NULL,
    side text NOT NULL CHECK (side IN ('above', 'below')),
    price numeric(18, 6) NOT NULL,
    PRIMARY KEY (owner, rule)
);
CREATE TABLE IF NOT EXISTS trading.note (
    owner text NOT NULL,
    note text NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (owner, note)
);
CREATE TABLE IF NOT EXISTS trading.heartbeat (
    origin text PRIMARY KEY,
    turn bigint NOT NULL,
    at double precision NOT NULL
)
"""
ONE_AT_A_TIME = 7_206_513  # an advisory lock: two workers that start at once must not make the same tables at once


def statements() -> tuple[str, ...]:
    """What makes it, statement by statement; harmless where it is there."""
    return tuple(text.strip() for text in MADE.split(";"))
