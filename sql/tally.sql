-- Counts of paper ballots while two tellers enter them; never in the log.

-- name: tally_mine
select body, submitted, saved_at from tally
where cycle = $1 and object = $2 and voter_group = $3 and account = $4

-- name: tally_put
insert into tally (cycle, object, voter_group, account, body, submitted, saved_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (cycle, object, voter_group, account) do update set body = excluded.body,
    submitted = excluded.submitted, saved_at = excluded.saved_at

-- Who is at work on a box; without a figure.
-- name: tally_at
select account, submitted from tally
where cycle = $1 and object = $2 and voter_group = $3 order by account

-- Read only where both have submitted.
-- name: tally_submitted
select account, body from tally
where cycle = $1 and object = $2 and voter_group = $3 and submitted = 1 order by account

-- name: tally_reopen
update tally set submitted = 0
where cycle = $1 and object = $2 and voter_group = $3 and account = $4 and submitted = 1

-- name: tally_drop
delete from tally where cycle = $1 and object = $2

-- In a safety copy: entries that are still being made stay out of it.
-- name: tally_forget
delete from tally

-- name: session_forget
delete from session
