//! Write an account in ten lines; compare with a golden.

pub mod estate;
