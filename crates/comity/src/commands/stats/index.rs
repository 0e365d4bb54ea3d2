//! `comity stats index`: how much of a change of value is price and how much is quantity.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use comity_stats::figure::{Definition, Figure, Source, Value, ratio};
use comity_stats::price as is;
use comity_stats::price::chain::{Point, points};
use comity_stats::price::index::Formula;
use comity_stats::price::panel::{Panel, Refusal, Row};
use comity_stats::price::split::{Rates, Split, half_even, items};

use super::picture;
use super::sheet::{Names, Sheet, periods, unit};
use super::show::{Files, Part, tell};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Part a change of value into price and quantity, with index numbers.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity stats index --data prices.csv\n  \
    comity stats index --data prices.csv --base 2019 --formula all --split three\n  \
    comity stats index --data prices.csv --rates rates.csv --rate RUB --picture bridge.svg\n\n\
    Columns: a period (period, year, month or date), item (or product, hs2, hs), value (or a name such as usd_million) and\n\
    quantity, or price and quantity. An empty quantity means that it is not known. A table of rates has a period or date\n\
    and a column for each currency, as units of it for one of the value's; the mean of the dates of a period is taken.")]
pub(crate) struct Arguments {
    /// Values and quantities, a CSV file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The period that others are compared with [default: the first].
    #[arg(long, value_name = "PERIOD")]
    base: Option<String>,
    /// The formula of the index numbers.
    #[arg(long, value_enum, default_value_t = Asked::Fisher)]
    formula: Asked,
    /// How the change is parted.
    #[arg(long, value_enum, default_value_t = Parting::Mean)]
    split: Parting,
    /// How many items to tell, by the size of what they changed.
    #[arg(long, default_value_t = 10)]
    top: usize,
    /// The unit of values [default: by the column's name].
    #[arg(long)]
    unit: Option<String>,
    /// Exchange rates, to tell their part from that of prices; a CSV file.
    #[arg(long, value_name = "FILE", requires = "rate", conflicts_with = "split")]
    rates: Option<PathBuf>,
    /// The column of the rates: the currency in which prices are made.
    #[arg(long, value_name = "CURRENCY", requires = "rates")]
    rate: Option<String>,
    /// Also draw the way from the base to the last period, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    picture: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Asked {
    /// By quantities of the base.
    Laspeyres,
    /// By quantities of each period.
    Paasche,
    /// The geometric mean of both.
    Fisher,
    /// Price ratios by mean shares in value.
    Tornqvist,
    /// All of them.
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Parting {
    /// Price at mean quantities and quantity at mean prices: nothing is left between them.
    Mean,
    /// Price at old quantities, quantity at old prices, and what they did together.
    Three,
}

/// A file of values and quantities, read.
struct Data {
    panel: Panel,
    periods: Vec<String>,
    items: Vec<String>,
    decimals: u8,
    source: Arc<Source>,
    base: usize,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let data = read(arguments)?;
    let rates = rates(arguments, &data)?;
    let told = |from: usize, to: usize| -> Result<Vec<Split>, Failure> {
        let rates = rates.as_ref().map(|rates| Rates { before: rates[from], after: rates[to] });
        items(&data.panel, from, to, rates).map_err(|refusal| named(&refusal, &data))
    };
    let last = data.periods.len() - 1;
    let steps: Vec<(usize, usize)> = (1..=last).map(|to| (to - 1, to)).collect();
    let mut changes = Vec::new();
    // With two periods the step is the whole way.
    for (from, to) in steps.into_iter().chain((last > 1 && data.base < last).then_some((data.base, last))) {
        let whole: Split = told(from, to)?.into_iter().sum();
        changes.extend(change(arguments, &data, from, to, None, &whole));
    }
    let (from, to) = if data.base < last { (data.base, last) } else { (0, last) };
    let parts = told(from, to)?;
    let mut order: Vec<usize> = (0..parts.len()).filter(|item| parts[*item] != Split::default()).collect();
    order.sort_by_key(|item| (std::cmp::Reverse(parts[*item].change().abs()), *item));
    let by_item = order.iter().take(arguments.top);
    let by_item = by_item.flat_map(|item| change(arguments, &data, from, to, Some(*item), &parts[*item])).collect();
    let whole: Split = parts.iter().copied().sum();
    if let Some(path) = &arguments.picture {
        let title = format!("{} to {}: what changed the value", data.periods[from], data.periods[to]);
        picture::bridge(path, &title, &data.source.unit, data.decimals, &whole)?;
    }
    let [direct, chained] = indices(arguments, &data);
    let title = |what: &str| format!("{what}, amounts in {}", data.source.unit);
    let parts = [
        Part::new(title("Change of value, and what made it"), changes),
        Part::new(format!("Index numbers, {} = 100", data.periods[data.base]), direct),
        Part::new(format!("Chained from period to period, {} = 100", data.periods[data.base]), chained),
        Part::new(title(&format!("{} to {} by item", data.periods[from], data.periods[to])), by_item),
    ];
    let mut notes = Vec::new();
    if whole.matched == 0 {
        notes.push(format!(
            "No item has a quantity in both {} and {}: nothing can be compared directly.",
            data.periods[from], data.periods[to]
        ));
    }
    tell(&parts, &notes, &arguments.files, output)
}

/// Figures of a change.
fn change(
    arguments: &Arguments,
    data: &Data,
    from: usize,
    to: usize,
    item: Option<usize>,
    split: &Split,
) -> Vec<Figure> {
    let rows = data.panel.rows([from, to], item);
    let amount = |units| Value::amount(units, data.decimals);
    let mut out = Vec::new();
    let mut say = |definition: &'static Definition, value| {
        let figure = Figure::new(definition, &data.source);
        let figure = match item {
            Some(item) => figure.of("item", &data.items[item]),
            None => figure.of("from", &data.periods[from]).of("to", &data.periods[to]),
        };
        out.push(figure.value(value).rows(rows.clone()));
    };
    say(&is::BEFORE, amount(split.before));
    say(&is::AFTER, amount(split.after));
    say(&is::CHANGE, amount(split.change()));
    match arguments.split {
        Parting::Mean => {
            say(&is::PRICE, amount(split.price));
            if arguments.rates.is_some() {
                say(&is::CURRENCY, amount(split.currency));
            }
            say(&is::QUANTITY, amount(split.quantity));
        }
        Parting::Three => {
            say(&is::PRICE_BASE, amount(split.price_base));
            say(&is::QUANTITY_BASE, amount(split.quantity_base));
            say(&is::INTERACTION, amount(split.interaction));
        }
    }
    say(&is::NEW, amount(split.new));
    say(&is::GONE, amount(split.gone));
    say(&is::UNPRICED, amount(split.unpriced));
    if item.is_none() {
        say(&is::MATCHED, Value::percent(split.matched_before + split.matched_after, split.before + split.after));
    }
    out
}

