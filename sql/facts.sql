-- The enduring tables: what is here exists nowhere else. Version: STORE_SCHEMA of store.h.
-- Days are days since 1970-01-01, moments milliseconds since then; 0 stands for "none" in ids.

create table meta (
    name text not null primary key,
    value integer not null
) strict, without rowid;

-- The log. One file holds one region, so the id alone is the key here; where many regions share a
-- table the key is (region, id), and every statement names both. A body is canonical JSON that SQL never looks into; a secret that is null was erased.
create table fact (
    region integer not null,
    id integer not null primary key,
    seq integer not null,
    kind text not null,
    org integer not null,
    subject integer not null,
    occurred_on integer,
    received_at integer not null,
    who integer not null,
    behalf integer not null,
    corrects integer not null,
    body text not null,
    secret blob
) strict;

-- What is left of the fields of a fact that an erasure touched: salt of a kept one, hash of an erased one.
create table erased_field (
    region integer not null,
    fact integer not null,
    name text not null,
    kept integer not null,
    h blob not null,
    primary key (region, fact, name)
) strict, without rowid;

-- Tiles of the Merkle tree: up to 256 hashes of 32 bytes.
create table log_tile (
    level integer not null,
    idx integer not null,
    hashes blob not null,
    primary key (level, idx)
) strict;

-- What must not be in a log: secrets, and what is still being written.
create table credential (
    account integer not null primary key,
    login text not null unique,
    hash text not null,
    totp blob,
    changed_at integer not null,
    failed integer not null default 0,
    locked_until integer not null default 0
) strict;

create table session (
    token_hash blob not null primary key,
    account integer not null,
    created_at integer not null,
    seen_at integer not null,
    expires_at integer not null,
    address text not null default '',
    agent text not null default ''
) strict, without rowid;
create index session_account on session (account);

create table slip (
    code_hash blob not null primary key,
    account integer not null,
    purpose text not null,
    made_by integer not null,
    made_at integer not null,
    expires_at integer not null,
    used_at integer
) strict, without rowid;
create index slip_account on slip (account);

create table draft (
    account integer not null,
    kind text not null,
    subject integer not null,
    base integer not null default 0,
    body text not null,
    saved_at integer not null,
    primary key (account, kind, subject)
) strict, without rowid;

-- What two tellers read off the papers of one box, each for himself. Gone when the box is closed.
create table tally (
    cycle integer not null,
    object text not null,
    voter_group text not null,
    account integer not null,
    body text not null,
    submitted integer not null,
    saved_at integer not null,
    primary key (cycle, object, voter_group, account)
) strict, without rowid;

create table blob (
    hash blob not null primary key,
    size integer not null,
    type text not null,
    stored_at integer not null,
    bytes blob not null
) strict;

create table setting (
    name text not null primary key,
    value text not null
) strict, without rowid;

-- Log-ins and refusals (doc/decisions/0007). Kept for at least 184 days, then trimmed by the audit
-- administrator; mark tells unknown logins apart without keeping what was typed.
create table audit (
    minute integer not null,
    account integer not null,
    mark text not null,
    peer text not null,
    what text not null,
    outcome text not null,
    first_at integer not null,
    last_at integer not null,
    times integer not null,
    primary key (minute, account, mark, peer, what, outcome)
) strict, without rowid;
