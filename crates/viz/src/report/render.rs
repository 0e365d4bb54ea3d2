//! The page itself: sections in the order in which the day is read.
//!
//! Absent: scripts. The page works from a file, without a network, on paper and with styles off.

use super::definitions::Figure;
use super::marks::{cell, defined, diverging, duration, group_hex, headline_id, meter, outcome, sign, table};
use super::{Outcome, Report};
use crate::amount::{Amount, sum};
use crate::canvas::escape;
use crate::picture::Picture;
use crate::scale::{number, percent_bp, real};
use crate::theme::{PICTURE_CSS, REPORT_CSS};

impl Report {
    /// The whole report as one HTML document.
    #[must_use]
    pub fn html(&self) -> String {
        let sections = self.all_sections();
        let mut nav = String::new();
        let mut main = String::new();
        for (id, name, body) in &sections {
            nav.push_str(&format!("<a href=\"#{id}\">{name}</a>"));
            main.push_str(&format!(
                "<section id=\"{id}\" aria-labelledby=\"{id}-h\">\n<h2 id=\"{id}-h\">{name}</h2>\n{body}</section>\n"
            ));
        }
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"{generated}\">\n\
             <title>{title} \u{00B7} {arrangement} \u{00B7} {date}</title>\n\
             <style>{PICTURE_CSS}{REPORT_CSS}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#result\">Skip to the result</a>\n{masthead}\
             <nav aria-label=\"Contents\"><div>{nav}</div></nav>\n<main>\n{opening}{main}</main>\n{footer}</body>\n</html>\n",
            generated = escape(&self.generated_by),
            title = escape(&self.title),
            arrangement = escape(&self.arrangement),
            date = escape(&self.business_date),
            masthead = self.masthead(),
            opening = self.opening(),
            footer = self.footer(),
        )
    }

    fn all_sections(&self) -> Vec<(String, String, String)> {
        let mut sections: Vec<(String, String, String)> = Vec::new();
        let mut push = |id: &str, name: &str, body: String| sections.push((id.into(), name.into(), body));
        if let Some(day) = &self.day {
            push("day", "The day", day.figure());
        }
        let share = self.share.as_ref().map_or_else(String::new, Picture::figure);
        push("currencies", "By currency", format!("{}{share}", self.currency_table()));
        let mut netting = self.obligations.as_ref().map_or_else(String::new, Picture::figure);
        for flows in &self.flows {
            netting.push_str(&flows.figure());
        }
        if !netting.is_empty() {
            push("netting", "Netting and positions", netting);
        }
        push("countries", "By country", self.authority_table());
        for section in &self.sections {
            push(&section.anchor(), &escape(&section.name), section.body());
        }
        if !self.liquidity.is_empty() {
            let body: String = self.liquidity.iter().map(Picture::figure).collect();
            push("liquidity", "Liquidity", body);
        }
        push("waiting", "Longest waits", self.wait_table());
        push("refusals", "Refusals", self.refusal_table());
        push("proof", "Proof", self.proof());
        push("definitions", "Definitions", self.definition_list());
        sections
    }

    fn masthead(&self) -> String {
        let mut facts = format!("<div><dt>Business date</dt><dd>{}</dd></div>", escape(&self.business_date));
        if let Some(seed) = &self.seed {
            facts.push_str(&format!("<div><dt>Seed</dt><dd>{}</dd></div>", escape(seed)));
        }
        facts.push_str(&format!(
            "<div><dt>Final digest</dt><dd><code title=\"{digest}\">{short}</code></dd></div>",
            digest = escape(&self.final_digest),
            short = escape(&group_hex(&self.final_digest, 16)),
        ));
        format!(
            "<header class=\"mast\"><div>\n<p class=\"over\">{}</p>\n<h1>{}</h1>\n<dl>{facts}</dl>\n</div></header>\n",
            escape(&self.title),
            escape(&self.arrangement),
        )
    }

    /// Verdict, lead and headline figures: all a reader in a hurry needs.
    fn opening(&self) -> String {
        let verification = &self.verification;
        let total = verification.outcomes().count();
        let failed = verification.outcomes().filter(|outcome| *outcome == Outcome::Failed).count();
        let open = verification.outcomes().filter(|outcome| *outcome == Outcome::NotRun).count();
        let overall = verification.overall();
        let (class, words) = match overall {
            Outcome::Passed => ("good", format!("The books hold: all {total} checks passed")),
            Outcome::Failed => ("bad", format!("The books do not hold: {failed} of {total} checks failed")),
            Outcome::NotRun if total == 0 => ("open", "Not verified: no check was carried out".to_owned()),
            Outcome::NotRun => ("open", format!("Not fully verified: {open} of {total} checks open")),
        };
        let mut out = format!(
            "<section id=\"result\" class=\"result\" aria-label=\"Result\">\n\
             <p class=\"verdict {class}\"><a href=\"#proof\">{} {words}</a></p>\n",
            sign(overall)
        );
        if !self.lead.is_empty() {
            out.push_str(&format!("<p class=\"lead\">{}</p>\n", escape(&self.lead)));
        }
        if !self.headlines.is_empty() {
            out.push_str("<dl class=\"heads\">\n");
            for (index, headline) in self.headlines.iter().enumerate() {
                let unit = if headline.unit.is_empty() {
                    String::new()
                } else {
                    format!(" <small>{}</small>", escape(&headline.unit))
                };
                let note = if headline.note.is_empty() {
                    String::new()
                } else {
                    format!("<dd class=\"note\">{}</dd>", escape(&headline.note))
                };
                out.push_str(&format!(
                    "<div><dt><a class=\"def\" href=\"#{id}\" title=\"{meaning}\">{label}</a></dt>\
                     <dd class=\"figure\">{value}{unit}</dd>{note}</div>\n",
                    id = headline_id(index),
                    meaning = escape(&headline.meaning),
                    label = escape(&headline.label),
                    value = escape(&headline.value),
                ));
            }
            out.push_str("</dl>\n");
        }
        if !self.unit_note.is_empty() {
            out.push_str(&format!("<p class=\"fine\">{}</p>\n", escape(&self.unit_note)));
        }
        out.push_str("</section>\n");
        out
    }

    fn currency_table(&self) -> String {
        let heads = [
            Figure::Submitted,
            Figure::Settled,
            Figure::QueuedAtClose,
            Figure::Returned,
            Figure::Rejected,
            Figure::GrossValue,
            Figure::LiquidityUsed,
            Figure::OffsetShare,
        ];
        let mut rows = String::new();
        let mut counts = [0_u64; 5];
        for row in &self.currencies {
            let figures = [row.submitted, row.settled, row.queued_at_close, row.returned, row.rejected];
            let mut cells = String::new();
            for ((total, figure), head) in counts.iter_mut().zip(figures).zip(heads) {
                *total = total.saturating_add(figure);
                cells.push_str(&cell(head, &number(figure), figure == 0));
            }
            let per = real(row.liquidity.minor.max(0)) / real(row.gross.minor.max(1));
            let of = if row.gross.minor > 0 { format!("{:.1} % of gross", per * 100.0) } else { String::new() };
            rows.push_str(&format!(
                "<tr><th scope=\"row\"><b>{}</b><small>{}</small></th>{cells}{}<td class=\"num\" title=\"{}\">{}<small>{of}</small></td>\
                 <td class=\"num\" title=\"{}\">{}{}</td></tr>\n",
                escape(&row.code),
                escape(&row.name),
                cell(Figure::GrossValue, &escape(&row.gross.text), row.gross.minor == 0),
                Figure::LiquidityUsed.meaning(),
                escape(&row.liquidity.text),
                Figure::OffsetShare.meaning(),
                percent_bp(row.offset_share_bp),
                meter(real(i128::from(row.offset_share_bp)), 10_000.0),
            ));
        }
        let mut foot = String::new();
        if self.currencies.len() > 1 {
            let cells: String =
                counts.iter().zip(heads).map(|(total, head)| cell(head, &number(*total), false)).collect();
            foot = format!(
                "<tfoot><tr><th scope=\"row\">All</th>{cells}<td class=\"num quiet\" colspan=\"3\">values in different currencies are not added</td></tr></tfoot>"
            );
        }
        table("Payments and value by currency", "Currency", &heads, &[], &rows, &foot)
    }

    fn authority_table(&self) -> String {
        let heads = [Figure::GrossOut, Figure::GrossIn, Figure::NetPosition];
        let largest = self.authorities.iter().map(|row| real(row.net.minor).abs()).fold(0.0, f64::max);
        let mut rows = String::new();
        for row in &self.authorities {
            rows.push_str(&format!(
                "<tr><th scope=\"row\"><b>{}</b><small>{}</small></th>{}{}{}<td class=\"bar\">{}</td></tr>\n",
                escape(&row.code),
                escape(&row.name),
                cell(Figure::GrossOut, &escape(&row.gross_out.text), false),
                cell(Figure::GrossIn, &escape(&row.gross_in.text), false),
                cell(Figure::NetPosition, &escape(&row.net.text), false),
                diverging(&row.net, largest),
            ));
        }
        let mut foot = String::new();
        if self.authorities.len() > 1 {
            let total = |pick: fn(&super::AuthorityRow) -> &Amount| {
                escape(&self.unit.text(sum(self.authorities.iter().map(pick))))
            };
            foot = format!(
                "<tfoot><tr><th scope=\"row\">All</th>{}{}{}<td></td></tr></tfoot>",
                cell(Figure::GrossOut, &total(|row| &row.gross_out), false),
                cell(Figure::GrossIn, &total(|row| &row.gross_in), false),
                cell(Figure::NetPosition, &total(|row| &row.net), false),
            );
        }
        let caption = self.unit.with_code("Value across borders,");
        let caption = caption.trim_end_matches(',');
        table(caption, "Country", &heads, &["\u{2190} payer \u{00A0} receiver \u{2192}"], &rows, &foot)
    }

    fn wait_table(&self) -> String {
        if self.waits.is_empty() {
            return "<p class=\"none\">No payment waited.</p>\n".to_owned();
        }
        let longest = self.waits.iter().map(|row| row.waited_s).max().unwrap_or(0);
        let mut out = format!(
            "<div class=\"cv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Longest waits\"><table class=\"report stack\">\n<thead><tr>\
             <th scope=\"col\">Payment</th><th scope=\"col\" class=\"num\">Amount</th>\
             <th scope=\"col\" class=\"num\">{}</th><th scope=\"col\">Why, and what released it</th><th scope=\"col\">State</th></tr></thead>\n<tbody>\n",
            defined(Figure::Waited)
        );
        for row in &self.waits {
            out.push_str(&format!(
                "<tr><th scope=\"row\">{from} <span class=\"to\" aria-label=\"to\">\u{2192}</span> {to}<small><code title=\"{whole}\">{reference}</code></small></th>\
                 <td class=\"num\">{amount} <span class=\"unit\">{currency}</span></td>\
                 <td class=\"num\" title=\"{meaning}\">{waited}{bar}<small>from {entered}</small></td>\
                 <td>{reason}<small>{release}</small></td><td><span class=\"state\">{state}</span></td></tr>\n",
                from = escape(&row.from),
                to = escape(&row.to),
                whole = escape(&row.reference),
                reference = escape(&row.reference),
                amount = escape(&row.amount.text),
                currency = escape(&row.currency),
                meaning = Figure::Waited.meaning(),
                waited = duration(row.waited_s),
                bar = meter(real(i128::from(row.waited_s)), real(i128::from(longest))),
                entered = escape(&row.entered),
                reason = row.reason.label(),
                release = escape(&row.release),
                state = escape(&row.state),
            ));
        }
        out.push_str("</tbody></table></div>\n");
        out
    }

    fn refusal_table(&self) -> String {
        if self.refusals.is_empty() {
            return "<p class=\"none\">Nothing was refused.</p>\n".to_owned();
        }
        let most = self.refusals.iter().map(|row| row.count).max().unwrap_or(0);
        let mut out = format!(
            "<div class=\"cv-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Refusals\"><table class=\"report stack\">\n<thead><tr>\
             <th scope=\"col\">Code</th><th scope=\"col\">Meaning</th><th scope=\"col\" class=\"num\">{}</th></tr></thead>\n<tbody>\n",
            defined(Figure::Refusals)
        );
        for row in &self.refusals {
            out.push_str(&format!(
                "<tr><th scope=\"row\"><code class=\"code\">{}</code></th><td>{}<small>{}</small></td>\
                 <td class=\"num\" title=\"{}\">{}{}</td></tr>\n",
                escape(&row.code),
                escape(&row.meaning),
                escape(&row.remedy),
                Figure::Refusals.meaning(),
                number(row.count),
                meter(real(i128::from(row.count)), real(i128::from(most))),
            ));
        }
        out.push_str("</tbody></table></div>\n");
        out
    }

    fn proof(&self) -> String {
        let verification = &self.verification;
        let mut out = String::from("<div class=\"proof\">\n<div>\n<h3>Checks</h3>\n<ul class=\"checks\">\n");
        for check in &verification.checks {
            out.push_str(&format!(
                "<li>{}<div><b>{}</b><small>{}</small></div></li>\n",
                outcome(check.outcome),
                escape(&check.name),
                escape(&check.detail)
            ));
        }
        if verification.checks.is_empty() {
            out.push_str("<li>no check was carried out</li>\n");
        }
        out.push_str("</ul>\n</div>\n<div>\n");
        if !verification.conservation.is_empty() {
            out.push_str(&format!(
                "<h3>{}</h3>\n<table class=\"report tight\"><thead><tr><th scope=\"col\">Currency</th>\
                 <th scope=\"col\" class=\"num\">Sum over all accounts</th><th scope=\"col\">Outcome</th></tr></thead><tbody>\n",
                defined(Figure::Conservation)
            ));
            for row in &verification.conservation {
                out.push_str(&format!(
                    "<tr><th scope=\"row\"><b>{}</b></th><td class=\"num\">{}</td><td>{}</td></tr>\n",
                    escape(&row.currency),
                    escape(&row.sum.text),
                    outcome(row.outcome)
                ));
            }
            out.push_str("</tbody></table>\n");
        }
        out.push_str("</div>\n</div>\n");
        out.push_str(&format!(
            "<h3>{}</h3>\n<p class=\"digest\"><code>{}</code></p>\n",
            defined(Figure::Digest),
            escape(&group_hex(&self.final_digest, usize::MAX))
        ));
        if !verification.signatures.is_empty() {
            out.push_str("<h3>Signed by</h3>\n<ul class=\"signed\">\n");
            for signature in &verification.signatures {
                out.push_str(&format!(
                    "<li>{}<div><b>{}</b><small><code title=\"{key}\">{key}</code></small></div></li>\n",
                    outcome(signature.outcome),
                    escape(&signature.signer),
                    key = escape(&signature.key)
                ));
            }
            out.push_str("</ul>\n");
        }
        if !verification.repeat_with.is_empty() {
            out.push_str(&format!(
                "<p>Repeat it on any machine, with public keys alone: <code class=\"command\">{}</code></p>\n",
                escape(&verification.repeat_with)
            ));
        }
        out
    }

    fn definition_list(&self) -> String {
        let mut out = String::new();
        if !self.headlines.is_empty() {
            out.push_str("<h3>Headline figures</h3>\n<dl class=\"defs\">\n");
        }
        for (index, headline) in self.headlines.iter().enumerate() {
            out.push_str(&format!(
                "<div id=\"{}\"><dt>{}</dt><dd>{}</dd></div>\n",
                headline_id(index),
                escape(&headline.label),
                escape(&headline.meaning)
            ));
        }
        if !self.headlines.is_empty() {
            out.push_str("</dl>\n");
        }
        out.push_str("<h3>Tables and proof</h3>\n<dl class=\"defs\">\n");
        for figure in Figure::ALL {
            out.push_str(&format!(
                "<div id=\"{}\"><dt>{}</dt><dd>{}</dd></div>\n",
                figure.anchor(),
                figure.name(),
                figure.meaning()
            ));
        }
        out.push_str("</dl>\n");
        for section in self.sections.iter().filter(|section| !section.terms.is_empty()) {
            out.push_str(&section.definitions());
        }
        out
    }

    fn footer(&self) -> String {
        format!(
            "<footer><div><p>{}</p><p>{}</p></div></footer>\n",
            escape(&self.generated_by),
            "Amounts are exact to the minor unit. Labels in pictures are rounded; the figures behind each picture are not."
        )
    }
}
