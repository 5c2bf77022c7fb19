//! Looking up names, with the guard behind it: whatever it gives out is what is connected to.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::guard::{Guard, Refusal};

/// Where names are looked up.
#[derive(Debug, Clone)]
pub enum Names {
    /// Where the machine looks them up.
    System,
    /// In a table; for tests, which ask no network.
    Table(HashMap<String, Vec<IpAddr>>),
}

/// Looks up names, and gives out only addresses that the guard admits.
#[derive(Debug, Clone)]
pub struct GuardedNames {
    names: Arc<Names>,
    guard: Guard,
}

impl GuardedNames {
    /// Joins the two.
    pub fn new(names: Names, guard: Guard) -> Self {
        Self { names: Arc::new(names), guard }
    }
}

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let found = this.names.look_up(name.as_str()).await?;
            let refused = found.iter().find(|ip| !this.guard.admits(**ip)).copied();
            // One private address among public ones is no accident.
            if let Some(ip) = refused {
                let name = name.as_str().to_owned();
                return Err(Refusal::NamesNotPublic { name, ip }.into());
            }
            // The port 0 stands for the one of the URL.
            let addresses: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl Names {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = match self {
            Self::System => {
                tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()
            }
            Self::Table(table) => table.get(name).cloned().unwrap_or_default(),
        };
        if found.is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the name is not known"));
        }
        Ok(found)
    }
}

#[cfg(test)]
impl Default for Names {
    /// Nothing has a name.
    fn default() -> Self {
        Self::Table(HashMap::new())
    }
}
