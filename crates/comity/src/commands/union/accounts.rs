//! What else a run says: how residuals were settled and why, what carrying cost, where the asset came from, loans and uses of claims,
//! bilateral positions, the moving unit.
//!
//! A table appears where a rule of the set makes one. Figures of a member are sums over its books. Absent on purpose: figures that
//! the rules do not make.

use comity_union::persist::Loan;
use comity_union::preset::Use;
use comity_union::residual::{Kind, Why};
use comity_union::run::Account;
use comity_union::{Ratio, Share};
use serde_json::{Value, json};

use super::show::{million, plain};
use super::study::{Study, index};
use crate::cli::UnionRun;
use crate::output::{Align, Column, print, table};

/// A member over all its books.
pub(super) struct Sum {
    pub(super) account: Account,
    pub(super) charge: Ratio,
    /// Owed on loans, and owed to it.
    pub(super) owes: i128,
    pub(super) lends: i128,
    /// Paid (below zero) or received for good, and carried as credit.
    pub(super) asset: i128,
    pub(super) credit: i128,
}

pub(super) fn sums(study: &Study) -> Vec<Sum> {
    let none = || Sum { account: Account::default(), charge: Ratio::ZERO, owes: 0, lends: 0, asset: 0, credit: 0 };
    let mut sums: Vec<Sum> = study.members.iter().map(|_| none()).collect();
    for book in study.run.books() {
        for (place, member) in (0u32..).zip(&book.members) {
            let (sum, at) = (&mut sums[index(*member)], index(place));
            let one = &book.live.accounts[at];
            let all = &mut sum.account;
            let plus = |a: Ratio, b: Ratio| a.plus(b).unwrap_or(a);
            all.interest = plus(all.interest, one.interest);
            all.interest_missing += one.interest_missing;
            all.lent += one.lent;
            all.borrowed += one.borrowed;
            all.loan_interest += one.loan_interest;
            all.served_in_asset += one.served_in_asset;
            all.put_off += one.put_off;
            all.used.iter_mut().zip(one.used).for_each(|(all, one)| *all += one);
            all.used_on += one.used_on;
            all.converted += one.converted;
            all.grew += one.grew;
            all.residual.iter_mut().zip(one.residual).for_each(|(all, one)| *all += one);
            all.open += one.open;
            all.rolled += one.rolled;
            all.paid += one.paid;
            all.received += one.received;
            all.drawn += one.drawn;
            all.swap += one.swap;
            all.swap_most += one.swap_most;
            all.refinanced += one.refinanced;
            all.funding_interest = plus(all.funding_interest, one.funding_interest);
            sum.charge = plus(sum.charge, book.live.charges[at]);
            let (owes, lends) = book.live.lent(place);
            let stock = &book.live.stocks[at];
            sum.credit += i128::from(stock.credit) + i128::from(stock.special_credit);
            sum.asset +=
                if book.carries { stock.paid() } else { book.nets[at].iter().map(|net| i128::from(*net)).sum() };
            sum.owes += owes;
            sum.lends += lends;
        }
    }
    sums
}

/// Names of the columns, and each member's figures; empty where no rule makes the table.
type Figures = (&'static str, Vec<&'static str>, Vec<Vec<i128>>);

fn figures(study: &Study) -> Vec<Figures> {
    let rules = study.run.rules();
    let sums = sums(study);
    let mut out: Vec<Figures> = Vec::new();
    let each = |figures: &dyn Fn(&Sum) -> Vec<i128>| sums.iter().map(figures).collect::<Vec<_>>();
    let mut kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    kinds.extend(["open now", "rolled over now"]);
    out.push((
        "How residuals were settled, over all cycles (below zero: paid)",
        kinds,
        each(&|sum| {
            let account = &sum.account;
            let now = [account.open.into(), account.rolled.into()];
            account.residual[..5].iter().copied().chain(now).collect()
        }),
    ));
    if !rules.interest.is_empty() || rules.charge.is_some() || !study.no_rate {
        out.push((
            "What carrying cost (below zero: paid)",
            vec!["interest", "charges", "interest on swap and instalments"],
            each(&|sum| {
                let account = &sum.account;
                let [interest, charge, funding] =
                    [account.interest, sum.charge, account.funding_interest].map(Ratio::toward_zero);
                vec![interest, -charge, -funding]
            }),
        ));
    }
    if rules.swap.is_some() || rules.refinancing.is_some() {
        out.push((
            "Where the designated asset came from",
            vec!["drawn on swap", "most at a time", "drawn now", "put into instalments", "paid of own", "received"],
            each(&|sum| {
                let a = &sum.account;
                vec![a.drawn, a.swap_most.into(), a.swap.into(), a.refinanced, a.paid, a.received]
            }),
        ));
    }
    if rules.recycling.is_some() {
        out.push((
            "Loans out of claims",
            vec!["lent", "owed to it now", "borrowed", "owes now", "loan interest", "served in asset"],
            each(&|sum| {
                let a = &sum.account;
                vec![a.lent, sum.lends, a.borrowed, sum.owes, a.loan_interest, a.served_in_asset]
            }),
        ));
    }
    if sums.iter().any(|sum| sum.account.used != [0; 4]) || !rules.uses.is_empty() {
        let mut kinds: Vec<&str> = Use::ALL.iter().map(|kind| kind.word()).collect();
        kinds.push("used on it");
        out.push((
            "Claims used, by what for",
            kinds,
            each(&|sum| sum.account.used.iter().copied().chain([sum.account.used_on]).collect()),
        ));
    }
    if rules.rising.is_some() {
        out.push((
            "Older credit made asset by the rising share",
            vec!["made asset"],
            each(&|sum| vec![sum.account.converted]),
        ));
    }
    out
}

