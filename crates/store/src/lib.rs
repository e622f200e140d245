//! The memory of Muster: the only crate that knows SQL.
//!
//! Functions take a [`db::Tx`] and plain values; what belongs together is written by the caller in one transaction.

pub mod audit;
pub mod check;
pub mod copy;
pub mod db;
pub mod dispatch;
pub mod evaluate;
pub mod gazetteer;
pub mod hotspot;
pub mod intake;
pub mod meeting;
pub mod model;
pub mod notice;
pub mod outbox;
pub mod people;
pub mod photo;
pub mod practice;
pub mod presence;
pub mod process;
mod record;
pub mod saved_view;
mod search;
pub mod send;
pub mod share;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod way;
pub mod writer;

pub use db::{Db, Error, Result, Tx};
pub use record::{Rows, rows_insert};
