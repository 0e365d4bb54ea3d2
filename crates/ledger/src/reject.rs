//! Why something is refused or waits: each reason with its rule, its ISO 20022 code and what would help.
//!
//! Reasons to refuse are declared in order of precedence: when several hold, the first is given. Absent on purpose:
//! sentences about a particular payment; a reject carries the numbers, the gateway and the console write the sentence.

use crate::wire::wire_struct;

/// A refusal: the reason and the numbers behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reject {
    /// Why.
    pub reason: Reason,
    /// The limit, date, deadline or other bound that was met; 0 when there is none.
    pub limit: i64,
    /// The value that met it; 0 when there is none.
    pub value: i64,
    /// What it refers to: the original entry's sequence number, an index, or 0.
    pub refers: u64,
}
wire_struct!(Reject { reason, limit, value, refers });

impl Reject {
    /// A refusal with nothing more to say than its reason.
    #[must_use]
    pub const fn because(reason: Reason) -> Self {
        Self { reason, limit: 0, value: 0, refers: 0 }
    }

    /// A refusal by a bound.
    #[must_use]
    pub const fn limit(reason: Reason, limit: i64, value: i64) -> Self {
        Self { reason, limit, value, refers: 0 }
    }

    /// A refusal that names something.
    #[must_use]
    pub const fn refers(reason: Reason, refers: u64) -> Self {
        Self { reason, limit: 0, value: 0, refers }
    }
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $tag:literal $name:ident $iso:literal $slug:literal $help:literal;)*) => {
        /// Every reason to refuse, in order of precedence. Tags are for ever.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[doc = $doc])* $name,)*
        }
        $crate::wire::wire_enum!(Reason { $($tag => $name),* });

        impl Reason {
            /// All reasons, in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The ISO 20022 external status reason code.
            #[must_use]
            pub const fn iso(self) -> &'static str {
                match self { $(Self::$name => $iso,)* }
            }

            /// The rule's stable short name.
            #[must_use]
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// What would help.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$name => $help,)* }
            }

            /// What it means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

