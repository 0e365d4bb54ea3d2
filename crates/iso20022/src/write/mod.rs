//! Typed messages to bytes: one XML document a call, valid against the official schemas.
//!
//! The writer escapes text and cuts it to the length its data type allows; it does not judge what a message says.

mod admin;
mod case;
mod parts;
mod report;
mod status;
mod transfer;
mod verification;
mod xml;

use crate::model::{Envelope, Message, TransferKind};
use parts::Edition;
use xml::Xml;

/// Name and version of the application header that is written.
const HEADER: &str = "head.001.001.02";

impl Message<'_> {
    /// Full name of the message, such as `pacs.002.001.10`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::StatusReport(_) => "pacs.002.001.10",
            Self::Notification(_) => "camt.054.001.08",
            Self::Statement(_) => "camt.053.001.08",
            Self::IntradayReport(_) => "camt.052.001.08",
            Self::Resolution(_) => "camt.029.001.09",
            Self::VerificationReport(_) => "acmt.024.001.03",
            Self::VerificationReportV02(_) => "acmt.024.001.02",
            Self::MessageReject(_) => "admi.002.001.01",
            Self::SystemEvent(_) => "admi.004.001.02",
            Self::CreditTransfers(message) => match message.kind {
                TransferKind::Customer => "pacs.008.001.08",
                TransferKind::Institution => "pacs.009.001.08",
                TransferKind::Initiation => "pain.001.001.09",
            },
            Self::Returns(_) => "pacs.004.001.09",
            Self::CancellationRequests(_) => "camt.056.001.08",
            Self::Verifications(_) => "acmt.023.001.03",
        }
    }
}

/// Appends `message` to `out` as one XML document without white space. With `envelope` the document stands in an `Envelope` element
/// behind its application header.
pub fn write(out: &mut Vec<u8>, envelope: Option<&Envelope<'_>>, message: Message<'_>) {
    append(Xml::new(out, false), envelope, message);
}

/// Appends `message` to `out` as [`write`] does, one element a line, for people to read.
pub fn write_indented(out: &mut Vec<u8>, envelope: Option<&Envelope<'_>>, message: Message<'_>) {
    append(Xml::new(out, true), envelope, message);
}

fn append(mut x: Xml<'_>, envelope: Option<&Envelope<'_>>, message: Message<'_>) {
    let name = message.name();
    x.declaration();
    if let Some(envelope) = envelope {
        x.open("Envelope");
        header(&mut x, envelope, name);
    }
    x.open_in("Document", name);
    body(&mut x, message);
    x.close("Document");
    if envelope.is_some() {
        x.close("Envelope");
    }
    x.finish();
}

fn header(x: &mut Xml<'_>, envelope: &Envelope<'_>, name: &str) {
    x.open_in("AppHdr", HEADER);
    for (tag, bic) in [("Fr", envelope.from), ("To", envelope.to)] {
        x.open(tag);
        x.institution("FIId", bic);
        x.close(tag);
    }
    x.text("BizMsgIdr", envelope.message_id, 35);
    x.text("MsgDefIdr", name, 35);
    x.optional("BizSvc", envelope.service, 35);
    x.timestamp("CreDt", envelope.created);
    if envelope.possible_duplicate {
        x.truth("PssblDplct", true);
    }
    x.close("AppHdr");
}

fn body(x: &mut Xml<'_>, message: Message<'_>) {
    match message {
        Message::StatusReport(report) => status::status_report(x, report),
        Message::Notification(report) => report::account_report(x, report::Kind::Notification, report),
        Message::Statement(report) => report::account_report(x, report::Kind::Statement, report),
        Message::IntradayReport(report) => report::account_report(x, report::Kind::Intraday, report),
        Message::Resolution(message) => case::resolutions(x, message),
        Message::VerificationReport(report) => verification::report(x, report, Edition::Current),
        Message::VerificationReportV02(report) => verification::report(x, report, Edition::Early),
        Message::MessageReject(reject) => admin::message_reject(x, reject),
        Message::SystemEvent(event) => admin::system_event(x, event),
        Message::CreditTransfers(message) => match message.kind {
            TransferKind::Customer | TransferKind::Institution => transfer::interbank(x, message),
            TransferKind::Initiation => transfer::initiation(x, message),
        },
        Message::Returns(message) => transfer::returns(x, message),
        Message::CancellationRequests(message) => case::cancellations(x, message),
        Message::Verifications(message) => verification::verifications(x, message),
    }
}
