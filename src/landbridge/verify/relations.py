"""The one SQL text that compares two big lists of names and contents: on DuckDB here, on Athena (Trino) at 10^9 rows.

First the sums a bucket of each side, then the entries of the buckets whose sums differ. Memory follows the number of
buckets and of what differs, never that of the entries. The text keeps to what both engines read alike; DuckDB is taught
five words of Trino's (WORDS). Hashes never leave their engine, so that they need not agree between engines.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from landbridge.model.errors import BadInput
from landbridge.model.state import RESERVED

BUCKETS = 4096
WORDS = """
CREATE OR REPLACE MACRO to_utf8(text) AS text;
CREATE OR REPLACE MACRO xxhash64(bytes) AS hash(bytes);
CREATE OR REPLACE MACRO from_big_endian_64(bytes) AS bytes;
CREATE OR REPLACE MACRO bitwise_xor(one, other) AS xor(one, other);
CREATE OR REPLACE MACRO json_format(value) AS CAST(value AS varchar);
"""

# A relation is a SELECT of four columns: key, version (together the name), content and failed. The digest of an entry
# takes the key's hash as it is, because copying long keys into one text is most of the work.
SUMS = """
SELECT abs(mod(from_big_endian_64(xxhash64(to_utf8(key))), {buckets})) AS bucket,
       count(*) AS entries,
       sum(CAST(bitwise_xor(from_big_endian_64(xxhash64(to_utf8(key))),
                            from_big_endian_64(xxhash64(to_utf8(concat(version, ' ', content)))))
                AS decimal(38, 0))) AS digests,
       count_if(failed) AS failures
FROM ({relation}) AS entry
GROUP BY 1
"""
ROWS = """
SELECT coalesce(source.name, target.name) AS name, source.content AS at_source, target.content AS at_target,
       coalesce(source.failed, false) AS failed
FROM ({source}) AS source
FULL JOIN ({target}) AS target ON source.name = target.name
WHERE source.name IS NULL OR target.name IS NULL OR source.content <> target.content OR source.failed
"""
SUSPECT = """
SELECT concat(key, version) AS name, content, failed FROM ({relation}) AS entry
WHERE {suspect}
"""
BUCKET = "abs(mod(from_big_endian_64(xxhash64(to_utf8(key))), {buckets}))"
MARKED = "substr('{marks}', CAST(" + BUCKET + " AS bigint) + 1, 1) = '1'"  # an IN of many is a join, before which all is computed

# What S3 Inventory writes, with columns named as in its Parquet files; CSV holds nothing but text.
INVENTORY = """
SELECT key,
       concat('?versionId=', coalesce(version_id, 'null')) AS version,
       CASE WHEN is_delete_marker THEN 'marker'
            WHEN is_multipart_uploaded OR encryption_status NOT IN ('SSE-S3', 'NOT-SSE')
            THEN concat(coalesce(CAST(size AS varchar), ''), ':')
            ELSE concat(coalesce(CAST(size AS varchar), ''), ':', coalesce(e_tag, ''))
       END AS content,
       coalesce(replication_status, '') = 'FAILED' AS failed
FROM {table}
WHERE last_modified_date <= TIMESTAMP '{until}'
"""
INVENTORY_TEXT = """
SELECT key,
       concat('?versionId=', coalesce(nullif(version_id, ''), 'null')) AS version,
       CASE WHEN is_delete_marker = 'true' THEN 'marker'
            WHEN is_multipart_uploaded = 'true' OR encryption_status NOT IN ('SSE-S3', 'NOT-SSE')
            THEN concat(coalesce(size, ''), ':')
            ELSE concat(coalesce(size, ''), ':', coalesce(e_tag, ''))
       END AS content,
       coalesce(replication_status, '') = 'FAILED' AS failed
FROM {table}
WHERE substr(last_modified_date, 1, 19) <= '{until}'
"""

# What a DynamoDB export holds: a column `line` of text, one item each. Trino sorts an object's names, DuckDB does not:
# there an item whose names come in another order is suspect until it is looked at.
EXPORT = """
SELECT key, '' AS version, content, false AS failed
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
    return SUMS.format(relation=relation, buckets=buckets)


def rows(source: str, target: str, numbers: Sequence[int], buckets: int = BUCKETS) -> str:
    """What differs in these buckets, and what replication gave up."""
    marked = frozenset(numbers)
    marks = "".join("1" if number in marked else "0" for number in range(buckets))
    return _rows(source, target, MARKED.format(marks=marks, buckets=buckets))


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
    sides = [SUSPECT.format(relation=side, suspect=suspect) for side in (source, target)]
    return ROWS.format(source=sides[0], target=sides[1])