reasons! {
    /// the arrangement is not in force yet
    1 NotActive "NARR" "arrangement-not-active" "wait for the arrangement to be activated";
    /// the arrangement is already in force
    2 AlreadyActive "NARR" "arrangement-active" "propose the change and have it approved";
    /// the actor is not known
    3 UnknownActor "AG01" "actor-unknown" "have the actor added";
    /// the actor's roles do not allow this
    4 NotAuthorised "AG01" "actor-not-authorised" "ask somebody who holds the role, in the right scope";
    /// the actor holds two roles that exclude each other
    5 RolesExcluded "AG01" "roles-excluded" "give the roles to two people";
    /// this needs a second pair of eyes
    6 NeedsApproval "AG01" "four-eyes" "propose it and have another person approve it";
    /// maker and approver are the same person
    7 SamePerson "AG01" "four-eyes-same-person" "another person must approve";
    /// there is no such proposal waiting
    8 UnknownProposal "NOOR" "proposal-unknown" "look up the proposal's number";
    /// the proposal has lapsed
    9 ProposalExpired "TM01" "proposal-expired" "propose it again";
    /// the hash is not the hash of what was proposed
    10 ProposalChanged "NARR" "proposal-hash" "read the proposal again and approve what it says now";
    /// the same key was used for another body
    11 KeyReused "AM05" "key-reused" "use a new key for a new request; the original is named";
    /// the same UETR was used by another message
    12 UetrReused "AM05" "uetr-reused" "use a new UETR; the original is named";
    /// a value is outside its range
    13 OutOfRange "FF01" "out-of-range" "correct the value";
    /// there is no such thing
    14 Unknown "NOOR" "unknown" "correct the reference";
    /// this exists already
    15 Exists "AM05" "exists" "use the one that exists";
    /// the debtor account is not known
    16 UnknownDebtor "AC01" "debtor-unknown" "correct the debtor account";
    /// the creditor account is not known
    17 UnknownCreditor "AC03" "creditor-unknown" "correct the creditor account";
    /// debtor and creditor account are the same
    18 SameAccount "AC03" "same-account" "no settlement is needed between an account and itself";
    /// the amount must be more than zero
    19 ZeroAmount "AM01" "amount-zero" "correct the amount";
    /// the accounts are in different currencies
    20 WrongCurrency "AM03" "currency-mismatch" "send it as a conversion, or choose the account of the right currency";
    /// the currency is stopped by its authority
    21 CurrencyStopped "AM03" "currency-stopped" "wait until the authority starts it again";
    /// the debtor may not send in this currency
    22 DebtorSuspended "AC06" "debtor-suspended" "ask the authority that suspended it";
    /// the creditor may not receive in this currency
    23 CreditorSuspended "AC06" "creditor-suspended" "ask the authority that suspended it";
    /// this is not done in the present phase of the day
    24 PhaseClosed "TM01" "phase-closed" "send it in a phase that takes it";
    /// the currency's cut-off has passed
    25 CutoffPassed "TM01" "cut-off" "send it tomorrow, or ask the operator for an extension";
    /// the settlement date is past, not a business day, or too far ahead
    26 ValueDate "DT01" "value-date" "use today's business date or a later business day";
    /// the latest time is not after the earliest, or has passed
    27 TimeWindow "DT01" "time-window" "correct the times";
    /// the amount is over the limit for one payment
    28 PerPaymentLimit "AM02" "limit-per-payment" "send smaller payments or have the limit raised";
    /// there is no approved rate for this pair
    29 RateNotApproved "AM03" "rate-not-approved" "wait until both authorities have approved the pair's rate";
    /// the rate differs from the approved one
    30 RateMismatch "AB04" "rate-mismatch" "use the approved rate";
    /// the pair may not be converted
    31 UnknownPair "AM03" "pair-unknown" "use a pair of the arrangement";
    /// a group must have 2 to 16 legs
    32 GroupSize "FF01" "group-size" "correct the number of legs";
    /// the original payment is not known
    33 UnknownOriginal "NOOR" "original-unknown" "correct the original's reference";
    /// the original payment is not settled
    34 OriginalNotSettled "ARDT" "original-not-settled" "cancel it instead";
    /// the original payment was already returned, or its return is under way
    35 AlreadyReturned "ARDT" "already-returned" "nothing is left to return";
    /// more than the original amount cannot be returned
    36 ReturnAmount "AM09" "return-amount" "return at most the original amount";
    /// the time to return it has passed
    37 ReturnDeadline "TM01" "return-deadline" "agree a new payment with the other side";
    /// the payment, recall or cycle does not wait, or not in the way this needs
    38 NotWaiting "ARDT" "not-waiting" "look up where it stands; a settled payment can be recalled or returned";
    /// part of a group: only the whole group may be changed
    39 InGroup "NARR" "in-group" "cancel the whole group";
    /// not enough money for this
    40 InsufficientFunds "AM04" "insufficient-funds" "fund the account";
    /// in-system money would exceed the outside cover
    41 CoverExceeded "AM02" "cover" "bring outside money first";
    /// the hold cannot be used this way
    42 HoldUse "AM02" "hold-use" "stay within the hold's amount and beneficiary and the account's limits";
    /// the change from the previous rate is over the gate
    43 RateGate "AM02" "rate-gate" "have the rate released by two people";
    /// approved already, or not waiting for this authority
    44 NotYours "AG01" "not-yours" "only the authorities of the pair decide";
    /// it is too early for this without approval
    45 TooEarly "TM01" "too-early" "wait, or propose it and have it approved";
    /// positions wait for confirmation
    46 Unconfirmed "NARR" "positions-unconfirmed" "have every authority confirm its positions";
    /// the payment was not settled by its latest time
    47 LatestPassed "TM01" "latest-time" "send it again with a later time";
    /// not enough money by the end of the day
    48 UnfundedAtClose "AM04" "unfunded-at-close" "fund the account before the cut-off";
    /// cancelled at the end of the day
    49 CancelledAtClose "TM01" "cancelled-at-close" "send it on the next business day";
    /// withdrawn by its sender
    50 Withdrawn "CUST" "withdrawn" "send a new payment if needed";
    /// another leg of its group could not go
    51 GroupFailed "NARR" "group-failed" "see the other legs of the group";
    /// recalled while it waited
    52 Recalled "CUST" "recalled" "send a new payment if needed";
    /// an earlier payment of the same queue is not in the plan, and its bank has not agreed to be passed over
    53 OutOfTurn "NARR" "plan-out-of-turn" "take the named payment into the plan, or ask its bank for its consent";
    /// after the plan a balance or limit would not hold
    54 NotFeasible "AM04" "plan-not-feasible" "make a new plan from the queues as they are now";
    /// a country is named twice, or is a member of another union
    55 MemberTwice "AM05" "union-member-twice" "a country is in one union only, once";
    /// a field of the union's rules is outside its range
    56 UnionRule "FF01" "union-rule" "correct the field of the rule set";
    /// a quota must be more than zero
    57 UnionQuota "AM01" "union-quota" "give the member a quota";
    /// tranches must go from zero to the full quota without gap or overlap
    58 UnionTranches "FF01" "union-tranches" "let each tranche begin where the one before ends";
    /// weights must sum to exactly one
    59 UnionWeights "FF01" "union-weights" "correct the weights";
    /// not a member of this union
    60 NotMember "AG01" "union-not-member" "name a country that is a member and has not left";
    /// there is no valid rate of this currency in the unit of account
    61 UnitRateMissing "AM03" "unit-rate-missing" "have the currency's authority state its rate";
    /// no final cycle waits to be carried
    62 NothingToCarry "NOOR" "union-nothing-to-carry" "close after a cycle is confirmed";
    /// the position would go beyond the quota, and the rule does not allow it
    63 BeyondQuota "AM02" "union-beyond-quota" "agree a larger quota, or have the member pay down its position";
    /// the position would grow faster than the rule allows
    64 GrowthLimit "AM02" "union-growth" "agree a higher limit of growth, or have the member pay down its position";
    /// the arrangement does not permit this way of settling
    65 MethodNotPermitted "AG01" "union-method" "use one of the methods or purposes the rule set lists";
    /// more than what is open
    66 ResidualOpen "AM09" "residual-open" "settle at most what is open";
    /// a reported transfer waits for the other side's word
    67 ProofWaits "NARR" "residual-proof-waits" "have the receiving side accept or decline the transfer";
    /// the reference of the transfer was used before, or is missing
    68 ReferenceUsed "AM05" "residual-reference" "give the reference of the transfer itself";
    /// more than the claim, the debt or the facility allows
    69 ClaimExceeded "AM02" "union-claim" "stay within the claim, the debt or the limit";
    /// the pair's terms do not allow this way of pricing
    70 ModeNotAllowed "AM03" "pricing-mode" "use a price the pair's terms allow";
    /// there is no such dealer for this pair, or not both authorities have approved it
    71 UnknownDealer "AG01" "dealer-unknown" "name an approved dealer of the pair";
    /// there is no price of this kind now
    72 NoPrice "AM03" "no-price" "wait for a price, or use another source";
    /// there is no such quote
    73 UnknownQuote "AB04" "quote-unknown" "correct the quote's id, or ask for a new quote";
    /// the quote has expired
    74 QuoteExpired "AB04" "quote-expired" "ask for a new quote";
    /// the quote was used
    75 QuoteUsed "AB04" "quote-used" "ask for a new quote; an id settles once";
    /// the payment is not what was quoted: amounts, rate and accounts must be the same
    76 QuoteMismatch "AB04" "quote-mismatch" "send exactly what was quoted, or ask for a new quote";
    /// the dealer would pass its position limit
    77 DealerLimit "AM02" "dealer-limit" "ask another dealer, or for less";
    /// the dealer does not have the money
    78 DealerFunds "AM04" "dealer-funds" "ask another dealer, or for less";
    /// a deal at a dealer's price settles at once or not at all, and something is in its way
    79 DealWaits "AM04" "deal-cannot-wait" "send it when its money and limits allow it, or use an official rate";
    /// nothing is held by the gate
    80 NotHeld "NOOR" "nothing-held" "look up what waits for release";
    /// the money is set aside for a quote or an auction order
    81 HoldOfDeal "AM02" "hold-of-deal" "wait for the deal or its end, or withdraw the order";
    /// the pair's last auction price is held by the gate
    83 AuctionHeld "AM02" "auction-held" "have the price released or turned down by two people";
    /// a buyer's order needs a limit, so that its money can be set aside
    82 NeedsLimit "FF01" "order-limit" "state the highest rate";
    /// the commitment is not in force
    95 NotInForce "NARR" "commitment-not-in-force" "wait for the other side's answer, or enter a new commitment";
    /// nothing of this commitment waits for an answer
    96 NothingAsked "NARR" "commitment-nothing-asked" "look up where the commitment stands";
    /// something else was asked of the commitment since
    97 AskedAnew "NARR" "commitment-asked-anew" "read what the named entry asks, and answer that";
    /// who asked cannot answer
    98 OwnRequest "AG01" "commitment-own-request" "the other side must answer";
}

