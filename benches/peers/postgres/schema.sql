-- The book of the peer benchmark: accounts, transfers, and the two ways to settle.
--
-- It asks of PostgreSQL what Comity's engine promises: a transfer settles at most once by its unique id, a balance
-- never falls below its limit, debit and credit are one decision, a refusal is recorded and answered again the same way.
-- Deliberately absent, each in PostgreSQL's favour: foreign keys (the two updates already prove that the accounts
-- exist), indexes on debtor and creditor, several currencies, holds, queues, phases, and a hash chain.

create type outcome as enum ('settled', 'limit', 'unknown_account', 'malformed', 'key_reused');

-- Half of each page stays free, so an update of a balance finds room beside the old row and touches no index.
create table account (
    id      integer primary key,
    balance bigint not null default 0,
    credit  bigint not null check (credit >= 0),
    constraint balance_within_credit check (balance >= -credit)
) with (fillfactor = 50);

-- Widest columns first, so no bytes are lost to alignment.
create table transfer (
    id       uuid primary key,
    amount   bigint not null check (amount > 0),
    at       timestamptz not null default now(),
    debtor   integer not null,
    creditor integer not null,
    outcome  outcome not null,
    check (debtor <> creditor)
);

-- How often a batch left the set-based way. A sequence, because it counts whatever becomes of the transaction.
create sequence one_by_one;

-- One transfer, one transaction. Ids are taken before accounts and accounts in rising order, everywhere: calls wait
-- for each other and never in a circle.
create function settle(new_id uuid, new_debtor integer, new_creditor integer, new_amount bigint) returns outcome
language plpgsql as $$
declare
    original transfer;
    refusal  outcome;
begin
    if new_amount is null or new_amount <= 0 or new_debtor is null or new_creditor is null
       or new_debtor = new_creditor then
        return 'malformed';
    end if;

    insert into transfer (id, amount, debtor, creditor, outcome)
    values (new_id, new_amount, new_debtor, new_creditor, 'settled')
    on conflict (id) do nothing;
    if not found then
        select * into strict original from transfer where id = new_id;
        if (original.debtor, original.creditor, original.amount) = (new_debtor, new_creditor, new_amount) then
            return original.outcome;
        end if;
        return 'key_reused';
    end if;

    if new_creditor < new_debtor then
        perform from account where id = new_creditor for no key update;
    end if;
    update account set balance = balance - new_amount where id = new_debtor and balance - new_amount >= -credit;
    if found then
        update account set balance = balance + new_amount where id = new_creditor;
        if found then
            return 'settled';
        end if;
        -- The creditor does not exist: give the debtor back what was taken.
        update account set balance = balance + new_amount where id = new_debtor;
        refusal := 'unknown_account';
    elsif exists (select from account where id = new_debtor)
      and exists (select from account where id = new_creditor) then
        refusal := 'limit';
    else
        refusal := 'unknown_account';
    end if;
    update transfer set outcome = refusal where id = new_id;
    return refusal;
end
$$;

-- A batch in one call. It answers with the lines that did not settle, by their place; no rows means all settled.
--
-- The result is exactly that of `settle` called line by line. The set-based way is taken when every id is new and each
-- debtor can pay all its debits of the batch without a single credit of the batch: then no order of the lines could
-- refuse one, as incoming money only helps. In any other case the set-based work is rolled back to where the batch
-- began and the lines go one by one, so the check is conservative in choosing the way and never in the answer.
create function settle_batch(ids uuid[], debtors integer[], creditors integer[], amounts bigint[])
returns table (line integer, answer outcome)
language plpgsql
-- Nested loops update the accounts in their sorted order, so two batches do not wait in a circle. Locking them first by
-- a statement of its own would make that certain and costs a fifth of the speed; should a circle happen nevertheless,
-- PostgreSQL breaks it by failing one transaction, and the benchmark counts it.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    touched integer[];
    debits  bigint[];
    changes bigint[];
    moved   bigint;
begin
    if cardinality(ids) not between 1 and 8190 then
        raise exception 'batch of % is outside 1 to 8190', cardinality(ids);
    end if;

    begin
        -- Rising ids walk the index once from left to right, and two batches with the same ids wait in the same order.
        insert into transfer (id, amount, debtor, creditor, outcome)
        select n.id, n.amount, n.debtor, n.creditor, 'settled'
        from unnest(ids, debtors, creditors, amounts) as n (id, debtor, creditor, amount)
        order by n.id;

        select array_agg(s.account order by s.account), array_agg(s.debit order by s.account),
               array_agg(s.change order by s.account)
        into strict touched, debits, changes
        from (
            select l.account, sum(l.debit)::bigint as debit, sum(l.credit - l.debit)::bigint as change
            from (
                select d.account, d.amount as debit, 0 as credit from unnest(debtors, amounts) as d (account, amount)
                union all
                select c.account, 0, c.amount from unnest(creditors, amounts) as c (account, amount)
            ) as l
            group by l.account
        ) as s;

        update account set balance = account.balance + t.change
        from unnest(touched, debits, changes) as t (account, debit, change)
        where account.id = t.account and account.balance - t.debit >= -account.credit;

        get diagnostics moved = row_count;
        if moved = cardinality(touched) then
            return;
        end if;
        raise exception using errcode = 'CM001', message = 'an account is short or unknown';
    exception
        when sqlstate 'CM001' or unique_violation or check_violation or not_null_violation then
            perform nextval('one_by_one');
    end;

    for place in 1 .. cardinality(ids) loop
        line := place;
        answer := settle(ids[place], debtors[place], creditors[place], amounts[place]);
        if answer <> 'settled' then
            return next;
        end if;
    end loop;
end
$$;

-- The whole book against its invariants. Every line must be zero.
create view violation as
select 'sum of all balances' as rule, coalesce(sum(balance), 0)::bigint as found from account
union all
select 'accounts below their limit', count(*) from account where balance < -credit
union all
select 'accounts that differ from their transfers', count(*)
from account
left join (
    select l.account, sum(l.change) as net
    from (
        select debtor as account, -amount as change from transfer where outcome = 'settled'
        union all
        select creditor, amount from transfer where outcome = 'settled'
    ) as l
    group by l.account
) as s on s.account = account.id
where account.balance <> coalesce(s.net, 0);
