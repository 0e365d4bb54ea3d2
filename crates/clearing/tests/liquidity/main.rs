//! Liquidity bounds: stories, refusals, flaws, laws, and brute force over money and waiting.

use comity_clearing::liquidity::{Bounds, Day, NO_GROUP, Need, Payment, Short, System, bounds, check, first_short};
use comity_clearing::{gridlock, gridlock::Workspace};
use proptest::prelude::*;

fn at(index: u32) -> usize {
    usize::try_from(index).expect("small index")
}

fn pays(debtor: u32, creditor: u32, amount: i64) -> Payment {
    Payment { debtor, creditor, amount, group: NO_GROUP }
}

fn together(payment: Payment, group: u32) -> Payment {
    Payment { group, ..payment }
}

/// Computes, and lets the verifier agree.
fn bound(day: &Day<'_>) -> Bounds {
    let bounds = bounds(day).expect("a valid day");
    assert_eq!(check(day, &bounds), Ok(()));
    bounds
}

#[test]
fn a_circle_needs_nothing_at_the_close_and_one_payment_on_entry() {
    let payments = [pays(0, 1, 70), pays(1, 2, 70), pays(2, 0, 70)];
    let bounds = bound(&Day { currency_of: &[0; 3], currencies: 1, payments: &payments, groups: 0 });
    assert_eq!(bounds.systems, [System { net: 0, entry: 70, gross: 210, payments: 3 }]);
    assert_eq!(bounds.accounts[0], Need { net: 0, entry: 70, gross: 70, peak: Some(0) });
    assert_eq!(bounds.accounts[1], Need { net: 0, entry: 0, gross: 70, peak: None });
}

#[test]
fn the_peak_is_where_the_outflow_was_largest_first() {
    let payments = [pays(0, 1, 30), pays(0, 1, 20), pays(1, 0, 45), pays(0, 1, 45), pays(1, 0, 10)];
    let bounds = bound(&Day { currency_of: &[0; 2], currencies: 1, payments: &payments, groups: 0 });
    assert_eq!(bounds.accounts[0], Need { net: 40, entry: 50, gross: 95, peak: Some(1) });
    assert_eq!(bounds.accounts[1], Need { net: 0, entry: 0, gross: 55, peak: None });
}

#[test]
fn payments_that_settle_together_need_only_their_difference() {
    // A PvP of three legs in two currencies; the first leg waits for the others.
    let payments =
        [together(pays(0, 1, 100), 0), pays(1, 0, 5), together(pays(3, 2, 700), 0), together(pays(1, 0, 90), 0)];
    let bounds = bound(&Day { currency_of: &[0, 0, 1, 1], currencies: 2, payments: &payments, groups: 1 });
    // Account 0 has received 5 when it pays 10 net; account 1 has paid 5.
    assert_eq!(bounds.accounts[0], Need { net: 5, entry: 5, gross: 100, peak: Some(3) });
    assert_eq!(bounds.accounts[1], Need { net: 0, entry: 5, gross: 95, peak: Some(1) });
    assert_eq!(bounds.accounts[3], Need { net: 700, entry: 700, gross: 700, peak: Some(3) });
    assert_eq!(bounds.systems[1], System { net: 700, entry: 700, gross: 700, payments: 1 });
}

#[test]
fn a_day_without_payments_needs_nothing() {
    let bounds = bound(&Day { currency_of: &[0], currencies: 1, payments: &[], groups: 0 });
    assert_eq!((bounds.accounts[0], bounds.systems[0]), (Need::default(), System::default()));
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let payments = [pays(0, 1, i64::MAX), pays(0, 1, i64::MAX)];
    let bounds = bound(&Day { currency_of: &[0; 2], currencies: 1, payments: &payments, groups: 0 });
    assert_eq!(bounds.systems[0].entry, 2 * i128::from(i64::MAX));
}

#[test]
fn the_first_payment_that_is_short_is_named() {
    let payments = [pays(0, 1, 30), pays(1, 0, 20), pays(0, 1, 25)];
    let day = Day { currency_of: &[0; 2], currencies: 1, payments: &payments, groups: 0 };
    assert_eq!(first_short(&day, &[35, 0]), Ok(None));
    assert_eq!(first_short(&day, &[34, 0]), Ok(Some(Short { payment: 2, account: 0, balance: -1 })));
    assert_eq!(
        first_short(&day, &[34]).expect_err("refused").to_string(),
        "1 amounts of money given where 2 are expected"
    );
}