/// Index numbers of every period: direct ones, and chained ones, which have a row for each formula where there are several.
fn indices(arguments: &Arguments, data: &Data) -> [Vec<Figure>; 2] {
    let formulas: &[Formula] = match arguments.formula {
        Asked::Laspeyres => &[Formula::Laspeyres],
        Asked::Paasche => &[Formula::Paasche],
        Asked::Fisher => &[Formula::Fisher],
        Asked::Tornqvist => &[Formula::Tornqvist],
        Asked::All => &Formula::ALL,
    };
    let (mut direct, mut chained) = (Vec::new(), Vec::new());
    for formula in formulas {
        let (price, quantity) = match formula {
            Formula::Laspeyres => (&is::LASPEYRES, &is::LASPEYRES_QUANTITY),
            Formula::Paasche => (&is::PAASCHE, &is::PAASCHE_QUANTITY),
            Formula::Fisher => (&is::FISHER, &is::FISHER_QUANTITY),
            Formula::Tornqvist => (&is::TORNQVIST, &is::TORNQVIST_QUANTITY),
        };
        for (at, point) in points(&data.panel, data.base, *formula).into_iter().enumerate() {
            let rows = data.panel.rows([data.base, at], None);
            let figure = |definition: &'static Definition, index: Option<f64>| {
                let value =
                    index.map_or(Value::Absent("no item can be compared"), |index| Value::real(100.0 * index, 2));
                Figure::new(definition, &data.source).of("period", &data.periods[at]).value(value).rows(rows.clone())
            };
            let Point { price: direct_price, quantity: direct_quantity, chained_price, chained_quantity, value } =
                point;
            direct.extend(
                [(&is::VALUE_INDEX, value), (price, direct_price), (quantity, direct_quantity)]
                    .map(|(definition, index)| figure(definition, index)),
            );
            for (definition, index) in
                [(&is::CHAINED, chained_price), (&is::CHAINED_QUANTITY, chained_quantity), (&is::DRIFT, point.drift())]
            {
                chained.push(figure(definition, index).of("formula", formula.word()));
            }
        }
    }
    [direct, chained]
}

