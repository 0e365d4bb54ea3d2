//! Net-position flows: who pays in and who is paid out, after netting.
//!
//! Left stand the net payers, right the net receivers; the width of a ribbon is its value. Given who
//! pays whom, ribbons join the two sides. Without it they pass through the arrangement in the middle,
//! because a multilateral net position is owed to all together and to nobody in particular.
//! Below each name a thin outline shows the gross value on that side, filled as far as it is net.
//! Absent: crossing reduction; members stand by size, which is what a reader looks for.

use crate::amount::{Amount, Unit};
use crate::canvas::{Anchor, Canvas};
use crate::picture::{Drawing, Head, Picture, Width};
use crate::scale::{coordinate as c, fraction, real};
use crate::table::Table;

/// Members shown on each side; the rest of the side is one mark named by its number.
const SIDE_MAX: usize = 14;

/// A country, participant or other member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowMember {
    /// Short label, for example `Kazakhstan` or `KZ`.
    pub label: String,
    /// Full name.
    pub name: String,
    /// Gross value sent, in the unit of the picture.
    pub gross_out: Amount,
    /// Gross value received.
    pub gross_in: Amount,
    /// Net position: received minus sent; negative for a net payer.
    pub net: Amount,
}

/// A known flow from a net payer to a net receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Index of the payer in [`Flows::members`].
    pub from: usize,
    /// Index of the receiver.
    pub to: usize,
    /// Value in minor units of the picture's unit.
    pub minor: i128,
}

/// Net-position flows of one currency, or of all in a common unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flows {
    /// Name and meaning.
    pub head: Head,
    /// Unit of all values.
    pub unit: Unit,
    /// Members in any order; those with a net position of zero are in the table only.
    pub members: Vec<FlowMember>,
    /// Who pays whom; empty when net positions are owed to all together.
    pub flows: Vec<Flow>,
}

/// One mark at the side of the picture.
struct Side {
    label: String,
    tip: String,
    net: i128,
    gross: i128,
    /// Members behind the mark.
    of: Vec<usize>,
    y: f64,
    height: f64,
}

const SLOT: f64 = 46.0;
const GAP: f64 = 10.0;
const FLOW_HEIGHT: f64 = 250.0;

impl Flows {
    fn side(&self, payers: bool) -> Vec<Side> {
        let mut order: Vec<usize> = (0..self.members.len())
            .filter(|index| match payers {
                true => self.members[*index].net.minor < 0,
                false => self.members[*index].net.minor > 0,
            })
            .collect();
        order.sort_by_key(|index| (std::cmp::Reverse(self.members[*index].net.minor.unsigned_abs()), *index));
        let rest = if order.len() > SIDE_MAX { order.split_off(SIDE_MAX - 1) } else { Vec::new() };
        let gross_of = |index: usize| {
            let member = &self.members[index];
            if payers { member.gross_out.minor } else { member.gross_in.minor }
        };
        let size_of = |index: usize| i128::try_from(self.members[index].net.minor.unsigned_abs()).unwrap_or(i128::MAX);
        let mut sides: Vec<Side> = order
            .iter()
            .map(|index| {
                let member = &self.members[*index];
                let (verb, gross) =
                    if payers { ("pays", &member.gross_out.text) } else { ("receives", &member.gross_in.text) };
                Side {
                    label: member.label.clone(),
                    tip: format!(
                        "{} {verb} {} net; gross {}",
                        member.name,
                        self.unit.with_code(member.net.text.trim_start_matches(['\u{2212}', '-'])),
                        self.unit.with_code(gross)
                    ),
                    net: size_of(*index),
                    gross: gross_of(*index),
                    of: vec![*index],
                    y: 0.0,
                    height: 0.0,
                }
            })
            .collect();
        if !rest.is_empty() {
            let net = rest.iter().fold(0_i128, |total, index| total.saturating_add(size_of(*index)));
            sides.push(Side {
                label: format!("{} others", rest.len()),
                tip: format!("{} others: {} net", rest.len(), self.unit.with_code(&self.unit.text(net))),
                net,
                gross: rest.iter().fold(0, |total, index| total.saturating_add(gross_of(*index))),
                of: rest,
                y: 0.0,
                height: 0.0,
            });
        }
        sides
    }

