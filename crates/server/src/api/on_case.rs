//! What every act on a case says beside its body: who acts, on which case, and for which of its versions.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use muster_core::people::Actor;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, Required};

use super::ask::{IfMatch, Member};
use crate::error::Error;
use crate::extract::ApiPath;

#[derive(Debug)]
pub(super) struct OnCase {
    pub(super) actor: Actor,
    pub(super) code: String,
    pub(super) version: Option<i64>,
}

impl<S: Send + Sync> FromRequestParts<S> for OnCase {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Member { actor, .. } = Member::from_request_parts(parts, state).await?;
        let ApiPath(code) = ApiPath::from_request_parts(parts, state).await?;
        let IfMatch(version) = IfMatch::from_request_parts(parts, state).await?;
        Ok(Self { actor, code, version })
    }
}

/// The same of an act on a part of the work, or on an entry of the ledger.
#[derive(Debug)]
pub(super) struct OnPart {
    pub(super) actor: Actor,
    pub(super) code: String,
    pub(super) number: i64,
    pub(super) version: Option<i64>,
}

impl<S: Send + Sync> FromRequestParts<S> for OnPart {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Member { actor, .. } = Member::from_request_parts(parts, state).await?;
        let ApiPath((code, number)) = ApiPath::from_request_parts(parts, state).await?;
        let IfMatch(version) = IfMatch::from_request_parts(parts, state).await?;
        Ok(Self { actor, code, number, version })
    }
}

impl IntoParams for OnPart {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = ParameterBuilder::new()
            .name("number")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("Number of the part, or of the entry, within the case"))
            .schema(Some(Object::with_type(Type::Integer)));
        let mut params = OnCase::into_params(place);
        params.insert(1, number.build());
        params
    }
}

impl IntoParams for OnCase {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let code = ParameterBuilder::new()
            .name("code")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("Code of the case, in any spelling"))
            .schema(Some(Object::with_type(Type::String)));
        let tag = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .pattern(Some("^([*]|\"[0-9]+\")$"));
        let version = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("ETag of the version you decided on, or `*`"))
            .schema(Some(tag));
        vec![code.build(), version.build()]
    }
}