/// Refusals in order of precedence.
#[test]
fn a_malformed_day_is_refused_with_the_place_and_the_value() {
    let day = |payments| Day { currency_of: &[0, 0, 1], currencies: 2, payments, groups: 1 };
    let refusals = [
        bounds(&Day { currencies: u32::MAX, ..day(&[]) }),
        bounds(&Day { currencies: 1, ..day(&[]) }),
        bounds(&day(&[pays(0, 3, 5)])),
        bounds(&day(&[pays(1, 1, 5)])),
        bounds(&day(&[pays(0, 1, 1), pays(0, 2, 5)])),
        bounds(&day(&[pays(0, 1, 0)])),
        bounds(&day(&[pays(0, 1, -5)])),
        bounds(&day(&[together(pays(0, 1, 5), 1)])),
    ];
    let told: Vec<String> = refusals.map(|refusal| refusal.expect_err("refused").to_string()).into();
    expect_test::expect![[r#"
        4294967295 currencies exceed the limit of 1073741824
        account 2 has currency 1, which does not exist
        payment 0 names account 3, which does not exist
        payment 0 goes from account 1 to itself
        payment 1 goes from currency 0 to currency 1
        amount 0 of payment 0 is not above 0
        amount -5 of payment 0 is not above 0
        payment 0 names group 1, which does not exist
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

/// Each flaw is made on purpose.
#[test]
fn altered_bounds_are_refused_with_what_is_wrong() {
    let payments = [pays(0, 1, 30), pays(1, 0, 20), pays(0, 1, 25)];
    let day = Day { currency_of: &[0; 2], currencies: 1, payments: &payments, groups: 0 };
    let good = bound(&day);
    let mut told: Vec<String> = Vec::new();
    let mut refuse = |alter: &dyn Fn(&mut Bounds)| {
        let mut bad = good.clone();
        alter(&mut bad);
        told.push(check(&day, &bad).expect_err("refused").to_string());
    };
    refuse(&|bad| bad.accounts.truncate(1));
    refuse(&|bad| bad.systems.clear());
    refuse(&|bad| bad.accounts[0].peak = None);
    refuse(&|bad| bad.accounts[0].peak = Some(3));
    refuse(&|bad| bad.accounts[0].peak = Some(0));
    refuse(&|bad| bad.accounts[0].entry -= 1);
    refuse(&|bad| bad.accounts[0].entry += 1);
    refuse(&|bad| (bad.accounts[1].entry, bad.accounts[1].peak) = (-30, Some(0)));
    refuse(&|bad| bad.accounts[0].net += 1);
    refuse(&|bad| bad.accounts[0].gross += 1);
    refuse(&|bad| bad.systems[0].net += 1);
    refuse(&|bad| bad.systems[0].entry += 1);
    refuse(&|bad| bad.systems[0].gross += 1);
    refuse(&|bad| bad.systems[0].payments += 1);
    told.push(check(&Day { currencies: 0, ..day }, &good).expect_err("refused").to_string());
    expect_test::expect![[r#"
        1 accounts given where 2 are expected
        0 currencies given where 1 are expected
        account 0 has 35 left where its money is least
        account 0 has 35 left where its money is least
        account 0 has 5 left where its money is least
        payment 2 takes account 0 to -1
        account 0 has 1 left where its money is least
        account 1 has -30 left where its money is least
        net bound of account 0 is 35, 36 is stated
        gross of account 0 is 55, 56 is stated
        net bound of currency 0 is 35, 36 is stated
        entry bound of currency 0 is 35, 36 is stated
        gross of currency 0 is 75, 76 is stated
        payments of currency 0 is 3, 4 is stated
        account 0 has currency 0, which does not exist
    "#]]
    .assert_eq(&(told.join("\n") + "\n"));
}

fn payments(accounts: u32, size: usize, groups: u32) -> impl Strategy<Value = Vec<Payment>> {
    let payment =
        (0..accounts, 1..accounts, 1i64..20, 0..3 * groups.max(1)).prop_map(move |(debtor, step, amount, group)| {
            Payment {
                debtor,
                creditor: (debtor + step) % accounts,
                amount,
                group: if group < groups { group } else { NO_GROUP },
            }
        });
    prop::collection::vec(payment, 0..size)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn laws(payments in payments(5, 40, 4), split in 1i64..20) {
        let day = Day { currency_of: &[0; 5], currencies: 1, payments: &payments, groups: 4 };
        let all = bound(&day);
        for need in &all.accounts {
            prop_assert!(0 <= need.net && need.net <= need.entry && need.entry <= need.gross);
        }
        // With the entry bound nothing waits; with less on any account something does.
        let money: Vec<i128> = all.accounts.iter().map(|need| need.entry).collect();
        prop_assert_eq!(first_short(&day, &money), Ok(None));
        for account in (0..5).filter(|account| money[*account] > 0) {
            let mut less = money.clone();
            less[account] -= 1;
            prop_assert!(first_short(&day, &less).expect("a valid day").is_some());
        }
        // Without groups, one payment in two parts changes nothing.
        let alone: Vec<Payment> = payments.iter().map(|payment| Payment { group: NO_GROUP, ..*payment }).collect();
        let parts: Vec<Payment> = alone
            .iter()
            .flat_map(|payment| [split.min(payment.amount), payment.amount - split.min(payment.amount)].map(|amount| Payment { amount, ..*payment }))
            .filter(|payment| payment.amount > 0)
            .collect();
        let needs = |payments: &[Payment]| -> Vec<(i128, i128, i128)> {
            let bounds = bound(&Day { payments, ..day });
            bounds.accounts.iter().map(|need| (need.net, need.entry, need.gross)).collect()
        };
        prop_assert_eq!(needs(&alone), needs(&parts));
    }

    /// The whole queue tried at the close, as a gridlock run does: the net bound is just enough.
    #[test]
    fn the_net_bound_settles_everything_at_the_close(payments in payments(5, 30, 3), waits in 0usize..30) {
        let day = Day { currency_of: &[0; 5], currencies: 1, payments: &payments, groups: 3 };
        let needs = bound(&day).accounts;
        // Some payments have settled during the day, wherever that left the balances.
        let settled = |index: usize, payment: &Payment| index < waits && payment.group == NO_GROUP;
        let left: Vec<Payment> = payments.iter().enumerate().filter(|(i, p)| !settled(*i, p)).map(|(_, p)| *p).collect();
        let all_settle = |less: Option<usize>| {
            let mut balances: Vec<i64> = needs.iter().map(|need| i64::try_from(need.net).expect("small")).collect();
            if let Some(account) = less {
                balances[account] -= 1;
            }
            for (_, payment) in payments.iter().enumerate().filter(|(i, p)| settled(*i, p)) {
                balances[at(payment.debtor)] -= payment.amount;
                balances[at(payment.creditor)] += payment.amount;
            }
            let accounts: Vec<_> = balances.iter().map(|balance| gridlock::Account::funded(*balance)).collect();
            let item = |p: &Payment| gridlock::Item { debtor: p.debtor, creditor: p.creditor, amount: p.amount, group: p.group };
            let items: Vec<_> = left.iter().map(item).collect();
            let problem = gridlock::Problem { accounts: &accounts, items: &items, bilateral: &[], reserves: &[], groups: 3 };
            Workspace::new().solve(&problem).expect("well formed").trace.is_empty()
        };
        prop_assert!(all_settle(None));
        for account in (0..5).filter(|account| needs[*account].net > 0) {
            let pays = left.iter().any(|payment| at(payment.debtor) == account);
            prop_assert!(!pays || !all_settle(Some(account)));
        }
    }

    /// The smallest money with which nothing waits, by trying every amount for two accounts.
    #[test]
    fn equals_brute_force(payments in payments(3, 6, 2)) {
        let day = Day { currency_of: &[0; 3], currencies: 1, payments: &payments, groups: 2 };
        let system = bound(&day).systems[0];
        let most = system.gross.min(40);
        let least = (0..=most).flat_map(|a| (0..=most - a).map(move |b| (a, b))).flat_map(|(a, b)| (0..=most - a - b).map(move |c| [a, b, c]));
        let least = least.filter(|money| first_short(&day, money) == Ok(None)).map(|money| money.iter().sum::<i128>()).min();
        prop_assert_eq!(least.unwrap_or(system.entry), system.entry);
    }
}
