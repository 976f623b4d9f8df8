-- Every table that holds rows, a row a column: what it is, how big, and how each column is keyed and sorted.
SELECT n.nspname, c.relname, c.relkind = 'p', coalesce(nullif(p.rows, 0), p.pages * 60), p.pages, p.size, a.attname, format_type(a.atttypid, a.atttypmod),
       coalesce(array_position((i.indkey::int2[])[0:i.indnkeyatts - 1], a.attnum), 0),
       CASE WHEN t.typtype = 'e' THEN (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
            WHEN a.attcollation = 0 THEN ''
            WHEN x.provider = 'b' OR x.provider = 'c' AND x.locale ~ '^(C|POSIX|C\.(utf8|UTF-8))$' THEN 'C'
            ELSE concat_ws(':', x.provider, x.locale, coalesce(x.version, 'version unknown at the ' || %s)) END,
       coalesce(l.collisdeterministic, true) AND b.typtype IN ('b', 'r', 'm') AND b.typname !~ '^reg'
           AND b.typnamespace = 'pg_catalog'::regnamespace
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE t.typcategory WHEN 'A' THEN t.typelem ELSE t.oid END
JOIN pg_database d ON d.datname = current_database()
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
LEFT JOIN pg_collation l ON l.oid = a.attcollation
CROSS JOIN LATERAL (SELECT
    CASE l.collprovider WHEN 'd' THEN to_jsonb(d)->>'datlocprovider' ELSE l.collprovider::text END AS provider,
    CASE l.collprovider WHEN 'd' THEN coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale', d.datcollate)
        ELSE coalesce(to_jsonb(l)->>'colllocale', to_jsonb(l)->>'colliculocale', l.collcollate) END AS locale,
    CASE l.collprovider WHEN 'd' THEN pg_database_collation_actual_version(d.oid)
        ELSE pg_collation_actual_version(l.oid) END AS version) x
CROSS JOIN LATERAL (SELECT coalesce(sum(greatest(k.reltuples, 0)), 0)::bigint AS rows,
    coalesce(sum(pg_relation_size(k.oid)), 0)::bigint / 8192 AS pages, coalesce(sum(pg_table_size(k.oid)), 0)::bigint AS size
    FROM pg_class k WHERE k.oid = c.oid AND c.relkind = 'r' OR k.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf)) p
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY 1, 2, a.attnum
