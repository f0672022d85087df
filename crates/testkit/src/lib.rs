//! Write an account in ten lines; compare with a golden; generate estates of any size; score pictures.

mod account;
mod account_data;
mod dice;
pub mod estate;
mod golden;
pub mod neutral;
pub mod score;

pub use account::{ACCOUNT, account, parameters};
pub use account_data::account_data;
pub use golden::{blessing, check_golden};
