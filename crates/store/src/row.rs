//! Reading columns as our types.

use isobar_model::{ParseError, Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

use crate::Error;
use crate::dialect::Row;

pub(crate) fn text(row: &Row, column: &'static str) -> Result<String, Error> {
    row.try_get(column).map_err(Error::query("read a column"))
}

pub(crate) fn optional(row: &Row, column: &'static str) -> Result<Option<String>, Error> {
    row.try_get(column).map_err(Error::query("read a column"))
}

pub(crate) fn number(row: &Row, column: &'static str) -> Result<i64, Error> {
    row.try_get(column).map_err(Error::query("read a column"))
}

pub(crate) fn id(row: &Row, column: &'static str) -> Result<Uuid, Error> {
    let text = text(row, column)?;
    Uuid::try_parse(&text).map_err(|_| Error::corrupt(column)(ParseError::new(&text, "a UUID")))
}

pub(crate) fn time(row: &Row, column: &'static str) -> Result<Timestamp, Error> {
    Timestamp::parse(&text(row, column)?).map_err(Error::corrupt(column))
}

pub(crate) fn optional_time(row: &Row, column: &'static str) -> Result<Option<Timestamp>, Error> {
    optional(row, column)?.map(|text| Timestamp::parse(&text).map_err(Error::corrupt(column))).transpose()
}