/// Counts that are no amounts: instalments put off, cycles of too much growth, cycles without a rate.
fn remarks(study: &Study) -> Vec<String> {
    let rules = study.run.rules();
    let sums = sums(study);
    let list = |of: fn(&Account) -> u32| {
        let some = sums.iter().zip(&study.members).filter(|(sum, _)| of(&sum.account) > 0);
        some.map(|(sum, member)| format!("{member} {}", of(&sum.account))).collect::<Vec<_>>().join(", ")
    };
    let mut out = Vec::new();
    let missing = list(|account| account.interest_missing);
    if !missing.is_empty() {
        out.push(format!("No rates given: --interest or --rates would. Cycles without interest: {missing}."));
    } else if rules.interest.is_empty() && study.no_rate {
        out.push("No rates given, and the rules set none: no interest is counted.".into());
    }
    let put_off = list(|account| account.put_off);
    if !put_off.is_empty() {
        let unable = rules.recycling.map_or("", |rule| rule.unable.word());
        out.push(format!("Instalments that their debtors could not serve ({unable}): {put_off}."));
    }
    let grew = list(|account| account.grew);
    if let (Some(rule), false) = (rules.growth, grew.is_empty()) {
        let (share, excess) = (rule.share, rule.excess.word());
        out.push(format!("Cycles in which debtors grew by more than {share} of quota in a year ({excess}): {grew}."));
    }
    out
}

pub(super) fn show(study: &Study, arguments: &UnionRun) {
    for (title, names, rows) in figures(study) {
        print(&format!("\n{title}"));
        // A column of zeros tells nothing.
        let told: Vec<usize> = (0..names.len()).filter(|at| rows.iter().any(|row| row[*at] != 0)).collect();
        if told.is_empty() {
            print("nothing");
            continue;
        }
        let mut columns = vec![Column("member", Align::Left)];
        columns.extend(told.iter().map(|at| Column(names[*at], Align::Right)));
        let row = |(member, row): (&String, &Vec<i128>)| {
            std::iter::once(member.clone()).chain(told.iter().map(|at| million(row[*at]))).collect::<Vec<_>>()
        };
        print(&table(&columns, &study.members.iter().zip(&rows).map(row).collect::<Vec<_>>()));
    }
    for remark in remarks(study) {
        print(&format!("\n{remark}"));
    }
    moving(study);
    if arguments.pairs {
        pairs(study);
    }
    if arguments.why {
        whys(study);
    }
}

fn moving(study: &Study) {
    let Some(moving) = &study.moving else { return };
    print(&format!(
        "\nThe unit of account is {}: worth {} {} on the first day and {} on the last. All amounts above are in it.",
        moving.name,
        decimals(moving.base),
        moving.currency,
        decimals(moving.end)
    ));
    let rows: Vec<Vec<String>> = nets(study)
        .iter()
        .zip(&moving.plain)
        .zip(&study.members)
        .map(|((net, plain), member)| {
            let worth = moving.end.times(Ratio::whole(*net)).map_or(0, Ratio::toward_zero);
            vec![member.clone(), million(*plain), million(*net), million(worth), million(worth - plain)]
        })
        .collect();
    let columns = [
        Column("member", Align::Left),
        Column("net in the currency", Align::Right),
        Column("net in the unit", Align::Right),
        Column("worth of it at the end", Align::Right),
        Column("gained or lost", Align::Right),
    ];
    print(&table(&columns, &rows));
}

/// Net of all cycles by member, over all books.
fn nets(study: &Study) -> Vec<i128> {
    let mut nets = vec![0i128; study.members.len()];
    for book in study.run.books() {
        for (member, list) in book.members.iter().zip(&book.nets) {
            nets[index(*member)] += list.iter().map(|net| i128::from(*net)).sum::<i128>();
        }
    }
    nets
}

