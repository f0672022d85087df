//! Where addresses are and whose, out of MaxMind's files where the user has them.
//!
//! In: the paths of GeoLite2 (or GeoIP2) City and ASN files. Out: a [`Place`] for an address. No
//! such file comes with isobar; without one every place is unknown.

use std::net::IpAddr;
use std::path::Path;

use serde_json::Value;

use crate::Error;

/// What is known of an address.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Place {
    /// ISO code of the country.
    pub country: String,
    /// State or province.
    pub state: String,
    /// City.
    pub city: String,
    /// Latitude and longitude, degrees.
    pub point: Option<(f64, f64)>,
    /// Who announces it.
    pub network: String,
}

impl Place {
    /// `US-Virginia-Ashburn`, as CloudMapper writes it; empty where nothing is known.
    pub(crate) fn words(&self) -> String {
        match (&self.country, &self.state, &self.city) {
            (country, state, city) if country.is_empty() && state.is_empty() && city.is_empty() => {
                String::new()
            }
            (country, state, city) => format!("{country}-{state}-{city}"),
        }
    }
}

/// The files.
#[derive(Debug, Default)]
pub(crate) struct Geography {
    city: Option<maxminddb::Reader<Vec<u8>>>,
    network: Option<maxminddb::Reader<Vec<u8>>>,
}

impl Geography {
    /// Opens the files that were named; a named file that cannot be read is an error.
    pub(crate) fn open(city: Option<&Path>, network: Option<&Path>) -> Result<Self, Error> {
        let read = |path: Option<&Path>| match path {
            None => Ok(None),
            Some(path) => maxminddb::Reader::open_readfile(path)
                .map(Some)
                .map_err(|error| Error::File { path: path.to_owned(), source: std::io::Error::other(error) }),
        };
        Ok(Self { city: read(city)?, network: read(network)? })
    }

    /// Whether places can be known at all.
    pub(crate) fn knows_places(&self) -> bool {
        self.city.is_some()
    }

    /// What the files say of an address.
    pub(crate) fn place(&self, address: IpAddr) -> Place {
        let look = |reader: &Option<maxminddb::Reader<Vec<u8>>>| -> Value {
            let found = reader.as_ref().and_then(|r| r.lookup(address).ok());
            found.and_then(|f| f.decode::<Value>().ok().flatten()).unwrap_or(Value::Null)
        };
        let (city, network) = (look(&self.city), look(&self.network));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let point = (city["location"]["latitude"].as_f64(), city["location"]["longitude"].as_f64());
        Place {
            country: text(&city["country"]["iso_code"]),
            state: text(&city["subdivisions"][0]["names"]["en"]),
            city: text(&city["city"]["names"]["en"]),
            point: match point {
                (Some(latitude), Some(longitude)) => Some((latitude, longitude)),
                _ => None,
            },
            network: text(&network["autonomous_system_organization"]),
        }
    }
}
