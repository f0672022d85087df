//! One function per thing the product can do; jobs.
