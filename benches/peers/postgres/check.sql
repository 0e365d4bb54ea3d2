-- The rules of the book, shown before anything is measured: a benchmark of a wrong program measures nothing.
-- Everything is rolled back.
begin;

insert into account (id, credit) values (1, 100), (2, 0), (3, 0), (4, 1000);

create function pg_temp.expect(what text, answer text, wanted text) returns void language plpgsql as $$
begin
    if answer is distinct from wanted then
        raise exception '%: expected %, found %', what, wanted, answer;
    end if;
end
$$;
create function pg_temp.key(n integer) returns uuid language sql as
$$ select lpad(to_hex(n), 32, '0')::uuid $$;
create function pg_temp.balances() returns text language sql as
$$ select string_agg(balance::text, ' ' order by id) from account $$;
create function pg_temp.batch(keys integer[], debtors integer[], creditors integer[], amounts bigint[]) returns text
language sql as $$
    select coalesce(string_agg(line || ' ' || answer, ', ' order by line), 'all settled')
    from settle_batch(array(select pg_temp.key(k) from unnest(keys) with ordinality as u (k, place) order by place),
                      debtors, creditors, amounts)
$$;
create function pg_temp.broken() returns text language sql as
$$ select coalesce(string_agg(rule, ', '), 'nothing') from violation where found <> 0 $$;

do $$
begin
    -- One by one.
    perform pg_temp.expect('up to the limit', settle(pg_temp.key(1), 1, 2, 100)::text, 'settled');
    perform pg_temp.expect('one beyond the limit', settle(pg_temp.key(2), 1, 2, 1)::text, 'limit');
    perform pg_temp.expect('same key, same body, settled', settle(pg_temp.key(1), 1, 2, 100)::text, 'settled');
    perform pg_temp.expect('same key, same body, refused', settle(pg_temp.key(2), 1, 2, 1)::text, 'limit');
    perform pg_temp.expect('same key, other body', settle(pg_temp.key(1), 1, 2, 99)::text, 'key_reused');
    perform pg_temp.expect('unknown creditor', settle(pg_temp.key(3), 2, 9, 1)::text, 'unknown_account');
    perform pg_temp.expect('unknown debtor', settle(pg_temp.key(4), 9, 2, 1)::text, 'unknown_account');
    perform pg_temp.expect('to itself', settle(pg_temp.key(5), 2, 2, 1)::text, 'malformed');
    perform pg_temp.expect('an amount of zero', settle(pg_temp.key(5), 2, 3, 0)::text, 'malformed');
    perform pg_temp.expect('debtor after creditor', settle(pg_temp.key(6), 2, 1, 40)::text, 'settled');
    perform pg_temp.expect('balances after single transfers', pg_temp.balances(), '-60 60 0 0');

    -- Batches that nobody can refuse go the set-based way.
    perform pg_temp.expect('a plain batch', pg_temp.batch('{11,10,12}', '{1,2,4}', '{2,3,1}', '{40,60,500}'), 'all settled');
    perform pg_temp.expect('balances after a plain batch', pg_temp.balances(), '400 40 60 -500');
    perform pg_temp.expect('it went in one piece', (select is_called::text from one_by_one), 'false');

    -- Anything else equals the lines one by one, in their order.
    perform pg_temp.expect('money that arrives in the batch can be spent behind it',
        pg_temp.batch('{20,21}', '{1,3}', '{3,2}', '{100,160}'), 'all settled');
    perform pg_temp.expect('and not before it',
        pg_temp.batch('{22,23}', '{3,1}', '{2,3}', '{50,100}'), '1 limit');
    perform pg_temp.expect('a duplicate in a batch, an altered one, and a new one',
        pg_temp.batch('{23,23,24}', '{1,1,3}', '{3,3,4}', '{100,99,100}'), '2 key_reused');
    perform pg_temp.expect('one bad line blocks no other',
        pg_temp.batch('{30,31,32,33}', '{2,2,2,2}', '{2,9,3,4}', '{1,1,20,0}'), '1 malformed, 2 unknown_account, 4 malformed');
    perform pg_temp.expect('balances at the end', pg_temp.balances(), '200 180 20 -400');
    perform pg_temp.expect('batches that went one by one', (select last_value::text from one_by_one), '4');
    perform pg_temp.expect('the book agrees with its invariants', pg_temp.broken(), 'nothing');

    -- The invariants are able to fail.
    update account set balance = balance + 1 where id = 2;
    perform pg_temp.expect('money from nowhere is seen', pg_temp.broken(),
        'sum of all balances, accounts that differ from their transfers');
    update account set balance = balance - 1 where id = 3;
    perform pg_temp.expect('money moved without a transfer is seen', pg_temp.broken(),
        'accounts that differ from their transfers');
    alter table account drop constraint balance_within_credit;
    update account set balance = balance - 500 where id = 3;
    perform pg_temp.expect('a balance below its limit is seen', pg_temp.broken(),
        'sum of all balances, accounts below their limit, accounts that differ from their transfers');
end
$$;

rollback;
select setval('one_by_one', 1, false) \g /dev/null
