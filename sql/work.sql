-- What use cases ask of the secrets: never a secret itself, only whether there is one.

-- name: account_active
select count(*) from credential where account = $1

-- name: account_slip_until
select max(expires_at) from slip where account = $1 and used_at is null and expires_at > $2
