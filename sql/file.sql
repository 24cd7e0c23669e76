-- Attachments by their hash. stored_at is negative (minus the moment) while nothing names the file.

-- name: blob_about
select size, type, stored_at from blob where hash = $1

-- name: blob_bytes
select type, bytes from blob where hash = $1

-- name: blob_add
insert into blob (hash, size, type, stored_at, bytes) values ($1, $2, $3, $4, $5)

-- name: blob_keep
update blob set stored_at = - stored_at where hash = $1 and stored_at < 0

-- name: blob_sweep
delete from blob where stored_at < 0 and stored_at > $1

-- name: blob_list
select hash, type from blob where stored_at > 0 order by hash

-- name: blob_count
select count(*) from blob where stored_at > 0

-- name: blob_drop
delete from blob where hash = $1