fn read(arguments: &Arguments) -> Result<Data, Failure> {
    let sheet = Sheet::read(&arguments.data)?;
    let period = sheet.need(&["period", "year", "month", "date"])?;
    let item = sheet.need(&["item", "product", "hs2", "hs", "code"])?;
    let quantity = sheet.need(&["quantity", "volume"])?;
    let price = sheet.column(&["price", "unit_price"]);
    let value = match price {
        Some(_) => None,
        None => Some(sheet.need(&[
            "value",
            "amount",
            "usd",
            "usd_thousand",
            "usd_million",
            "usd_million_fob",
            "usd_billion",
        ])?),
    };
    let periods = periods(&sheet, period)?;
    let base = match &arguments.base {
        None => 0,
        Some(base) => periods.iter().position(|period| period == base.trim()).ok_or_else(|| {
            let message = format!(
                "--base {base:?} is not in the table, which has {} to {}",
                periods[0],
                periods[periods.len() - 1]
            );
            Failure::new(Exit::Usage, message)
        })?,
    };
    if periods.len() < 2 {
        return Err(Failure::refused(format!("{}: one period alone has no change", sheet.name)));
    }
    let quantity_decimals = sheet.decimals(&[quantity])?;
    let decimals = sheet.decimals(&[price.or(value).unwrap_or(quantity)])?;
    let mut names = Names::default();
    let mut rows = Vec::new();
    for line in sheet.lines() {
        let of = line.text(period)?;
        let at = periods.binary_search_by(|period| period.as_str().cmp(of)).unwrap_or(0);
        let amount = line.number(quantity, quantity_decimals)?;
        let value = match (price, value) {
            (Some(price), _) => {
                let each = line.number(price, decimals)?.ok_or_else(|| line.wrong(price, "is empty"))?;
                let amount = amount.ok_or_else(|| line.wrong(quantity, "is empty, and a price alone has no value"))?;
                let scale = 10i128.pow(u32::from(quantity_decimals));
                let value = half_even(i128::from(each) * i128::from(amount), scale);
                i64::try_from(value)
                    .map_err(|_| line.refuse(&format!("value {value} exceeds the limit of {}", i64::MAX)))?
            }
            (None, Some(value)) => line.number(value, decimals)?.ok_or_else(|| line.wrong(value, "is empty"))?,
            (None, None) => unreachable!("a table has prices or values"),
        };
        rows.push(Row { period: at, item: names.place(line.text(item)?), value, quantity: amount, row: line.line });
    }
    let unit_of = |column: usize| arguments.unit.clone().unwrap_or_else(|| unit(sheet.heading(column)));
    let unit = unit_of(value.or(price).unwrap_or(quantity));
    let items = names.into_names();
    let panel = Panel::new(periods.len(), items.len(), rows);
    let panel = panel.map_err(|refusal| Failure::refused(format!("{}: {refusal}", sheet.name)))?;
    let source = Source::new(&sheet.name, &sheet.revision, unit).shared();
    Ok(Data { panel, periods, items, decimals, source, base })
}

/// The mean rate of every period, in millionths.
fn rates(arguments: &Arguments, data: &Data) -> Result<Option<Vec<i64>>, Failure> {
    let (Some(path), Some(currency)) = (&arguments.rates, &arguments.rate) else { return Ok(None) };
    let sheet = Sheet::read(path)?;
    let date = sheet.need(&["period", "date", "year", "month"])?;
    let rate = sheet.need(&[currency.to_lowercase().as_str()])?;
    let mut sums: Vec<(i128, i128)> = vec![(0, 0); data.periods.len()];
    for line in sheet.lines() {
        let of = line.text(date)?;
        let Some(millionths) = line.number(rate, 6)? else { continue };
        if millionths == 0 {
            return Err(line.wrong(rate, "is no rate above 0"));
        }
        if let Some(at) = data.periods.iter().position(|period| of.starts_with(period.as_str())) {
            sums[at].0 += i128::from(millionths);
            sums[at].1 += 1;
        }
    }
    let mean = |(at, (sum, count)): (usize, &(i128, i128))| {
        let missing = || Failure::refused(format!("{}: no rate of {currency} in {}", sheet.name, data.periods[at]));
        if ratio(*sum, *count).is_none() {
            return Err(missing());
        }
        i64::try_from(half_even(*sum, *count)).map_err(|_| missing())
    };
    sums.iter().enumerate().map(mean).collect::<Result<Vec<_>, _>>().map(Some)
}

/// A refusal that knows items by number, with the item's name.
fn named(refusal: &Refusal, data: &Data) -> Failure {
    match refusal {
        Refusal::PriceJump { item } => Failure::refused(format!(
            "{}: item {:?}: its prices are too far apart: a quantity at the other period's price exceeds the limit of {}",
            data.source.name,
            data.items[*item],
            i64::MAX
        )),
        other => Failure::refused(format!("{}: {other}", data.source.name)),
    }
}
