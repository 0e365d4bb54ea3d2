//! Rows from Apache Parquet: the same columns by name. Text, whole numbers, decimals and dates are read exactly;
//! floating-point columns are refused.

use std::fmt::Write as _;
use std::sync::Arc;

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use ::parquet::schema::types::Type;

use super::amount::due_text;
use super::book::{Book, COLUMNS, Mistake, Row, refuse};
use crate::exit::Failure;

pub(super) fn read(book: &mut Book, source: &str, file: std::fs::File) -> Result<(), Failure> {
    let fault = |error: ::parquet::errors::ParquetError| {
        Failure::refused(format!("{source}: not a sound Parquet file: {error}"))
    };
    let reader = SerializedFileReader::new(file).map_err(fault)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<String> = schema.get_fields().iter().map(|field| field.name().to_lowercase()).collect();
    let columns = super::csv::columns(source, &names)?;
    let wanted: Vec<usize> = columns.iter().flatten().copied().collect();
    // The order of the projection is the order of the cells.
    let fields: Vec<Arc<Type>> = wanted.iter().map(|column| Arc::clone(&schema.get_fields()[*column])).collect();
    let projection = Type::group_type_builder(schema.name()).with_fields(fields).build().map_err(fault)?;
    let total = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(0);
    let bar = crate::output::progress(total, "rows read");
    let mut texts: [String; 6] = Default::default();
    for (row, read) in (1_u64..).zip(reader.get_row_iter(Some(projection)).map_err(fault)?) {
        let read = read.map_err(fault)?;
        let mut cells = read.get_column_iter();
        for (place, column) in columns.iter().enumerate() {
            if column.is_some() {
                let field = cells.next().map_or(&Field::Null, |cell| cell.1);
                texts[place].clear();
                write_text(&mut texts[place], field)
                    .map_err(|wrong| refuse(source, row, None, (COLUMNS[place], wrong)))?;
            }
        }
        let cell = |place: usize| columns[place].map(|_| texts[place].trim());
        let taken: Result<(), Mistake> = book.push(&Row {
            debtor: cell(0).unwrap_or_default(),
            creditor: cell(1).unwrap_or_default(),
            amount: cell(2).unwrap_or_default(),
            currency: cell(3),
            due: cell(4),
            consent: cell(5),
        });
        taken.map_err(|mistake| refuse(source, row, None, mistake))?;
        if row.is_multiple_of(65_536) {
            bar.set_position(row);
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// A value as the text a CSV file would have; an absent one is empty.
fn write_text(text: &mut String, field: &Field) -> Result<(), String> {
    let written = match field {
        Field::Null => Ok(()),
        Field::Str(value) => write!(text, "{value}"),
        Field::Bytes(value) => {
            let value = value.as_utf8().map_err(|_| "is not UTF-8".to_string())?;
            write!(text, "{value}")
        }
        Field::Byte(value) => write!(text, "{value}"),
        Field::Short(value) => write!(text, "{value}"),
        Field::Int(value) => write!(text, "{value}"),
        Field::Long(value) => write!(text, "{value}"),
        Field::UByte(value) => write!(text, "{value}"),
        Field::UShort(value) => write!(text, "{value}"),
        Field::UInt(value) => write!(text, "{value}"),
        Field::ULong(value) => write!(text, "{value}"),
        Field::Decimal(_) => write!(text, "{}", field.to_string().trim_matches('"')),
        Field::Date(days) => write!(text, "{}", due_text(*days, true)),
        Field::Float16(_) | Field::Float(_) | Field::Double(_) => {
            return Err("is a floating-point number; write it as text, a whole number or a decimal".into());
        }
        Field::Bool(_)
        | Field::TimeMillis(_)
        | Field::TimeMicros(_)
        | Field::TimestampMillis(_)
        | Field::TimestampMicros(_)
        | Field::Group(_)
        | Field::ListInternal(_)
        | Field::MapInternal(_) => return Err("has a type that is not text, number, decimal or date".into()),
    };
    written.map_err(|error| error.to_string())
}
