-- The log and its views. Parameters appear in the order of their numbers; $1 is the region.

-- name: fact_insert
insert into fact (region, id, seq, kind, org, subject, occurred_on, received_at, who, behalf,
    corrects, body, secret)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: fact_last
select seq, id, received_at from fact order by id desc limit 1

-- name: fact_by_id
select region, id, seq, kind, org, subject, occurred_on, received_at, who, behalf, corrects, body,
    secret
from fact where region = $1 and id = $2

-- name: fact_all
select region, id, seq, kind, org, subject, occurred_on, received_at, who, behalf, corrects, body,
    secret
from fact order by id

-- name: fact_since
select id, kind, org, subject, occurred_on, received_at, who, corrects, body
from fact where id > $1 order by id

-- name: fact_newest
select max(id) from fact

-- name: fact_same_thing
select count(*) from fact where region = $1 and id = $2 and kind = $3 and subject = $4

-- name: fact_received_at
select received_at from fact where region = $1 and id = $2

-- name: fact_erase_body
update fact set body = $1, secret = null where region = $2 and id = $3

-- name: erased_of
select name, kept, h from erased_field where region = $1 and fact = $2 order by name

-- name: erased_drop
delete from erased_field where region = $1 and fact = $2

-- name: erased_insert
insert into erased_field (region, fact, name, kept, h) values ($1, $2, $3, $4, $5)

-- name: log_tile_get
select hashes from log_tile where level = $1 and idx = $2

-- name: log_tile_put
insert into log_tile (level, idx, hashes) values ($1, $2, $3)
on conflict (level, idx) do update set hashes = excluded.hashes

-- name: thing_get
select fact, live, org, first, n from thing where region = $1 and kind = $2 and subject = $3

-- name: thing_insert
insert into thing (region, kind, subject, fact, live, org, first, n)
values ($1, $2, $3, $4, 1, $5, $4, 1)

-- name: thing_insert_64
insert into thing (region, kind, subject, fact, live, org, first, n)
values
    ($1, $2, $3, $4, 1, $5, $4, 1), ($1, $2, $6, $7, 1, $8, $7, 1),
    ($1, $2, $9, $10, 1, $11, $10, 1), ($1, $2, $12, $13, 1, $14, $13, 1),
    ($1, $2, $15, $16, 1, $17, $16, 1), ($1, $2, $18, $19, 1, $20, $19, 1),
    ($1, $2, $21, $22, 1, $23, $22, 1), ($1, $2, $24, $25, 1, $26, $25, 1),
    ($1, $2, $27, $28, 1, $29, $28, 1), ($1, $2, $30, $31, 1, $32, $31, 1),
    ($1, $2, $33, $34, 1, $35, $34, 1), ($1, $2, $36, $37, 1, $38, $37, 1),
    ($1, $2, $39, $40, 1, $41, $40, 1), ($1, $2, $42, $43, 1, $44, $43, 1),
    ($1, $2, $45, $46, 1, $47, $46, 1), ($1, $2, $48, $49, 1, $50, $49, 1),
    ($1, $2, $51, $52, 1, $53, $52, 1), ($1, $2, $54, $55, 1, $56, $55, 1),
    ($1, $2, $57, $58, 1, $59, $58, 1), ($1, $2, $60, $61, 1, $62, $61, 1),
    ($1, $2, $63, $64, 1, $65, $64, 1), ($1, $2, $66, $67, 1, $68, $67, 1),
    ($1, $2, $69, $70, 1, $71, $70, 1), ($1, $2, $72, $73, 1, $74, $73, 1),
    ($1, $2, $75, $76, 1, $77, $76, 1), ($1, $2, $78, $79, 1, $80, $79, 1),
    ($1, $2, $81, $82, 1, $83, $82, 1), ($1, $2, $84, $85, 1, $86, $85, 1),
    ($1, $2, $87, $88, 1, $89, $88, 1), ($1, $2, $90, $91, 1, $92, $91, 1),
    ($1, $2, $93, $94, 1, $95, $94, 1), ($1, $2, $96, $97, 1, $98, $97, 1),
    ($1, $2, $99, $100, 1, $101, $100, 1), ($1, $2, $102, $103, 1, $104, $103, 1),
    ($1, $2, $105, $106, 1, $107, $106, 1), ($1, $2, $108, $109, 1, $110, $109, 1),
    ($1, $2, $111, $112, 1, $113, $112, 1), ($1, $2, $114, $115, 1, $116, $115, 1),
    ($1, $2, $117, $118, 1, $119, $118, 1), ($1, $2, $120, $121, 1, $122, $121, 1),
    ($1, $2, $123, $124, 1, $125, $124, 1), ($1, $2, $126, $127, 1, $128, $127, 1),
    ($1, $2, $129, $130, 1, $131, $130, 1), ($1, $2, $132, $133, 1, $134, $133, 1),
    ($1, $2, $135, $136, 1, $137, $136, 1), ($1, $2, $138, $139, 1, $140, $139, 1),
    ($1, $2, $141, $142, 1, $143, $142, 1), ($1, $2, $144, $145, 1, $146, $145, 1),
    ($1, $2, $147, $148, 1, $149, $148, 1), ($1, $2, $150, $151, 1, $152, $151, 1),
    ($1, $2, $153, $154, 1, $155, $154, 1), ($1, $2, $156, $157, 1, $158, $157, 1),
    ($1, $2, $159, $160, 1, $161, $160, 1), ($1, $2, $162, $163, 1, $164, $163, 1),
    ($1, $2, $165, $166, 1, $167, $166, 1), ($1, $2, $168, $169, 1, $170, $169, 1),
    ($1, $2, $171, $172, 1, $173, $172, 1), ($1, $2, $174, $175, 1, $176, $175, 1),
    ($1, $2, $177, $178, 1, $179, $178, 1), ($1, $2, $180, $181, 1, $182, $181, 1),
    ($1, $2, $183, $184, 1, $185, $184, 1), ($1, $2, $186, $187, 1, $188, $187, 1),
    ($1, $2, $189, $190, 1, $191, $190, 1), ($1, $2, $192, $193, 1, $194, $193, 1)

