//! Reachability, exposure, and what security groups mean.
//!
//! In: the answers of `ec2:DescribeSecurityGroups` and lists of network members. Out: address sets,
//! port sets and who may reach whom, as values. Findings, IAM and drawing are unknown here.
//!
//! Reachability is decided between *groups*, not between pairs of members: a thousand instances in
//! one group that admits itself are one statement, not a million.

pub mod address;
pub mod group;
pub mod map;
pub mod port;

pub use address::{AddressSet, Cidr};
pub use group::{Rule, SecurityGroup, Source};
pub use map::{Link, Member, Network, Peer, Reach};
pub use port::PortSet;
