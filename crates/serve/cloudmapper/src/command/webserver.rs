//! `webserver`: its arguments. The server itself is http's, and cli starts it: this crate opens no
//! listener.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use clap::Args;

use crate::{Context, Error};

/// Serve the network map and the reports.
#[derive(Debug, Clone, Args)]
pub struct Webserver {
    /// The port
    #[arg(long, default_value_t = 8000)]
    pub port: u16,
    /// Answer beyond this machine, to whoever shows the key that is printed
    #[arg(long)]
    pub public: bool,
    /// Listen on IPv6
    #[arg(long)]
    pub ipv6: bool,
}

impl Webserver {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        let ip: IpAddr = match (self.ipv6, self.public) {
            (false, false) => Ipv4Addr::LOCALHOST.into(),
            (false, true) => Ipv4Addr::UNSPECIFIED.into(),
            (true, false) => Ipv6Addr::LOCALHOST.into(),
            (true, true) => Ipv6Addr::UNSPECIFIED.into(),
        };
        SocketAddr::new(ip, self.port)
    }

    pub(super) fn run(&self, _: &mut Context) -> Result<(), Error> {
        Err(Error::Explicit("webserver runs from the command line: isobar cloudmapper webserver".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listens_where_it_is_told() {
        for (public, ipv6, expected) in [
            (false, false, "127.0.0.1:8000"),
            (true, false, "0.0.0.0:8000"),
            (false, true, "[::1]:8000"),
            (true, true, "[::]:8000"),
        ] {
            assert_eq!(Webserver { port: 8000, public, ipv6 }.address().to_string(), expected);
        }
    }
}