    fn ribbons_between(&self, left: &[Side], right: &[Side]) -> Vec<(usize, usize, i128)> {
        let find = |sides: &[Side], member: usize| sides.iter().position(|side| side.of.contains(&member));
        let mut ribbons: Vec<(usize, usize, i128)> = Vec::new();
        for flow in self.flows.iter().filter(|flow| flow.minor > 0) {
            let (Some(from), Some(to)) = (find(left, flow.from), find(right, flow.to)) else {
                continue;
            };
            match ribbons.iter_mut().find(|ribbon| (ribbon.0, ribbon.1) == (from, to)) {
                Some(ribbon) => ribbon.2 = ribbon.2.saturating_add(flow.minor),
                None => ribbons.push((from, to, flow.minor)),
            }
        }
        ribbons.sort_by_key(|ribbon| (ribbon.0, ribbon.1));
        ribbons
    }
}

/// Gives each mark its height and place, centred in `height`.
fn stand(sides: &mut [Side], scale: f64, height: f64) {
    let mut total = -GAP;
    for side in sides.iter_mut() {
        side.height = (real(side.net) * scale).max(1.5);
        total += side.height.max(SLOT) + GAP;
    }
    let mut y = (height - total) / 2.0;
    for side in sides.iter_mut() {
        let slot = side.height.max(SLOT);
        side.y = y + (slot - side.height) / 2.0;
        y += slot + GAP;
    }
}

fn needed(sides: &[Side], scale: f64) -> f64 {
    sides.iter().map(|side| (real(side.net) * scale).max(SLOT) + GAP).sum::<f64>() - GAP
}

fn ribbon(from: (f64, f64), to: (f64, f64), thick: f64) -> String {
    let middle = (from.0 + to.0) / 2.0;
    format!(
        "M{x0} {y0}C{m} {y0} {m} {y1} {x1} {y1}L{x1} {b1}C{m} {b1} {m} {b0} {x0} {b0}Z",
        x0 = c(from.0),
        y0 = c(from.1),
        x1 = c(to.0),
        y1 = c(to.1),
        m = c(middle),
        b0 = c(from.1 + thick),
        b1 = c(to.1 + thick),
    )
}

impl Picture for Flows {
    fn head(&self) -> &Head {
        &self.head
    }

