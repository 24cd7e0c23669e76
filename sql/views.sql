-- The views: derived from the facts by one fold, dropped and made again by a rebuild.

drop table if exists thing;
drop table if exists past;
drop table if exists field_index;
drop table if exists org_node;
drop table if exists search_terms;
drop table if exists search;

-- The newest fact of every thing; live is 0 when that one strikes it.
create table thing (
    region integer not null,
    kind text not null,
    subject integer not null,
    fact integer not null,
    live integer not null,
    org integer not null,
    first integer not null,
    n integer not null,
    primary key (region, kind, subject)
) strict, without rowid;
create index thing_org on thing (region, kind, org, subject);

-- The facts of a thing before its newest.
create table past (
    region integer not null,
    kind text not null,
    subject integer not null,
    fact integer not null,
    primary key (region, kind, subject, fact)
) strict, without rowid;

-- field is a number made of kind and name in C: short keys compare faster.
create table field_index (
    region integer not null,
    field integer not null,
    value text not null,
    subject integer not null,
    primary key (region, field, value, subject)
) strict, without rowid;

-- Preorder: an org and everything below it are the ranks rank..last.
create table org_node (
    region integer not null,
    org integer not null,
    parent integer not null,
    rank integer not null,
    last integer not null,
    depth integer not null,
    primary key (region, org)
) strict, without rowid;
create index org_node_rank on org_node (region, rank);

-- One row a thing: rowid is the thing's first fact, tokens are made in C. The text itself is not kept
-- here; what is taken out again is made from the fact a second time.
create virtual table search using fts5 (
    tokens, content = '', detail = none, columnsize = 0, tokenize = 'unicode61 remove_diacritics 0'
);
insert into search (search, rank) values ('hashsize', 16777216);
create virtual table search_terms using fts5vocab (search, instance);
