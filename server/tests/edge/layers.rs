//! What the chain adds to a request before an operation sees it.

use milepost_server::http::around;
use poem::{Endpoint, Request, endpoint::make_sync};

use super::*;

#[test]
fn the_chain_has_few_places_for_a_request() {
    let operation = make_sync(|_| ());
    let request = size_of::<Request>();
    let alone = size_of_val(&operation.call(Request::default()));
    let chain = around(operation, &settings());
    let whole = size_of_val(&chain.call(Request::default()));
    let places = (whole - alone) / request;
    assert!(
        places <= 4,
        "{whole} bytes, of which the operation has {alone} and a request {request}"
    );
}
