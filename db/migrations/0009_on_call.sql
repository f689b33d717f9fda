-- Who is on call, in the order in which they are paged (FLOW-EMER): a ladder for each territory and class of product.
-- Several may follow each other on one rung, never two at once; a person stands on one rung of a ladder at a time.
create table on_call_duties (
  territory text not null references territories,
  product_class text not null,
  position integer not null check (position > 0),
  staff_number text not null references staff,
  -- Faults of these skills reach the person before those who lack them.
  skills text[] not null,
  period tstzrange not null check (not isempty(period)),
  primary key (territory, product_class, position, period),
  constraint one_on_a_rung exclude using gist
    (territory with =, product_class with =, position with =, period with &&),
  constraint one_rung_each exclude using gist
    (territory with =, product_class with =, staff_number with =, period with &&)
);