-- name: thing_update
update thing set fact = $1, live = $2, org = $3, n = n + 1
where region = $4 and kind = $5 and subject = $6

-- name: past_insert
insert into past (region, kind, subject, fact) values ($1, $2, $3, $4)

-- name: fact_of_thing
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from thing t join fact f on f.region = t.region and f.id = t.fact
where t.region = $1 and t.kind = $2 and t.subject = $3 and t.live = 1

-- name: fact_history
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from (select region, fact from past where region = $1 and kind = $2 and subject = $3
      union all
      select region, fact from thing where region = $1 and kind = $2 and subject = $3) h
join fact f on f.region = h.region and f.id = h.fact
order by f.id

-- name: field_insert
insert into field_index (region, field, value, subject) values ($1, $2, $3, $4)
on conflict do nothing

-- name: field_insert_64
insert into field_index (region, field, value, subject)
values
    ($1, $2, $3, $4), ($1, $5, $6, $7), ($1, $8, $9, $10), ($1, $11, $12, $13),
    ($1, $14, $15, $16), ($1, $17, $18, $19), ($1, $20, $21, $22), ($1, $23, $24, $25),
    ($1, $26, $27, $28), ($1, $29, $30, $31), ($1, $32, $33, $34), ($1, $35, $36, $37),
    ($1, $38, $39, $40), ($1, $41, $42, $43), ($1, $44, $45, $46), ($1, $47, $48, $49),
    ($1, $50, $51, $52), ($1, $53, $54, $55), ($1, $56, $57, $58), ($1, $59, $60, $61),
    ($1, $62, $63, $64), ($1, $65, $66, $67), ($1, $68, $69, $70), ($1, $71, $72, $73),
    ($1, $74, $75, $76), ($1, $77, $78, $79), ($1, $80, $81, $82), ($1, $83, $84, $85),
    ($1, $86, $87, $88), ($1, $89, $90, $91), ($1, $92, $93, $94), ($1, $95, $96, $97),
    ($1, $98, $99, $100), ($1, $101, $102, $103), ($1, $104, $105, $106), ($1, $107, $108, $109),
    ($1, $110, $111, $112), ($1, $113, $114, $115), ($1, $116, $117, $118), ($1, $119, $120, $121),
    ($1, $122, $123, $124), ($1, $125, $126, $127), ($1, $128, $129, $130), ($1, $131, $132, $133),
    ($1, $134, $135, $136), ($1, $137, $138, $139), ($1, $140, $141, $142), ($1, $143, $144, $145),
    ($1, $146, $147, $148), ($1, $149, $150, $151), ($1, $152, $153, $154), ($1, $155, $156, $157),
    ($1, $158, $159, $160), ($1, $161, $162, $163), ($1, $164, $165, $166), ($1, $167, $168, $169),
    ($1, $170, $171, $172), ($1, $173, $174, $175), ($1, $176, $177, $178), ($1, $179, $180, $181),
    ($1, $182, $183, $184), ($1, $185, $186, $187), ($1, $188, $189, $190), ($1, $191, $192, $193)
on conflict do nothing

-- name: field_drop
delete from field_index where region = $1 and field = $2 and value = $3 and subject = $4

-- name: list_all
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from thing t join fact f on f.region = t.region and f.id = t.fact
where t.region = $1 and t.kind = $2 and t.subject > $3 and t.live = 1
order by t.subject limit $4

-- name: list_all_org
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from thing t join fact f on f.region = t.region and f.id = t.fact
where t.region = $1 and t.kind = $2 and t.subject > $3 and t.live = 1 and t.org = $4
order by t.subject limit $5

-- name: list_all_below
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from thing t join fact f on f.region = t.region and f.id = t.fact
join org_node n on n.region = t.region and n.org = t.org
where t.region = $1 and t.kind = $2 and t.subject > $3 and t.live = 1 and n.rank between $4 and $5
order by t.subject limit $6

