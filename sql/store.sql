-- What store itself asks.

-- name: schema_there
select count(*) from sqlite_master where name = 'meta'

-- name: schema_version
select value from meta where name = 'schema'

-- name: schema_put
insert into meta (name, value) values ('schema', $1)

-- name: setting_get
select value from setting where name = $1

-- name: setting_put
insert into setting (name, value) values ($1, $2)
on conflict (name) do update set value = excluded.value
