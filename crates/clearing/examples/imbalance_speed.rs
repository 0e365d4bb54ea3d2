//! Timing of least imbalance: `cargo run --release -p comity-clearing --example imbalance_speed [ORDERS MEMBERS CURRENCIES]`.
//!
//! Members of unequal size, orders between them of unequal amounts; every order may use about three quarters of the
//! currencies. Four books take the same orders: in the first allowed
//! currency, directly in any, also over home members, and split over up to four routes.
//! Prints time per order (each decided
//! three times, the least counts: others use the machine too; median, 99.9 % and the slowest), the cost at the end, the bound in hindsight, the regret and the time
//! of both. Seeded, one thread, wall clock.
#![expect(clippy::print_stdout, reason = "a measuring program reports on standard output")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use comity_clearing::imbalance::{Book, Order, Schedule, Setup, Tranche, check, hindsight};
use comity_clearing::sample::Chance;

fn main() {
    let mut sizes = std::env::args().skip(1).map(|word| word.parse::<u32>());
    let orders = sizes.next().and_then(Result::ok).unwrap_or(20_000).max(1);
    let members = sizes.next().and_then(Result::ok).unwrap_or(1_000);
    let currencies = sizes.next().and_then(Result::ok).unwrap_or(30).clamp(1, 64);
    let schedules: Vec<Schedule> = (0..20).map(|size| schedule(2_000_000 << (size / 4))).collect();
    let cells = usize::try_from(members * currencies).expect("fits");
    // The first members are the largest; all currencies of a member have the same quota.
    let schedule_of: Vec<u32> = (0..members)
        .flat_map(|member| (0..currencies).map(move |_| 19u32.saturating_sub(member * 40 / members)))
        .collect();
    let homes: Vec<Option<u32>> = (0..currencies).map(|currency| Some(currency % members)).collect();
    let positions = vec![0; cells];
    let setup = Setup {
        members,
        currencies,
        schedules: &schedules,
        schedule_of: &schedule_of,
        positions: &positions,
        homes: &homes,
    };
    let day = draw(orders, members, currencies);
    println!("{orders} orders, {members} members, {currencies} currencies");
    let first = |order: &Order| Order { allowed: order.allowed & order.allowed.wrapping_neg(), ..*order };
    measure("first allowed currency", &setup, &day.iter().map(first).collect::<Vec<_>>());
    measure("direct", &setup, &day);
    measure("via", &setup, &day.iter().map(|order| Order { via: true, ..*order }).collect::<Vec<_>>());
    measure(
        "via, split",
        &setup,
        &day.iter().map(|order| Order { via: true, pieces: 4, ..*order }).collect::<Vec<_>>(),
    );
}

/// Free up to a quarter of the quota, then dearer with each quarter.
fn schedule(quota: i64) -> Schedule {
    let quarter = |part: i64, rate| Tranche { end: quota / 4 * part, rate };
    Schedule::symmetric(&[quarter(1, 0), quarter(2, 10), quarter(3, 25), quarter(4, 60)], 200).expect("convex")
}

fn draw(orders: u32, members: u32, currencies: u32) -> Vec<Order> {
    let mut chance = Chance::new(1);
    (0..orders)
        .map(|_| {
            let payer = chance.skewed(members);
            let payee = chance.skewed_other(members, payer);
            let bits = u64::from(chance.bits() | chance.bits());
            let bits = bits << 32 | u64::from(chance.bits() | chance.bits());
            let allowed = (bits & (u64::MAX >> (64 - currencies))).max(1);
            Order { payer, payee, amount: chance.amount().min(2_000_000), allowed, via: false, pieces: 1 }
        })
        .collect()
}

fn measure(name: &str, setup: &Setup<'_>, orders: &[Order]) {
    let mut book = Book::new(setup).expect("a valid setup");
    let mut timed = |order: &Order| {
        let mut decide = || {
            let start = Instant::now();
            black_box(book.quote(order).expect("a route"));
            start.elapsed()
        };
        let time = decide().min(decide()).min(decide());
        book.take(order).expect("a route");
        time
    };
    let mut times: Vec<Duration> = orders.iter().map(&mut timed).collect();
    times.sort_unstable();
    let time = |per_mille: usize| times[(times.len() - 1) * per_mille / 1_000];
    let start = Instant::now();
    let best = hindsight(setup, orders, book.positions()).expect("a day of this book");
    let solving = start.elapsed();
    let start = Instant::now();
    let bound = check(setup, orders, &best).expect("proved");
    let cost = book.cost();
    println!(
        "{name}: {:.1?} an order, 99.9 % below {:.1?}, slowest {:.1?}; cost {cost}, in hindsight at least {bound}, regret {}; bound \
         {solving:.1?}, verified {:.1?}",
        time(500),
        time(999),
        time(1_000),
        cost - bound,
        start.elapsed(),
    );
}
