-- Who came in, who was refused. Equal events of one minute are one row with a count, so that neither
-- a broken client nor an attacker can fill the disk with it.

-- name: audit_put
insert into audit (minute, account, mark, peer, what, outcome, first_at, last_at, times)
values ($1, $2, $3, $4, $5, $6, $7, $8, 1)
on conflict (minute, account, mark, peer, what, outcome) do update set
    last_at = excluded.last_at, times = audit.times + 1

-- name: audit_list
select account, mark, peer, what, outcome, first_at, last_at, times from audit
where minute >= $1 and minute < $2 and ($3 = 0 or account = $3) and ($4 = 0 or outcome <> '')
order by last_at desc, account, mark, peer, what, outcome limit $5 offset $6

-- name: audit_count
select count(*) from audit
where minute >= $1 and minute < $2 and ($3 = 0 or account = $3) and ($4 = 0 or outcome <> '')

-- name: audit_first
select min(minute) from audit

-- name: audit_trim
delete from audit where minute < $1
