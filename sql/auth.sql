-- Passwords, sessions, slips. Parameters appear in the order of their numbers.

-- name: auth_credential
select hash from credential where account = $1

-- name: auth_credential_drop
delete from credential where account = $1

-- Which login opens an account is told by the facts; the column only has to stay unique. An account
-- that was renamed gives its old login up to the one that has it now.
-- name: auth_credential_free
update credential set login = login || ' ' || account where login = $1

-- name: auth_credential_add
insert into credential (account, login, hash, changed_at) values ($1, $2, $3, $4)

-- name: auth_session
select account, created_at, seen_at, expires_at from session where token_hash = $1

-- name: auth_session_add
insert into session (token_hash, account, created_at, seen_at, expires_at, address)
values ($1, $2, $3, $4, $5, $6)

-- name: auth_session_seen
update session set seen_at = $1 where token_hash = $2

-- name: auth_session_sweep
delete from session where expires_at <= $1 or seen_at <= $2

-- name: auth_session_trim
delete from session where account = $1 and token_hash not in (
    select s.token_hash from session s where s.account = $2
    order by s.seen_at desc, s.token_hash limit $3)

-- name: auth_session_drop
delete from session where token_hash = $1

-- name: auth_session_drop_all
delete from session where account = $1

-- name: auth_slip
select account from slip where code_hash = $1 and used_at is null and expires_at > $2

-- name: auth_slip_add
insert into slip (code_hash, account, purpose, made_by, made_at, expires_at)
values ($1, $2, $3, $4, $5, $6)

-- name: auth_slip_used
update slip set used_at = $1 where code_hash = $2 and used_at is null

-- Used ones stay: who was let in by which slip, and when.
-- name: auth_slip_drop_all
delete from slip where account = $1 and used_at is null