    fn draw(&self, width: Width, id: &str) -> Drawing {
        let mut canvas = Canvas::new(id);
        let (w, wide) = (width.px(), width.is_wide());
        let (mut left, mut right) = (self.side(true), self.side(false));
        if left.is_empty() && right.is_empty() {
            canvas.empty(w, 120.0, "all positions are even: nothing to pay");
            return Drawing {
                height: 120.0,
                body: canvas.into_body(),
                description: "All net positions are zero.".to_owned(),
            };
        }
        let total_of = |sides: &[Side]| sides.iter().fold(0_i128, |total, side| total.saturating_add(side.net));
        let total = total_of(&left).max(total_of(&right)).max(1);
        let scale = FLOW_HEIGHT / real(total);
        let margin = if wide { 190.0 } else { 108.0 };
        let head = 30.0;
        let height = needed(&left, scale).max(needed(&right, scale)).max(FLOW_HEIGHT);
        stand(&mut left, scale, height);
        stand(&mut right, scale, height);
        for side in left.iter_mut().chain(&mut right) {
            side.y += head;
        }
        let (x0, x1, bar) = (margin, w - margin, 9.0);
        canvas.text((0.0, 13.0), Anchor::Start, "small", "Net payers");
        canvas.text((w, 13.0), Anchor::End, "small", "Net receivers");
        let whole = self.unit.short_with_code(total);
        canvas.text((w / 2.0, 13.0), Anchor::Middle, "bold", &format!("{whole} net"));

        let ribbons = self.ribbons_between(&left, &right);
        if ribbons.is_empty() {
            let hub = head + (height - FLOW_HEIGHT) / 2.0;
            let middle = w / 2.0;
            for (sides, class, edge, hub_edge) in
                [(&left, "rpay", x0 + bar, middle - 4.0), (&right, "rrec", x1 - bar, middle + 4.0)]
            {
                let mut at = hub;
                for side in sides {
                    let thick = real(side.net) * scale;
                    canvas.path(&ribbon((edge, side.y), (hub_edge, at), thick), class, &side.tip);
                    at += thick;
                }
            }
            canvas.rect((middle - 4.0, hub, 8.0, FLOW_HEIGHT), "hub", &format!("The arrangement: {whole} net"));
        } else {
            let mut used_left = vec![0.0; left.len()];
            let mut used_right = vec![0.0; right.len()];
            for (from, to, minor) in ribbons {
                let thick = real(minor) * scale;
                let start = (x0 + bar, left[from].y + used_left[from]);
                let end = (x1 - bar, right[to].y + used_right[to]);
                used_left[from] += thick;
                used_right[to] += thick;
                let tip = format!(
                    "{} to {}: {}",
                    left[from].label,
                    right[to].label,
                    self.unit.with_code(&self.unit.text(minor))
                );
                canvas.path(&ribbon(start, end, thick), "rrec", &tip);
            }
        }
        let gross_max = left.iter().chain(&right).map(|side| side.gross).max().map_or(0.0, real);
        let meter = margin - 22.0;
        for (sides, payers) in [(&left, true), (&right, false)] {
            for side in sides {
                let (x, class) = if payers { (x0, "pay") } else { (x1 - bar, "accent") };
                canvas.rect((x, side.y, bar, side.height), class, &side.tip);
                let (at, anchor) = if payers { (x0 - 10.0, Anchor::End) } else { (x1 + 10.0, Anchor::Start) };
                let centre = side.y + side.height / 2.0;
                canvas.label((at, centre - 8.0), anchor, "bold", &side.label, (margin - 12.0, 13.0), &side.tip);
                canvas.text((at, centre + 6.0), anchor, "small", &format!("{} net", self.unit.short(side.net)));
                let outline = meter * fraction(real(side.gross), gross_max);
                let filled = outline * fraction(real(side.net), real(side.gross));
                let (ox, fx) = if payers { (at - outline, at - filled) } else { (at, at) };
                canvas.rect((fx, centre + 12.0, filled, 5.0), class, "");
                canvas.rect((ox, centre + 12.0, outline, 5.0), "outline", &side.tip);
            }
        }
        let foot = head + height + 22.0;
        let note = "Outline under a name: gross value on that side, filled as far as it is net.";
        canvas.label((0.0, foot), Anchor::Start, "tiny", note, (w, 9.5), "");
        let list = |sides: &[Side]| {
            sides
                .iter()
                .map(|side| format!("{} {}", side.label, self.unit.short(side.net)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let description = format!("{whole} moves net. Net payers: {}. Net receivers: {}.", list(&left), list(&right));
        Drawing { height: foot + 8.0, body: canvas.into_body(), description }
    }

    fn table(&self) -> Table {
        let heads = ["Gross sent", "Gross received", "Net"].map(|name| format!("#{name} {}", self.unit.code));
        let mut table =
            Table::with(&["Member", "Name", heads[0].trim_end(), heads[1].trim_end(), heads[2].trim_end(), "Side"]);
        for member in &self.members {
            let side = match member.net.minor.signum() {
                -1 => "net payer",
                1 => "net receiver",
                _ => "even",
            };
            table.rows.push(vec![
                member.label.clone(),
                member.name.clone(),
                member.gross_out.text.clone(),
                member.gross_in.text.clone(),
                member.net.text.clone(),
                side.to_owned(),
            ]);
        }
        table
    }
}
