//! Accounts, keys, jobs and scans in SQL.
