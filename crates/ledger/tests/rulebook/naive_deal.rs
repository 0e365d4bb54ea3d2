//! A second, simple implementation of dealers and quotes: loops over plain lists. It must agree with the ledger.

use comity_ledger::Command;
use comity_ledger::command::*;
use comity_ledger::dealing::{Basis, DealerTerms, QuoteStanding, Tier, TwoWay};
use comity_ledger::ids::*;
use comity_ledger::payment::Standing;
use comity_ledger::rate::Rate;
use proptest::prelude::*;

use crate::world::{Setting, World};

/// Who sells CNY for RUB, and who deals.
const CLIENTS: [&str; 2] = ["ALFA", "BRAVO"];
const DEALERS: [&str; 2] = ["DELTA", "ECHO"];
const PAYEE: &str = "CHARLIE";
/// Largest position of each dealer: CNY taken, RUB given; minor units.
const LIMITS: [(i64, i64); 2] = [(500, 8_000), (2_000, 5_000)];
/// Validity of a quote, minutes.
const VALID: u64 = 10;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Stand {
    Open,
    Accepted,
    Used,
    Expired,
}

#[derive(Clone, Debug)]
struct Quote {
    client: usize,
    dealer: usize,
    source: i64,
    target: i64,
    /// Hundredths of a minor unit that rounding leaves.
    left: i64,
    until: u64,
    stand: Stand,
}

#[derive(Default)]
struct Naive {
    minute: u64,
    cny: [i64; 2],
    rub: [i64; 2],
    payee: i64,
    taken: [i64; 2],
    given: [i64; 2],
    /// CNY that each dealer has taken in.
    dealer_cny: [i64; 2],
    owes: [i64; 2],
    owner: i64,
    /// Bid in hundredths, and the tier: from this amount on, one more hundredth.
    bid: [Option<(i64, i64)>; 2],
    quotes: Vec<Quote>,
}

impl Naive {
    fn locked(&self, dealer: usize) -> i64 {
        self.quotes.iter().filter(|q| q.dealer == dealer && q.stand == Stand::Accepted).map(|q| q.target).sum()
    }

    fn pending(&self, dealer: usize) -> (i64, i64) {
        let accepted = || self.quotes.iter().filter(|q| q.dealer == dealer && q.stand == Stand::Accepted);
        (accepted().map(|q| q.source).sum(), accepted().map(|q| q.target).sum())
    }

    fn able(&self, dealer: usize, source: i64, target: i64) -> bool {
        let (taken, given) = self.pending(dealer);
        self.taken[dealer] + taken + source <= LIMITS[dealer].0
            && self.given[dealer] + given + target <= LIMITS[dealer].1
            && target <= self.rub[dealer] - self.locked(dealer)
    }

    /// The best price: (dealer, target, hundredths left).
    fn best(&self, amount: i64, also: impl Fn(usize, i64) -> bool) -> Option<(usize, i64, i64)> {
        let mut best: Option<(usize, i64, i64)> = None;
        for dealer in 0..2 {
            let Some((bid, tier)) = self.bid[dealer] else { continue };
            // One per cent better from the tier on: bids are whole hundreds, so that this is whole hundredths.
            let rate = if amount >= tier { bid + bid / 100 } else { bid };
            let (target, left) = (amount * rate / 100, amount * rate % 100);
            let can = target > 0 && self.able(dealer, amount, target) && also(dealer, target);
            if can && best.is_none_or(|(_, known, _)| target > known) {
                best = Some((dealer, target, left));
            }
        }
        best
    }

    fn deal(&mut self, client: usize, dealer: usize, source: i64, target: i64, left: i64) {
        self.cny[client] -= source;
        self.dealer_cny[dealer] += source;
        self.rub[dealer] -= target;
        self.payee += target;
        self.taken[dealer] += source;
        self.given[dealer] += target;
        if left == 0 {
            return;
        }
        self.owes[dealer] += left;
        let whole = (self.owes[dealer] / 100).min(self.rub[dealer] - self.locked(dealer));
        self.owes[dealer] -= whole * 100;
        self.rub[dealer] -= whole;
        self.owner += whole;
    }

