//! Values and quantities of items over periods.
//!
//! Rows of the same period and item are added up. Deliberately absent: text; the caller has numbered periods and items.

use std::collections::BTreeMap;
use std::fmt;

use crate::figure::Rows;

/// One row: what was traded of an item in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Index of the period, in order of time.
    pub period: usize,
    /// Index of the item.
    pub item: usize,
    /// Value in minor units, not below zero.
    pub value: i64,
    /// Quantity in the smallest units of its measure; none where it is not known.
    pub quantity: Option<i64>,
    /// The row's number in its source.
    pub row: u64,
}

/// Value and quantity of an item in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Value in minor units.
    pub value: i64,
    /// Quantity; none when any of its rows had none.
    pub quantity: Option<i64>,
    /// The rows that were added up.
    pub rows: Vec<u64>,
}

/// What is wrong with a row, or with a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A value below zero.
    NegativeValue {
        /// The row.
        row: u64,
        /// Its value.
        value: i64,
    },
    /// A quantity below zero.
    NegativeQuantity {
        /// The row.
        row: u64,
        /// Its quantity.
        quantity: i64,
    },
    /// A value at a quantity of zero: no price can be told.
    ValueWithoutQuantity {
        /// The row.
        row: u64,
        /// Its value.
        value: i64,
    },
    /// A quantity at a value of zero: a price of zero cannot be compared.
    QuantityWithoutValue {
        /// The row.
        row: u64,
        /// Its quantity.
        quantity: i64,
    },
    /// More than an amount can hold, at this row.
    TooMuch {
        /// The row.
        row: u64,
    },
    /// A period or item beyond those that were announced.
    Unknown {
        /// The row.
        row: u64,
    },
    /// One period's quantity at the other's price is more than an amount can hold.
    PriceJump {
        /// Index of the item.
        item: usize,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NegativeValue { row, value } => write!(to, "row {row}: value {value} is below zero"),
            Self::NegativeQuantity { row, quantity } => write!(to, "row {row}: quantity {quantity} is below zero"),
            Self::ValueWithoutQuantity { row, value } => {
                write!(
                    to,
                    "row {row}: value {value} at quantity 0 has no price; leave the quantity empty if it is unknown"
                )
            }
            Self::QuantityWithoutValue { row, quantity } => {
                write!(to, "row {row}: quantity {quantity} at value 0: a price of zero cannot be compared")
            }
            Self::TooMuch { row } => write!(to, "row {row}: the sum exceeds the limit of {}", i64::MAX),
            Self::Unknown { row } => write!(to, "row {row}: period or item was not announced"),
            Self::PriceJump { item } => {
                write!(to, "item {item}: quantity at the other period's price exceeds the limit of {}", i64::MAX)
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Values and quantities by period and item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panel {
    periods: usize,
    items: usize,
    cells: BTreeMap<(usize, usize), Cell>,
}

impl Panel {
    /// Adds up rows.
    ///
    /// # Errors
    /// The first row that has a value or quantity below zero, one without the other, or is beyond a limit.
    pub fn new(periods: usize, items: usize, rows: impl IntoIterator<Item = Row>) -> Result<Self, Refusal> {
        let mut cells: BTreeMap<(usize, usize), Cell> = BTreeMap::new();
        for Row { period, item, value, quantity, row } in rows {
            if period >= periods || item >= items {
                return Err(Refusal::Unknown { row });
            }
            if value < 0 {
                return Err(Refusal::NegativeValue { row, value });
            }
            match quantity {
                Some(quantity) if quantity < 0 => return Err(Refusal::NegativeQuantity { row, quantity }),
                Some(0) if value > 0 => return Err(Refusal::ValueWithoutQuantity { row, value }),
                Some(quantity) if quantity > 0 && value == 0 => {
                    return Err(Refusal::QuantityWithoutValue { row, quantity });
                }
                Some(_) | None => {}
            }
            if value == 0 {
                continue;
            }
            let cell = cells.entry((period, item)).or_insert(Cell { value: 0, quantity: Some(0), rows: Vec::new() });
            cell.value = cell.value.checked_add(value).ok_or(Refusal::TooMuch { row })?;
            cell.quantity = match (cell.quantity, quantity) {
                (Some(sum), Some(more)) => Some(sum.checked_add(more).ok_or(Refusal::TooMuch { row })?),
                _ => None,
            };
            cell.rows.push(row);
        }
        Ok(Self { periods, items, cells })
    }

    /// How many periods.
    #[must_use]
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// How many items.
    #[must_use]
    pub fn items(&self) -> usize {
        self.items
    }

    /// The cell of a period and item, none where nothing was traded.
    #[must_use]
    pub fn cell(&self, period: usize, item: usize) -> Option<&Cell> {
        self.cells.get(&(period, item))
    }

    /// Sum of values in a period.
    #[must_use]
    pub fn value(&self, period: usize) -> i128 {
        self.cells.range((period, 0)..=(period, usize::MAX)).map(|(_, cell)| i128::from(cell.value)).sum()
    }

    /// The rows of two periods, of one item or of all.
    #[must_use]
    pub fn rows(&self, periods: [usize; 2], item: Option<usize>) -> Rows {
        let of = |((period, of), _): &(&(usize, usize), &Cell)| {
            periods.contains(period) && item.is_none_or(|item| item == *of)
        };
        self.cells.iter().filter(of).flat_map(|(_, cell)| cell.rows.iter().copied()).collect()
    }

    /// How an item stands between two periods.
    #[must_use]
    pub fn pair(&self, from: usize, to: usize, item: usize) -> Pair {
        match (self.cell(from, item), self.cell(to, item)) {
            (None, None) => Pair::Nothing,
            (None, Some(after)) => Pair::New { after: after.value },
            (Some(before), None) => Pair::Gone { before: before.value },
            (Some(before), Some(after)) => match (before.quantity, after.quantity) {
                (Some(q0), Some(q1)) => Pair::Matched { before: before.value, after: after.value, q0, q1 },
                _ => Pair::Unpriced { before: before.value, after: after.value },
            },
        }
    }
}

/// An item between two periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// Traded in neither.
    Nothing,
    /// Traded in both, with quantities: its prices can be compared.
    Matched {
        /// Value before.
        before: i64,
        /// Value after.
        after: i64,
        /// Quantity before, above zero.
        q0: i64,
        /// Quantity after, above zero.
        q1: i64,
    },
    /// Traded in both, but a quantity is missing.
    Unpriced {
        /// Value before.
        before: i64,
        /// Value after.
        after: i64,
    },
    /// Traded only after.
    New {
        /// Value after.
        after: i64,
    },
    /// Traded only before.
    Gone {
        /// Value before.
        before: i64,
    },
}
