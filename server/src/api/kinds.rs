//! Kinds: what inputs must be, and what tasks get by default.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    cached::{Found, Listed},
    conditional::{self, revision_tag},
    paging::{NamedPage, default_limit, next_link},
    params::{Bounded, HeaderText, KindText},
    payload::{JsonBody, Reply},
    problem::{DeletingSchedule, Failed, Problem, Reading, ReadingTask, Setting},
    wire::kind::{Kind, KindDefinition, KindList},
};
use crate::domain::{self, Refusal};

/// The operations tagged "Kinds".
pub struct Kinds(pub Api);

/// A kind that something was said of for the first time, or anew.
#[derive(ApiResponse)]
pub enum KindPut {
    /// Made and durable.
    #[oai(status = 201)]
    Created(
        Reply<Kind>,
        /// Where the kind is.
        #[oai(header = "Location")]
        String,
        /// The kind's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
    /// It was there, and is replaced.
    #[oai(status = 200)]
    Replaced(
        Reply<Kind>,
        /// Where the kind is.
        #[oai(header = "Location")]
        String,
        /// The kind's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

/// Nothing is said of the kind any more.
#[derive(ApiResponse)]
pub enum KindDeleted {
    /// The kind is deleted.
    #[oai(status = 204)]
    Deleted,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Kinds")]
impl Kinds {
    /// List kinds
    ///
    /// By name, in pages: every kind that something was said of, without its schema. Tasks may be of
    /// any other kind as well.
    #[oai(path = "/kinds", method = "get", operation_id = "listKinds")]
    async fn list_kinds(
        &self,
        request: &Request,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 200>>,
        /// `next_page` of the page before.
        page: Query<Option<String>>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Listed<KindList>, Failed<Reading>> {
        let page = NamedPage::of(limit.0, page.0.as_deref())?;
        let (after, sought) = (page.after.clone(), page.sought());
        let mut found = self.0.log.read(move |reads| reads.kinds(&after, sought)).await?;
        let next_page = page.cut(&mut found, |kind| &kind.name);
        let link = next_link(request.original_uri(), next_page.as_deref());
        let items = found.into_iter().map(Kind::listed).collect();
        Ok(Listed::page(&KindList { items, next_page }, link, &if_none_match)?)
    }

    /// Get a kind
    ///
    /// What is said of it, with its schema. A kind that nothing was said of is not there, even if it
    /// has tasks.
    #[oai(path = "/kinds/:name", method = "get", operation_id = "getKind")]
    async fn get_kind(
        &self,
        /// The kind; special characters percent-encoded, `/` as `%2F`.
        name: Path<KindText>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Found<Kind>, Failed<ReadingTask>> {
        let name = name.0.0;
        let sought = name.clone();
        let kind = self.0.log.read(move |reads| reads.kind(&sought)).await?;
        let kind = kind.ok_or(Refusal::KindNotFound(name))?;
        Ok(Found::at(kind.revision, &Kind::from(kind), &if_none_match)?)
    }

    /// Create or replace a kind
    ///
    /// Replaces all that is said of it: what is left out returns to its default. A kind need not be
    /// put before tasks of it are submitted. From now on, an input that is not as `input_schema` says
    /// is refused when its task is submitted, or its schedule is put, and `errors` names each place
    /// that is wrong, e.g. `input/size`. Tasks that are there already stay, and so do the tasks of
    /// schedules. `defaults` are for tasks submitted from now on. The schema itself is checked too:
    /// `errors` then names e.g. `input_schema/properties/size/type`.
    #[oai(path = "/kinds/:name", method = "put", operation_id = "putKind")]
    async fn put_kind(
        &self,
        /// The kind; special characters percent-encoded, `/` as `%2F`.
        name: Path<KindText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// `*`: only if it is not there yet (RFC 9110 §13.1.2).
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
        body: JsonBody<KindDefinition>,
    ) -> Result<KindPut, Failed<Setting>> {
        let (kind, created) = self
            .0
            .engine
            .only_if(conditional::for_put(&if_match, &if_none_match)?)
            .put_kind(name.0.0, body.value.into_spec())
            .await?;
        let (reply, location, tag) = located(kind)?;
        Ok(match created {
            true => KindPut::Created(reply, location, tag),
            false => KindPut::Replaced(reply, location, tag),
        })
    }

    /// Delete a kind
    ///
    /// Nothing is said of it any more: its tasks stay, and more can be submitted, with any input.
    #[oai(path = "/kinds/:name", method = "delete", operation_id = "deleteKind")]
    async fn delete_kind(
        &self,
        /// The kind; special characters percent-encoded, `/` as `%2F`.
        name: Path<KindText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
    ) -> Result<KindDeleted, Failed<DeletingSchedule>> {
        self.0.engine.only_if(conditional::if_match(&if_match)?).delete_kind(name.0.0).await?;
        Ok(KindDeleted::Deleted)
    }
}

/// The kind, where it is, and its tag.
fn located(kind: domain::Kind) -> Result<(Reply<Kind>, String, String), Problem> {
    let tag = revision_tag(kind.revision);
    let kind = Kind::from(kind);
    Ok((Reply::of(&kind)?, kind.links.itself, tag))
}