/// Why a payment waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// The account has not enough money or credit; `value` is the amount short.
    Funds,
    /// The day's net amount sent to this counterparty would pass its limit.
    Bilateral,
    /// The day's net amount sent to all others would pass its limit.
    Multilateral,
    /// The day's gross amount sent would pass its limit.
    PerDay,
    /// An earlier active payment of the same account goes first; `value` is that payment's entry.
    Behind,
    /// Another leg of its group cannot go yet.
    Group,
    /// Its settlement date has not come.
    ValueDate,
    /// Its earliest time has not come.
    Earliest,
    /// Taken out of consideration by its sender or the operator.
    Parked,
    /// Payments are taken in but not settled in this phase.
    Phase,
    /// The currency is stopped by its authority.
    Stopped,
    /// Debtor or creditor is suspended.
    Suspended,
    /// What is left of the account's money is kept for urgent payments; `value` is the amount short.
    Reserve,
}
crate::wire::wire_enum!(Why {
    0 => Funds, 1 => Bilateral, 2 => Multilateral, 3 => PerDay, 4 => Behind, 5 => Group, 6 => ValueDate, 7 => Earliest,
    8 => Parked, 9 => Phase, 10 => Stopped, 11 => Suspended, 12 => Reserve,
});

/// A wait: the cause and the numbers behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Why.
    pub why: Why,
    /// The limit in force; 0 when there is none.
    pub limit: i64,
    /// Amount short, value over the limit, or the entry in front; what would release it.
    pub value: i64,
}
wire_struct!(Wait { why, limit, value });

