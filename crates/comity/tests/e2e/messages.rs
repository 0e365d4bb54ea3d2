//! Messages as a bank would write them by hand: one line each, made to be changed by a test.

/// A version 4 UUID that is easy to recognise.
pub(crate) fn uetr(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

/// A credit transfer line.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) money: &'static str,
    pub(crate) date: &'static str,
    /// `PmtTpInf`, written out.
    pub(crate) kind: String,
    /// What stands between the settlement priority and the charge bearer: times, instructed amount, rate.
    pub(crate) more: String,
}

/// A payment of `money` ("100.00 CNY") on the first business date.
pub(crate) fn line(number: u32, from: &'static str, to: &'static str, money: &'static str) -> Line {
    Line { number, from, to, money, date: "2026-11-24", kind: String::new(), more: String::new() }
}

fn agent(tag: &str, bic: &str) -> String {
    format!("<{tag}><FinInstnId><BICFI>{bic}</BICFI></FinInstnId></{tag}>")
}

fn party(tag: &str, name: &str, country: &str) -> String {
    format!("<{tag}><Nm>{name}</Nm><PstlAdr><TwnNm>Example</TwnNm><Ctry>{country}</Ctry></PstlAdr></{tag}>")
}

fn amount(tag: &str, money: &str) -> String {
    let (amount, currency) = money.split_once(' ').expect("an amount and a currency");
    format!("<{tag} Ccy=\"{currency}\">{amount}</{tag}>")
}

/// An instructed amount with its rate, for a conversion by the union.
pub(crate) fn instructed(money: &str, rate: &str) -> String {
    format!("{}<XchgRate>{rate}</XchgRate>", amount("InstdAmt", money))
}

fn transaction(line: &Line) -> String {
    let number = line.number;
    [
        "<CdtTrfTxInf>".to_owned(),
        format!(
            "<PmtId><InstrId>I{number}</InstrId><EndToEndId>E{number}</EndToEndId><UETR>{}</UETR></PmtId>",
            uetr(number)
        ),
        line.kind.clone(),
        amount("IntrBkSttlmAmt", line.money),
        format!("<IntrBkSttlmDt>{}</IntrBkSttlmDt><SttlmPrty>NORM</SttlmPrty>", line.date),
        line.more.clone(),
        "<ChrgBr>SHAR</ChrgBr>".to_owned(),
        party("Dbtr", "Sample Payer", "CN"),
        agent("DbtrAgt", line.from),
        agent("CdtrAgt", line.to),
        party("Cdtr", "Sample Payee", "RU"),
        "</CdtTrfTxInf>\n".to_owned(),
    ]
    .concat()
}

/// A pacs.008 with these lines, sent by `sender` at `created` (UTC).
pub(crate) fn pacs008(id: &str, created: &str, sender: &str, lines: &[Line]) -> String {
    let head = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\">\
         <FIToFICstmrCdtTrf><GrpHdr><MsgId>{id}</MsgId><CreDtTm>{created}</CreDtTm><NbOfTxs>{}</NbOfTxs>\
         <SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>{}</GrpHdr>\n",
        lines.len(),
        agent("InstgAgt", sender)
    );
    let body: String = lines.iter().map(transaction).collect();
    format!("{head}{body}</FIToFICstmrCdtTrf></Document>\n")
}

/// A pacs.004 that gives back `money` of the payment `original`.
pub(crate) fn pacs004(id: &str, created: &str, sender: &str, original: u32, money: &str) -> String {
    let number = uetr(original);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09\"><PmtRtr>\
         <GrpHdr><MsgId>{id}</MsgId><CreDtTm>{created}</CreDtTm><NbOfTxs>1</NbOfTxs>\
         <SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf>{}</GrpHdr>\n\
         <TxInf><RtrId>R-{id}</RtrId><OrgnlUETR>{number}</OrgnlUETR>{}<IntrBkSttlmDt>{}</IntrBkSttlmDt>\
         <RtrRsnInf><Rsn><Cd>AC04</Cd></Rsn></RtrRsnInf></TxInf></PmtRtr></Document>\n",
        agent("InstgAgt", sender),
        amount("RtrdIntrBkSttlmAmt", money),
        &created[..10],
    )
}

/// The header of a CSV inbox file.
pub(crate) const CSV: &str =
    "at,uetr,end_to_end_id,from,to,currency,amount,priority,value_date,earliest,latest,kind,purpose,remittance\n";