    fn expire(&mut self) {
        let minute = self.minute;
        for quote in self.quotes.iter_mut().filter(|q| q.until <= minute) {
            if matches!(quote.stand, Stand::Open | Stand::Accepted) {
                quote.stand = Stand::Expired;
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Move {
    FundClient(usize, i64),
    FundDealer(usize, i64),
    Offer(usize, i64, i64),
    Quote(usize, i64),
    Accept(usize),
    Settle(usize),
    Convert(usize, i64),
    Wait(u64),
}

fn moves() -> impl Strategy<Value = Move> {
    let who = 0..2_usize;
    prop_oneof![
        2 => (who.clone(), 1..400_i64).prop_map(|(who, amount)| Move::FundClient(who, amount)),
        2 => (who.clone(), 1..4_000_i64).prop_map(|(who, amount)| Move::FundDealer(who, amount)),
        2 => (who.clone(), 8..14_i64, 1..100_i64).prop_map(|(who, bid, tier)| Move::Offer(who, bid * 100, tier)),
        4 => (who.clone(), 1..120_i64).prop_map(|(who, amount)| Move::Quote(who, amount)),
        4 => (0..12_usize).prop_map(Move::Accept),
        6 => (0..12_usize).prop_map(Move::Settle),
        3 => (who, 1..120_i64).prop_map(|(who, amount)| Move::Convert(who, amount)),
        1 => (1..6_u64).prop_map(Move::Wait),
    ]
}

fn instruction(world: &World, client: usize, amount: i64, uetr: u128) -> Instruction {
    Instruction {
        uetr: Uetr(uetr),
        debtor: world.account(CLIENTS[client], "CNY").0,
        creditor: world.account(PAYEE, "RUB").0,
        debtor_for: ParticipantId::NONE,
        creditor_for: ParticipantId::NONE,
        amount,
        priority: Priority::Normal,
        kind: PaymentKind::Customer,
        value_date: Day(0),
        earliest: Time(0),
        latest: Time(0),
        message: 1,
        document: 0,
        line: 0,
    }
}

fn play(moves: &[Move]) {
    let mut given = vec!["pricing CNY/RUB dealers+quotes".to_string()];
    for (dealer, (base, quote)) in DEALERS.iter().zip(LIMITS) {
        let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
        given.push(format!("dealer CNY/RUB {dealer} {} {}", money(base), money(quote)));
    }
    let mut world = World::new(&Setting { given, ..Setting::default() });
    let mut naive = Naive::default();
    let pair = PairRef { base: world.currency("CNY"), quote: world.currency("RUB") };
    let mut reference = 0_u128;
    let start = world.at;
    for step in moves {
        reference += 1;
        world.events.clear();
        let client_of = |at: usize| world.actors[CLIENTS[naive.quotes[at].client]];
        match *step {
            Move::FundClient(who, amount) => {
                let account = world.account(CLIENTS[who], "CNY").0;
                let actor = world.actors["CN.maker"];
                world.enter(actor, Key(0), Command::FundIn(Funding { account, amount, outside_ref: Key(reference) }));
                naive.cny[who] += amount;
            }
            Move::FundDealer(who, amount) => {
                let account = world.account(DEALERS[who], "RUB").0;
                let actor = world.actors["RU.maker"];
                world.enter(actor, Key(0), Command::FundIn(Funding { account, amount, outside_ref: Key(reference) }));
                naive.rub[who] += amount;
            }
            Move::Offer(who, bid, tier) => {
                let mantissa = u64::try_from(bid).expect("positive");
                let two = TwoWay { bid: Rate { mantissa, scale: 2 }, ask: Rate { mantissa: mantissa + 10, scale: 2 } };
                let terms = DealerTerms { basis: Basis::Own(two), tiers: vec![Tier { from: tier, bps: 100 }] };
                let order = SetDealerRate {
                    pair,
                    dealer: world.bank(DEALERS[who]),
                    terms: Some(terms),
                    clients: Vec::new(),
                    until: Time(u64::MAX),
                };
                let actor = world.actors[DEALERS[who]];
                world.enter(actor, Key(0), Command::SetDealerRate(Box::new(order)));
                naive.bid[who] = Some((bid, tier));
            }
            Move::Quote(client, amount) => {
                let order = RequestQuote {
                    quote: Key(u128::try_from(naive.quotes.len()).expect("few") + 1),
                    debtor: world.account(CLIENTS[client], "CNY").0,
                    creditor: world.account(PAYEE, "RUB").0,
                    debtor_for: ParticipantId::NONE,
                    fixed: Fixed::Source,
                    amount,
                    dealer: ParticipantId::NONE,
                };
                let actor = world.actors[CLIENTS[client]];
                world.enter(actor, Key(0), Command::RequestQuote(Box::new(order)));
                if let Some((dealer, target, left)) = naive.best(amount, |_, _| true) {
                    let until = naive.minute + VALID;
                    naive.quotes.push(Quote {
                        client,
                        dealer,
                        source: amount,
                        target,
                        left,
                        until,
                        stand: Stand::Open,
                    });
                }
            }
            Move::Accept(at) => {
                let Some(quote) = naive.quotes.get(at).cloned() else { continue };
                let actor = client_of(at);
                world.enter(actor, Key(0), Command::AcceptQuote(Key(u128::try_from(at).expect("few") + 1)));
                if quote.stand == Stand::Open && naive.able(quote.dealer, quote.source, quote.target) {
                    naive.quotes[at].stand = Stand::Accepted;
                }
            }
            Move::Settle(at) => {
                let Some(quote) = naive.quotes.get(at).cloned() else { continue };
                let actor = client_of(at);
                let instruction = instruction(&world, quote.client, quote.source, reference);
                let order = Conversion { instruction, fixed: Fixed::Source, expected: None };
                let leg = QuotedLeg { quote: Key(u128::try_from(at).expect("few") + 1), order };
                let order = PayQuoted { quoted: vec![leg], plain: Vec::new() };
                world.enter(actor, Key(0), Command::PayQuoted(Box::new(order)));
                let there = match quote.stand {
                    Stand::Accepted => true,
                    Stand::Open => naive.able(quote.dealer, quote.source, quote.target),
                    Stand::Used | Stand::Expired => false,
                };
                let settles = there && quote.source <= naive.cny[quote.client];
                if settles {
                    naive.quotes[at].stand = Stand::Used;
                    naive.deal(quote.client, quote.dealer, quote.source, quote.target, quote.left);
                }
                let id = world.state.find(Uetr(reference)).expect("recorded");
                let expected = if settles { Standing::Settled } else { Standing::Refused };
                assert_eq!(world.state.payment(id).standing, expected, "after {step:?}");
            }
            Move::Convert(client, amount) => {
                let actor = world.actors[CLIENTS[client]];
                let instruction = instruction(&world, client, amount, reference);
                let order = Conversion { instruction, fixed: Fixed::Source, expected: None };
                world.enter(actor, Key(0), Command::Convert(Box::new(order)));
                let there = naive.cny[client] >= amount;
                if let Some((dealer, target, left)) = naive.best(amount, |_, _| there) {
                    naive.deal(client, dealer, amount, target, left);
                }
            }
            Move::Wait(minutes) => {
                naive.minute += minutes;
                world.at = Time(start.0 + naive.minute * 60 * Time::SECOND);
                world.enter(comity_ledger::State::SYSTEM, Key(0), Command::Tick);
                naive.expire();
            }
        }
        compare(&world, &naive, step);
    }
    world.check_end();
}

fn compare(world: &World, naive: &Naive, step: &Move) {
    let balance = |bank: &str, code: &str| world.state.accounts[world.account(bank, code).0.at()].balance;
    for (who, name) in CLIENTS.iter().enumerate() {
        assert_eq!(balance(name, "CNY"), naive.cny[who], "{name} after {step:?}");
    }
    for (who, name) in DEALERS.iter().enumerate() {
        let account = &world.state.accounts[world.account(name, "RUB").0.at()];
        assert_eq!((account.balance, account.held), (naive.rub[who], naive.locked(who)), "{name} after {step:?}");
        assert_eq!(balance(name, "CNY"), naive.dealer_cny[who], "{name} after {step:?}");
    }
    assert_eq!(balance(PAYEE, "RUB"), naive.payee, "the payee after {step:?}");
    assert_eq!(balance("REMAINDERS", "RUB"), naive.owner, "remainders after {step:?}");
    assert_eq!(world.state.dealing.quotes.len(), naive.quotes.len(), "quotes after {step:?}");
    for (known, quote) in world.state.dealing.quotes.values().zip(&naive.quotes) {
        let stand = match known.standing {
            QuoteStanding::Open => Stand::Open,
            QuoteStanding::Accepted => Stand::Accepted,
            QuoteStanding::Used => Stand::Used,
            QuoteStanding::Expired => Stand::Expired,
        };
        assert_eq!((stand, known.amounts.target), (quote.stand, quote.target), "{quote:?} after {step:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dealers_and_quotes_agree_with_a_simple_one(steps in proptest::collection::vec(moves(), 1..80)) {
        play(&steps);
    }
}
