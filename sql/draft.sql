-- Drafts: what an account is still writing. Private to it, never in the log, gone when filed.

-- name: draft_get
select body, saved_at, base from draft where account = $1 and kind = $2 and subject = $3

-- name: draft_put
insert into draft (account, kind, subject, base, body, saved_at) values ($1, $2, $3, $4, $5, $6)
on conflict (account, kind, subject) do update set base = excluded.base, body = excluded.body,
    saved_at = excluded.saved_at

-- name: draft_delete
delete from draft where account = $1 and kind = $2 and subject = $3
