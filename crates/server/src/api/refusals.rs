//! The refusals of an operation as the OpenAPI document shows them: made from the table of codes, so that the document
//! names no code that is not there.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use utoipa::IntoResponses;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use crate::error::Code;

/// Codes that a part of a request can bring.
pub(super) trait Codes {
    const CODES: &'static [Code];
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $($code:ident),*;)+) => {$(
        $(#[$doc])*
        pub(super) struct $name;
        impl Codes for $name {
            const CODES: &'static [Code] = &[$(Code::$code),*];
        }
    )+};
}

codes! {
    /// Nothing of its own.
    Nothing: ;
    /// A token may be sent, and then must be good.
    Token: Unauthenticated;
    /// Someone signed in whose role allows it.
    Staff: Unauthenticated, Forbidden;
    /// The thing in the path, or asked for in the query, is there and in reach.
    Found: MalformedText, NotFound;
    /// A query string.
    Query: MalformedRequest, MalformedText, Invalid;
    /// A JSON body.
    Body: MalformedJson, MalformedText, CrossSite, RequestTimeout, TooLarge, UnsupportedMediaType, Invalid;
    /// A move of a case, which its state or version may forbid.
    Moves: MalformedRequest, IllegalMove, StaleEtag;
    /// The order of the parts of the work.
    Order: PartsOpen;
    /// A key for repeating.
    Keyed: KeyWrong, KeyReused;
    /// A signature of a gateway, and an id under which a message may be sent again.
    Signature: MalformedRequest, SignatureWrong, KeyReused;
    /// Strangers may try only so often.
    Limited: RateLimited;
}

/// What any operation may meet.
const ALWAYS: [Code; 2] = [Code::Internal, Code::Unavailable];

/// The refusals of all parts together, for `responses(…)`.
pub(super) struct Refusals<A, B = Nothing, C = Nothing, D = Nothing, E = Nothing>(PhantomData<(A, B, C, D, E)>);

impl<A: Codes, B: Codes, C: Codes, D: Codes, E: Codes> IntoResponses for Refusals<A, B, C, D, E> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut codes: Vec<Code> = [A::CODES, B::CODES, C::CODES, D::CODES, E::CODES, &ALWAYS].concat();
        codes.sort_by_key(|code| *code as usize);
        codes.dedup();
        codes
            .chunk_by(|one, other| one.row().status == other.row().status)
            .map(|codes| (codes[0].row().status.to_string(), problem(codes).into()))
            .collect()
    }
}

/// One status with the codes that have it.
fn problem(codes: &[Code]) -> Response {
    let lines: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.row().name, code.row().title)).collect();
    let schema = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description(lines.join("; ")).content("application/problem+json", schema);
    let header =
        |kind, says: &str| HeaderBuilder::new().schema(Some(Object::with_type(kind))).description(Some(says)).build();
    match codes[0] {
        Code::Unauthenticated => response.header("WWW-Authenticate", header(Type::String, "How to sign in")),
        Code::RateLimited | Code::Unavailable => {
            response.header("Retry-After", header(Type::Integer, "Seconds to wait before the next try"))
        }
        _ => response,
    }
    .build()
}
