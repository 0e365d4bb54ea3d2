-- An empty book: :accounts accounts at zero, each with a credit of :credit minor units.
-- Every series begins from the same state; the checkpoint keeps the work of the last one out of the next.
truncate account, transfer;
insert into account (id, credit) select n, :credit from generate_series(1, :accounts) as n;
select setval('one_by_one', 1, false) \g /dev/null
vacuum (analyze) account, transfer;
checkpoint;