-- name: list_field
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from field_index x
join thing t on t.region = x.region and t.subject = x.subject
join fact f on f.region = t.region and f.id = t.fact
where x.region = $1 and t.kind = $2 and x.subject > $3 and x.field = $4 and x.value = $5
order by x.subject limit $6

-- name: list_field_org
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from field_index x
join thing t on t.region = x.region and t.subject = x.subject
join fact f on f.region = t.region and f.id = t.fact
where x.region = $1 and t.kind = $2 and x.subject > $3 and x.field = $4 and x.value = $5
    and t.org = $6
order by x.subject limit $7

-- name: list_field_below
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from field_index x
join thing t on t.region = x.region and t.subject = x.subject
join fact f on f.region = t.region and f.id = t.fact
join org_node n on n.region = t.region and n.org = t.org
where x.region = $1 and t.kind = $2 and x.subject > $3 and x.field = $4 and x.value = $5
    and n.rank between $6 and $7
order by x.subject limit $8

-- name: count_all
select count(*) from thing where region = $1 and kind = $2 and subject > $3 and live = 1

-- name: count_all_org
select count(*) from thing
where region = $1 and kind = $2 and subject > $3 and live = 1 and org = $4

-- name: count_all_below
select count(*) from thing t join org_node n on n.region = t.region and n.org = t.org
where t.region = $1 and t.kind = $2 and t.subject > $3 and t.live = 1 and n.rank between $4 and $5

-- name: count_field
select count(*) from field_index x
join thing t on t.region = x.region and t.subject = x.subject
where x.region = $1 and t.kind = $2 and x.subject > $3 and x.field = $4 and x.value = $5

-- name: count_field_org
select count(*) from field_index x
join thing t on t.region = x.region and t.subject = x.subject
where x.region = $1 and t.kind = $2 and x.subject > $3 and x.field = $4 and x.value = $5
    and t.org = $6

-- name: count_field_below
select count(*) from field_index x
join thing t on t.region = x.region and t.subject = x.subject
join org_node n on n.region = t.region and n.org = t.org
where x.region = $1 and t.kind = $2 and x.subject > $3 and x.field = $4 and x.value = $5
    and n.rank between $6 and $7

-- name: node_all
select t.subject, f.body from thing t join fact f on f.region = t.region and f.id = t.fact
where t.region = $1 and t.kind = 'org' and t.live = 1 order by t.subject

-- name: node_drop
delete from org_node where region = $1

-- name: node_insert
insert into org_node (region, org, parent, rank, last, depth) values ($1, $2, $3, $4, $5, $6)

-- name: node_get
select org, parent, rank, last, depth from org_node where region = $1 and org = $2

-- name: node_range
select org, parent, rank, last, depth from org_node
where region = $1 and rank between $2 and $3 and depth <= $4 order by rank

-- name: search_insert_fts
insert into search (rowid, tokens) values ($1, $2)

-- name: search_drop_fts
insert into search (search, rowid, tokens) values ('delete', $1, $2)

-- name: search_find_fts
select f.region, f.id, f.seq, f.kind, f.org, f.subject, f.occurred_on, f.received_at, f.who,
    f.behalf, f.corrects, f.body, f.secret
from search
join fact o on o.region = $1 and o.id = search.rowid
join thing t on t.region = o.region and t.kind = o.kind and t.subject = o.subject
join fact f on f.region = t.region and f.id = t.fact
where search match $2 order by search.rowid desc

-- name: search_optimize_fts
insert into search (search) values ('optimize')

-- name: dump_fact
select * from fact order by region, id

-- name: dump_erased_field
select * from erased_field order by region, fact, name

-- name: dump_log_tile
select * from log_tile order by level, idx

-- name: dump_thing
select * from thing order by region, kind, subject

-- name: dump_past
select * from past order by region, kind, subject, fact

-- name: dump_field_index
select * from field_index order by region, field, value, subject

-- name: dump_org_node
select * from org_node order by region, org

-- name: dump_search_fts
select doc, term from search_terms order by doc, term

-- Things without their bodies. The tree comes first: the ranks asked for are few where it matters.
-- name: keys_all
select t.subject, t.fact, t.first, t.org, n.rank, f.occurred_on, o.received_at, f.received_at
from org_node n
cross join thing t
cross join fact f
cross join fact o
where n.region = $1 and t.region = $1 and t.kind = $2 and t.org = n.org and t.live = 1
    and n.rank between $3 and $4 and f.region = $1 and f.id = t.fact
    and o.region = $1 and o.id = t.first and f.occurred_on between $5 and $6

-- name: keys_field
select t.subject, t.fact, t.first, t.org, n.rank, f.occurred_on, o.received_at, f.received_at
from field_index x
cross join thing t
cross join org_node n
cross join fact f
cross join fact o
where x.region = $1 and t.region = $1 and t.kind = $2 and t.subject = x.subject and t.live = 1
    and n.region = $1 and n.org = t.org and n.rank between $3 and $4
    and f.region = $1 and f.id = t.fact and o.region = $1 and o.id = t.first
    and f.occurred_on between $5 and $6 and x.field = $7 and x.value = $8
