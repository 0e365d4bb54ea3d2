//! Which code of which external code set a reason becomes.
//!
//! The ledger names one code per reason. Status reports and answers to recalls draw on different code sets of the
//! standard, so two of its codes change their name in a status report.

use comity_ledger::Reason;
use comity_ledger::reject::Why;

/// External status reason code (`ExternalStatusReason1Code`) of a refusal, for pacs.002.
#[must_use]
pub const fn status_reason(reason: Reason) -> &'static str {
    match reason.iso().as_bytes() {
        // NOOR and ARDT exist only as answers to a request to cancel.
        b"NOOR" => "AG09",
        b"ARDT" => "FF12",
        _ => reason.iso(),
    }
}

/// External cancellation rejection code (`ExternalPaymentCancellationRejection1Code`) of a refused recall, for camt.029.
#[must_use]
pub const fn cancellation_reason(reason: Reason) -> &'static str {
    match reason.iso().as_bytes() {
        b"NOOR" => "NOOR",
        b"ARDT" => "ARDT",
        b"AM04" => "AM04",
        b"CUST" => "CUST",
        _ => "NARR",
    }
}

/// External status reason code of a wait, for a pacs.002 that says `PDNG`.
#[must_use]
pub const fn wait_reason(why: Why) -> &'static str {
    match why {
        Why::Funds | Why::Reserve => "AM04",
        Why::Bilateral | Why::Multilateral | Why::PerDay => "AM23",
        Why::Suspended => "AG10",
        Why::Behind | Why::Group | Why::ValueDate | Why::Earliest | Why::Parked | Why::Phase | Why::Stopped => "NARR",
    }
}
