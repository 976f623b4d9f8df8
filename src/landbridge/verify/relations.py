"""The one SQL text that compares two big lists of names and contents: on DuckDB here, on Athena (Trino) at 10^9 rows.

First the sums a bucket of each side, then the entries of the buckets whose sums differ. Memory follows the number of
buckets and of what differs, never that of the entries. The text keeps to what both engines read alike; DuckDB is taught
Trino's three words for a hash (WORDS). Hashes never leave their engine, so that they need not agree between engines.
"""

import re
from collections.abc import Sequence

BUCKETS = 16384
WORDS = """
CREATE OR REPLACE MACRO to_utf8(text) AS text;
CREATE OR REPLACE MACRO xxhash64(bytes) AS hash(bytes);
CREATE OR REPLACE MACRO from_big_endian_64(bytes) AS bytes;
CREATE OR REPLACE MACRO json_parse(text) AS CAST(text AS json);
CREATE OR REPLACE MACRO json_format(value) AS CAST(value AS varchar);
CREATE OR REPLACE MACRO json_extract(value, path) AS value -> path;
"""

# A relation is a SELECT of four columns: place (what the bucket is made of), name, content and failed.
SUMS = """
SELECT mod(from_big_endian_64(xxhash64(to_utf8(place))), {buckets}) AS bucket,
       count(*) AS entries,
       sum(CAST(from_big_endian_64(xxhash64(to_utf8(concat(name, ' ', content)))) AS decimal(38, 0))) AS digests,
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
SELECT name, content, failed FROM ({relation}) AS entry
WHERE mod(from_big_endian_64(xxhash64(to_utf8(place))), {buckets}) IN ({numbers})
"""

# What S3 Inventory writes, with columns named as in its Parquet files; CSV holds nothing but text.
INVENTORY = """
SELECT key AS place,
       concat(key, '?versionId=', coalesce(version_id, 'null')) AS name,
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
SELECT key AS place,
       concat(key, '?versionId=', coalesce(nullif(version_id, ''), 'null')) AS name,
       CASE WHEN is_delete_marker = 'true' THEN 'marker'
            WHEN is_multipart_uploaded = 'true' OR encryption_status NOT IN ('SSE-S3', 'NOT-SSE')
            THEN concat(coalesce(size, ''), ':')
            ELSE concat(coalesce(size, ''), ':', coalesce(e_tag, ''))
       END AS content,
       coalesce(replication_status, '') = 'FAILED' AS failed
FROM {table}
WHERE substr(last_modified_date, 1, 19) <= '{until}'
"""

# What a DynamoDB export holds: a column `line` of text, one item each. Trino sorts an object's names; DuckDB does not.
EXPORT = """
SELECT name AS place, name, content, false AS failed
FROM (SELECT concat({names}) AS name, json_format(json_parse(line)) AS content FROM {table}) AS item
WHERE name NOT LIKE '{reserved}%'
"""


def sums(relation: str, buckets: int = BUCKETS) -> str:
    """Entries, digests and failures of each bucket."""
    return SUMS.format(relation=relation, buckets=buckets)


def rows(source: str, target: str, numbers: Sequence[int], buckets: int = BUCKETS) -> str:
    """What differs in these buckets, and what replication gave up."""
    listed = ", ".join(str(number) for number in sorted(numbers))
    sides = [SUSPECT.format(relation=side, buckets=buckets, numbers=listed) for side in (source, target)]
    return ROWS.format(source=sides[0], target=sides[1])


def table_name(name: str) -> str:
    """A table's name as it may stand in a text."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", name):
        raise ValueError(f"{name!r} is not the name of a table")
    return name
