//! How many connections each address has.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

/// Counts connections by address, up to a limit.
#[derive(Debug)]
pub struct Peers {
    limit: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that is counted as long as this is there.
#[derive(Debug)]
pub struct Place {
    peers: Arc<Peers>,
    address: IpAddr,
}

impl Peers {
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Peers { limit, open: Mutex::default() })
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    /// A place for one more connection from `address`, if it may have one.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = counted_as(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(address).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Place { peers: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.peers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.address) {
            *count -= 1;
            // So that the table is never larger than the number of connections.
            if *count == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// A subscriber is given a /64 of IPv6 at least (RFC 6177), and can take any address in it.
fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_as_many_places_as_the_limit_says_and_gets_them_back() {
        let peers = Peers::new(2);
        let (one, other) = (address("10.0.0.1"), address("10.0.0.2"));
        let first = peers.admit(one).unwrap();
        let _second = peers.admit(one).unwrap();
        assert!(peers.admit(one).is_none());
        assert!(peers.admit(other).is_some(), "another address has places of its own");
        drop(first);
        assert!(peers.admit(one).is_some());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_and_a_mapped_address_as_what_it_maps() {
        let peers = Peers::new(1);
        let _held = peers.admit(address("2001:db8:1:2::1")).unwrap();
        assert!(peers.admit(address("2001:db8:1:2:ffff::9")).is_none());
        assert!(peers.admit(address("2001:db8:1:3::1")).is_some());
        let _held = peers.admit(address("::ffff:10.0.0.1")).unwrap();
        assert!(peers.admit(address("10.0.0.1")).is_none());
    }

    #[test]
    fn who_has_no_connection_is_not_remembered() {
        let peers = Peers::new(1);
        drop(peers.admit(address("10.0.0.1")));
        assert!(peers.open.lock().unwrap().is_empty());
    }
}
