//! `isobar cloudmapper webserver`: the network map and the reports of the working folder, until a
//! signal says stop.

use std::path::PathBuf;

use anyhow::Result;
use isobar_cloudmapper::command::webserver::Webserver;
use isobar_http::MapConfig;
use isobar_model::Secret;

use crate::console::warn;
use crate::exit::Outcome;

/// Serves the folder's map.
pub(crate) async fn run(webserver: &Webserver, root: PathBuf) -> Result<Outcome> {
    let key = webserver.public.then(|| Secret::new(uuid::Uuid::new_v4().simple().to_string()));
    let config = MapConfig { root, listen: webserver.address(), key: key.clone() };
    let (address, serving) = isobar_http::serve_map(config).await?;
    match key {
        None => warn(&format!("the network map answers on http://{address}/ (Ctrl-C ends it)")),
        Some(key) => {
            warn("warning: --public answers everyone who reaches this machine and shows the key below;");
            warn("warning: there is no TLS here: the key and the map of your network travel in clear");
            // 0.0.0.0 is where it listens, no name that a browser elsewhere could open.
            let port = address.port();
            warn(&format!("http://localhost:{port}/?key={}", key.reveal()));
            warn("elsewhere the same with this machine's name or address for localhost");
        }
    }
    serving.run(super::serve::stop()).await?;
    Ok(Outcome::Done)
}
