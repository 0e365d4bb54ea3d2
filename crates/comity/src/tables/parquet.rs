//! Apache Parquet: columns gathered into row groups, Snappy-compressed, every column optional.

use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::types::Type;

use super::{Cell, Kind, Table};
use crate::exit::{Exit, Failure, at};

/// Rows of a row group.
const GROUP_ROWS: usize = 262_144;

enum Column {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Real(Vec<f64>),
}

pub(super) struct Parquet {
    writer: SerializedFileWriter<std::fs::File>,
    columns: Vec<(Column, Vec<i16>)>,
    gathered: usize,
    rows: u64,
}

fn fault(error: ::parquet::errors::ParquetError) -> Failure {
    Failure::new(Exit::Fault, error.to_string())
}

impl Parquet {
    pub(super) fn create(path: &Path, columns: &[(&str, Kind)]) -> Result<Self, Failure> {
        let mut fields = Vec::new();
        for (name, kind) in columns {
            let builder = match kind {
                Kind::Text => {
                    Type::primitive_type_builder(name, Physical::BYTE_ARRAY).with_converted_type(ConvertedType::UTF8)
                }
                Kind::Integer => Type::primitive_type_builder(name, Physical::INT64),
                Kind::Real => Type::primitive_type_builder(name, Physical::DOUBLE),
            };
            fields.push(Arc::new(builder.with_repetition(Repetition::OPTIONAL).build().map_err(fault)?));
        }
        let schema = Type::group_type_builder("comity").with_fields(fields).build().map_err(fault)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("comity {}", env!("CARGO_PKG_VERSION")))
            .build();
        let file = std::fs::File::create(path).map_err(at(path))?;
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).map_err(fault)?;
        let columns = columns
            .iter()
            .map(|(_, kind)| match kind {
                Kind::Text => (Column::Text(Vec::new()), Vec::new()),
                Kind::Integer => (Column::Integer(Vec::new()), Vec::new()),
                Kind::Real => (Column::Real(Vec::new()), Vec::new()),
            })
            .collect();
        Ok(Self { writer, columns, gathered: 0, rows: 0 })
    }

    fn write_group(&mut self) -> Result<(), Failure> {
        let mut group = self.writer.next_row_group().map_err(fault)?;
        for (column, present) in &mut self.columns {
            let mut out = group.next_column().map_err(fault)?.expect("the schema has this column");
            match column {
                Column::Text(values) => {
                    out.typed::<ByteArrayType>().write_batch(values, Some(present), None).map_err(fault)?;
                    values.clear();
                }
                Column::Integer(values) => {
                    out.typed::<Int64Type>().write_batch(values, Some(present), None).map_err(fault)?;
                    values.clear();
                }
                Column::Real(values) => {
                    out.typed::<DoubleType>().write_batch(values, Some(present), None).map_err(fault)?;
                    values.clear();
                }
            }
            present.clear();
            out.close().map_err(fault)?;
        }
        group.close().map_err(fault)?;
        self.gathered = 0;
        Ok(())
    }
}

impl Table for Parquet {
    fn row(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        for ((column, present), cell) in self.columns.iter_mut().zip(cells) {
            present.push(i16::from(cell != Cell::Absent));
            match (column, cell) {
                (Column::Text(values), Cell::Text(text)) => values.push(ByteArray::from(text.into_bytes())),
                (Column::Integer(values), Cell::Integer(integer)) => values.push(integer),
                (Column::Real(values), Cell::Real(real)) => values.push(real),
                (Column::Text(_) | Column::Integer(_) | Column::Real(_), Cell::Absent) => {}
                (Column::Text(_), Cell::Integer(_) | Cell::Real(_))
                | (Column::Integer(_), Cell::Text(_) | Cell::Real(_))
                | (Column::Real(_), Cell::Text(_) | Cell::Integer(_)) => {
                    unreachable!("a table's rows have its columns' types")
                }
            }
        }
        self.gathered += 1;
        self.rows += 1;
        if self.gathered == GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<u64, Failure> {
        if self.gathered > 0 {
            self.write_group()?;
        }
        self.writer.close().map_err(fault)?;
        Ok(self.rows)
    }
}
