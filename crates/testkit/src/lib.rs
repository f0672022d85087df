//! Write an account in ten lines; compare with a golden; generate estates of any size.

mod account;
pub mod estate;
mod golden;

pub use account::{ACCOUNT, account, parameters};
pub use golden::{blessing, check_golden};