fn pairs(study: &Study) {
    print("\nWhat pairs owe each other from all cycles");
    let rows: Vec<Vec<String>> = study
        .run
        .pairs()
        .iter()
        .map(|pair| {
            let (low, high) = (study.members[index(pair.low)].clone(), study.members[index(pair.high)].clone());
            let (creditor, debtor) = if pair.claim > 0 { (low, high) } else { (high, low) };
            vec![creditor, debtor, million(i128::from(pair.claim).abs())]
        })
        .collect();
    let columns = [Column("creditor", Align::Left), Column("debtor", Align::Left), Column("claim", Align::Right)];
    print(&table(&columns, &rows));
}

fn whys(study: &Study) {
    print("\nHow each residual was settled, and why");
    let rows: Vec<Vec<String>> = study
        .whys
        .iter()
        .map(|reason| {
            vec![
                format!("{}, {}", reason.year, reason.cycle),
                study.members[index(reason.member)].clone(),
                reason.settled.kind.map_or("open", Kind::word).into(),
                million(reason.settled.amount.into()),
                because(reason.settled.why),
            ]
        })
        .collect();
    let columns = [
        Column("year, cycle", Align::Left),
        Column("member", Align::Left),
        Column("method", Align::Left),
        Column("amount", Align::Right),
        Column("why", Align::Left),
    ];
    print(&table(&columns, &rows));
}

fn because(why: Why) -> String {
    match why {
        Why::Opposite { matched } => {
            format!("opposite residuals of {} stood against each other", million(matched.into()))
        }
        Why::Room { room } => format!("room of {} under the limit", million(room.into())),
        Why::TurnedBack => "the residual turned, what was rolled over goes back".into(),
        Why::ShareOf { share } if share == Share::ONE => "all that the methods before left".into(),
        Why::ShareOf { share } => format!("{share} of what the methods before left"),
        Why::NoMethod => "no method is left; asked for again in the next cycle".into(),
    }
}

pub(super) fn add_json(told: &mut Value, study: &Study, arguments: &UnionRun) {
    let tables: Vec<Value> = figures(study)
        .into_iter()
        .map(|(title, names, rows)| {
            let members: serde_json::Map<String, Value> = study
                .members
                .iter()
                .zip(rows)
                .map(|(member, row)| {
                    let cells = names.iter().zip(row).map(|(name, cell)| ((*name).to_string(), json!(plain(cell))));
                    (member.clone(), Value::Object(cells.collect()))
                })
                .collect();
            json!({ "title": title, "members": members })
        })
        .collect();
    told["accounts"] = Value::Array(tables);
    told["remarks"] = json!(remarks(study));
    let total = study.run.total();
    let mut residual = serde_json::Map::new();
    for kind in Kind::ALL {
        residual.insert(kind.word().into(), json!(plain(total.residual[kind.place()])));
    }
    residual.insert("open".into(), json!(plain(total.residual[5])));
    told["residual_by_method"] = Value::Object(residual);
    told["added_by_loans_and_uses"] = json!(plain(total.moved));
    let name = |member: u32| &study.members[index(member)];
    let loan = |members: &[u32], loan: &Loan| {
        let rows = loan.schedule.iter().map(|row| {
            json!({ "cycle": row.due, "principal": plain(row.principal.into()), "interest": plain(row.interest.into()) })
        });
        json!({
            "creditor": name(members[index(loan.creditor)]), "debtor": name(members[index(loan.debtor)]),
            "principal": plain(loan.principal.into()), "cycle": loan.drawn, "put_off": loan.put_off,
            "due": rows.collect::<Vec<_>>(),
        })
    };
    let books = study.run.books().iter();
    told["loans"] = books.flat_map(|book| book.live.loans.iter().map(|one| loan(&book.members, one))).collect();
    told["pairs"] = study
        .run
        .pairs()
        .iter()
        .map(|pair| json!({ "low": name(pair.low), "high": name(pair.high), "claim": plain(pair.claim.into()) }))
        .collect();
    if let Some(moving) = &study.moving {
        told["unit"] = json!({
            "basket": moving.name, "currency": moving.currency, "first": decimals(moving.base), "last": decimals(moving.end),
            "net_in_currency": moving.plain.iter().map(|net| plain(*net)).collect::<Vec<_>>(),
            "net_in_unit": nets(study).iter().map(|net| plain(*net)).collect::<Vec<_>>(),
        });
    }
    if arguments.why {
        let reasons = study.whys.iter().map(|reason| {
            json!({
                "year": reason.year, "cycle": reason.cycle, "member": name(reason.member),
                "method": reason.settled.kind.map(Kind::word), "amount": plain(reason.settled.amount.into()),
                "why": because(reason.settled.why),
            })
        });
        told["residuals"] = reasons.collect();
    }
}

/// Four decimals, toward zero.
fn decimals(ratio: Ratio) -> String {
    let ten_thousandths = ratio.times(Ratio::whole(10_000)).map_or(0, Ratio::toward_zero);
    super::show::fixed(ten_thousandths, 4)
}
