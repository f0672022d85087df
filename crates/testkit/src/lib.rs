//! Write an account in ten lines; compare with a golden.
