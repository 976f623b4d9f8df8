"""The one SQL text that compares two big lists of names and contents: on DuckDB here, on Athena (Trino) at 10^9 rows.

First the sums a bucket of each side, then the entries of the buckets whose sums differ. Memory follows the number of
buckets and of what differs, never that of the entries. The text keeps to what both engines read alike; DuckDB is taught
six words of Trino's (WORDS). Hashes never leave their engine, so that they need not agree between engines.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from landbridge.model.errors import BadInput
from landbridge.model.state import RESERVED

BUCKETS = 4096
WORDS = """
CREATE OR REPLACE MACRO to_utf8(text) AS text;
CREATE OR REPLACE MACRO to_big_endian_64(number) AS number;
CREATE OR REPLACE MACRO xxhash64(bytes) AS hash(bytes);
CREATE OR REPLACE MACRO from_big_endian_64(bytes) AS bytes;
CREATE OR REPLACE MACRO bitwise_xor(one, other) AS xor(one, other);
CREATE OR REPLACE MACRO json_format(value) AS CAST(value AS varchar);
"""

# A relation is a SELECT of key, mark and version (together the name), size, content and failed, none of them NULL; it ends
# with a condition, so that one more can be added. Columns stay as they are read: putting texts together was half of the work.
HASH = "from_big_endian_64(xxhash64(to_utf8({0})))"
AGAIN = "from_big_endian_64(xxhash64(to_big_endian_64({0})))"
# Hashes are hashed again before and after they are put together: equal columns don't cancel out, nor do values that two
# entries have exchanged (docs/decisions/0080).
NAMED = AGAIN.format(f"bitwise_xor({AGAIN.format(HASH.format('key'))}, {HASH.format('version')})")
DIGEST = AGAIN.format(f"bitwise_xor({NAMED}, bitwise_xor({HASH.format('content')}, {AGAIN.format('size')}))")
BUCKET = f"abs(mod({HASH.format('key')}, {{buckets}}))"
SUMS = """
SELECT {bucket} AS bucket,
       count(*) AS entries,
       sum(CAST({digest} AS decimal(38, 0))) AS digests,
       count_if(failed) AS failures
FROM ({relation}) AS entry
GROUP BY 1
"""
# Of a NULL, `concat` makes an empty text in DuckDB and a NULL in Trino: it is never given one.
ROWS = """
SELECT CASE WHEN source.key IS NULL THEN concat(target.key, target.mark, target.version)
            ELSE concat(source.key, source.mark, source.version) END AS name,
       CASE WHEN source.key IS NULL THEN NULL WHEN source.size < 0 THEN 'marker'
            ELSE concat(CAST(source.size AS varchar), ':', source.content) END AS at_source,
       CASE WHEN target.key IS NULL THEN NULL WHEN target.size < 0 THEN 'marker'
            ELSE concat(CAST(target.size AS varchar), ':', target.content) END AS at_target,
       coalesce(source.failed, false) AS failed
FROM ({source}) AS source
FULL JOIN ({target}) AS target ON source.key = target.key AND source.version = target.version
WHERE source.key IS NULL OR target.key IS NULL OR source.size <> target.size OR source.content <> target.content OR source.failed
"""

# What S3 Inventory writes, with columns named as in its Parquet files; CSV holds nothing but text.
INVENTORY = """
SELECT key,
       '?versionId=' AS mark,
       coalesce(version_id, 'null') AS version,
       CASE WHEN is_delete_marker THEN -1 ELSE coalesce(size, 0) END AS size,
       CASE WHEN is_delete_marker OR is_multipart_uploaded OR encryption_status NOT IN ('SSE-S3', 'NOT-SSE') THEN ''
            ELSE coalesce(e_tag, '')
       END AS content,
       coalesce(replication_status, '') = 'FAILED' AS failed
FROM {table}
WHERE last_modified_date <= TIMESTAMP '{until}'
"""
INVENTORY_TEXT = """
SELECT key,
       '?versionId=' AS mark,
       coalesce(nullif(version_id, ''), 'null') AS version,
       CASE WHEN is_delete_marker = 'true' THEN -1 ELSE CAST(coalesce(nullif(size, ''), '0') AS bigint) END AS size,
       CASE WHEN is_delete_marker = 'true' OR is_multipart_uploaded = 'true' OR encryption_status NOT IN ('SSE-S3', 'NOT-SSE')
            THEN '' ELSE coalesce(e_tag, '')
       END AS content,
       coalesce(replication_status, '') = 'FAILED' AS failed
FROM {table}
WHERE substr(last_modified_date, 1, 19) <= '{until}'
"""

# What a DynamoDB export holds: a column `line` of text, one item each. Trino sorts an object's names, DuckDB does not:
# there an item whose names come in another order is suspect until it is looked at.
EXPORT = """
SELECT key, '' AS mark, '' AS version, CAST(0 AS bigint) AS size, content, false AS failed
FROM (SELECT concat('[', {keys}, ']') AS key, json_format(json_extract(line, '$.Item')) AS content FROM {table}) AS item
WHERE key NOT LIKE '{reserved}%'
"""
APART = """
SELECT coalesce(source.bucket, target.bucket) AS bucket
FROM ({source}) AS source FULL JOIN ({target}) AS target ON source.bucket = target.bucket
WHERE source.bucket IS NULL OR target.bucket IS NULL OR source.failures > 0
      OR source.entries <> target.entries OR source.digests <> target.digests
"""


def sums(relation: str, buckets: int = BUCKETS) -> str:
    """Entries, digests and failures of each bucket."""
    return SUMS.format(bucket=BUCKET.format(buckets=buckets), digest=DIGEST, relation=relation)


def rows(source: str, target: str, numbers: Sequence[int], buckets: int = BUCKETS) -> str:
    """What differs in these buckets, and what replication gave up."""
    return _rows(source, target, f"{BUCKET.format(buckets=buckets)} IN ({', '.join(map(str, numbers))})")


def one_text(source: str, target: str, buckets: int = BUCKETS) -> str:
    """Both steps as one statement, for Athena's console."""
    apart = APART.format(source=sums(source, buckets), target=sums(target, buckets))
    return _rows(source, target, f"{BUCKET.format(buckets=buckets)} IN ({apart})")


def inventory(table: str, until: datetime, *, text: bool) -> str:
    """The relation over an inventory's table; `text` = its columns are all text, as in CSV."""
    if text:
        return INVENTORY_TEXT.format(table=table, until=until.strftime("%Y-%m-%dT%H:%M:%S"))
    return INVENTORY.format(table=table, until=until.strftime("%Y-%m-%d %H:%M:%S"))


def exported(table: str, names: Sequence[str]) -> str:
    """The relation over an export's table; names are the key's attributes, partition first. Entries are named as scans do."""
    for name in names:
        if not re.fullmatch(r"\w+", name, re.ASCII):
            raise BadInput(f"the key attribute {name!r}", "can't stand in a text of SQL", "compare this table by scan")
    keys = ", ',', ".join(f"json_format(json_extract(line, '$.Item.{name}'))" for name in names)
    return EXPORT.format(keys=keys, table=table, reserved=f'[{{"S":"{RESERVED}')


def _rows(source: str, target: str, suspect: str) -> str:
    return ROWS.format(source=f"{source} AND {suspect}", target=f"{target} AND {suspect}")