impl Why {
    /// All causes, in the order they are looked at.
    pub const ALL: [Self; 13] = [
        Self::Funds,
        Self::Reserve,
        Self::Bilateral,
        Self::Multilateral,
        Self::PerDay,
        Self::Behind,
        Self::Group,
        Self::ValueDate,
        Self::Earliest,
        Self::Parked,
        Self::Phase,
        Self::Stopped,
        Self::Suspended,
    ];

    /// The cause's stable short name.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Funds => "funds",
            Self::Bilateral => "bilateral-limit",
            Self::Multilateral => "multilateral-limit",
            Self::PerDay => "day-limit",
            Self::Behind => "behind",
            Self::Group => "group",
            Self::ValueDate => "value-date",
            Self::Earliest => "earliest-time",
            Self::Parked => "parked",
            Self::Phase => "phase",
            Self::Stopped => "currency-stopped",
            Self::Suspended => "suspended",
            Self::Reserve => "urgent-reserve",
        }
    }

    /// What would release it.
    #[must_use]
    pub const fn release(self) -> &'static str {
        match self {
            Self::Funds => "incoming payments or funding of the amount short, or an offsetting run",
            Self::Bilateral => "payments from that counterparty, or a higher bilateral limit",
            Self::Multilateral => "incoming payments, or a higher multilateral limit",
            Self::PerDay => "a higher day limit, or the next business day",
            Self::Behind => "settlement of the payment in front, or a higher priority",
            Self::Group => "funds for every leg of the group",
            Self::ValueDate => "the settlement date",
            Self::Earliest => "the earliest time",
            Self::Parked => "activation by its sender",
            Self::Phase => "the next phase that settles",
            Self::Stopped => "the authority starting its currency again",
            Self::Suspended => "reactivation of the suspended participant",
            Self::Reserve => "incoming payments or funding of the amount short, a smaller reserve, or urgent priority",
        }
    }
}
