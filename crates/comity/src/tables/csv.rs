//! Comma-separated values (RFC 4180), UTF-8, a heading line.

use std::path::Path;

use super::{Cell, Kind, Table};
use crate::exit::{Exit, Failure, at};

pub(super) struct Csv {
    writer: ::csv::Writer<std::fs::File>,
    rows: u64,
}

impl Csv {
    pub(super) fn create(path: &Path, columns: &[(&str, Kind)]) -> Result<Self, Failure> {
        let file = std::fs::File::create(path).map_err(at(path))?;
        let mut writer = ::csv::Writer::from_writer(file);
        writer.write_record(columns.iter().map(|column| column.0)).map_err(fault)?;
        Ok(Self { writer, rows: 0 })
    }
}

fn fault(error: ::csv::Error) -> Failure {
    Failure::new(Exit::Fault, error.to_string())
}

impl Table for Csv {
    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        for cell in &cells {
            let written = match cell {
                Cell::Text(text) => self.writer.write_field(text),
                Cell::Integer(integer) => self.writer.write_field(integer.to_string()),
                Cell::Real(real) => self.writer.write_field(real.to_string()),
                Cell::Absent => self.writer.write_field(""),
            };
            written.map_err(fault)?;
        }
        self.rows += 1;
        self.writer.write_record(None::<&[u8]>).map_err(fault)
    }

    fn finish(mut self: Box<Self>) -> Result<u64, Failure> {
        self.writer.flush().map_err(|error| Failure::new(Exit::Fault, error.to_string()))?;
        Ok(self.rows)
    }
}
