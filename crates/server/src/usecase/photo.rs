//! Photos of a report: kept while its form is being filled in, and looked at afterwards, each look by staff on the record.

use muster_core::id::{PersonId, ReportId};
use muster_core::intake::Photo;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::photo::{PhotoRow, PhotoSealed, WaitingRow, photo_get, waiting_get, waiting_put};
use muster_store::process::case_get;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::act::{Act, deny};
use super::case_track::report_of;
use crate::error::{Error, Result};
use crate::photo::PhotoFault;
use crate::room::Incoming;
use crate::secret::{DataKey, MasterKey, OpenError, hex, place};
use crate::state::State;

/// Photos of forms that wait at once, some hundred megabytes; when there are more, the oldest go.
const WAITING: i64 = 1000;

/// Keeps a photo for the form with this key, for a day: also after it was sent, so that a form whose receipt was lost may
/// be sent again as it is. Returns the token by which the form names it: the same photo of the same form has the same,
/// and nobody else can make it.
pub async fn photo_keep(
    state: &State,
    actor: &Actor,
    form: &str,
    file: Incoming,
) -> Result<std::result::Result<String, PhotoFault>> {
    may(actor, Action::ReportSubmit, &Subject::NONE).map_err(deny)?;
    let (photo, thumb) = match state.photos.read(file, &state.pack.intake.photos).await {
        Ok(read) => read,
        Err(fault) => return Ok(Err(fault)),
    };
    let token = hex(&state.keys.secret_hash(&format!("photo of form {form}"), &hex(&photo.hash))[..16]);
    let id = waiting_id(state, &token);
    let seal = |column: &str, bytes: &[u8]| state.keys.seal(&waiting_place(column, &id), bytes, &state.chance);
    let row = WaitingRow {
        width: i64::from(photo.width),
        height: i64::from(photo.height),
        content_sealed: seal("content_sealed", &photo.jpeg),
        thumb_sealed: seal("thumb_sealed", &thumb),
        created_at: state.now().0,
        id,
    };
    let mut tx = state.db.write().await?;
    waiting_put(&mut tx, row, WAITING).await?;
    tx.commit().await?;
    Ok(Ok(token))
}

fn waiting_id(state: &State, token: &str) -> Vec<u8> {
    state.keys.secret_hash("photo waiting", token).to_vec()
}

fn waiting_place(column: &str, id: &[u8]) -> String {
    place("photos_waiting", column, &hex(id))
}

/// The photos that a form's tokens name, in their order.
///
/// # Errors
/// When one is not there: forms keep their photos for a day.
pub async fn photos_kept(state: &State, tokens: &[String]) -> Result<Vec<Photo>> {
    let mut photos = Vec::new();
    for row in waiting(state, tokens).await? {
        let gone = || Error::invalid("photo", "photo-gone", "A photo was chosen too long ago; choose it again.");
        let row = row.ok_or_else(gone)?;
        let jpeg = open_waiting(state, "content_sealed", &row, &row.content_sealed)?;
        photos.push(Photo {
            width: row.width as u32,
            height: row.height as u32,
            hash: Sha256::digest(&*jpeg).into(),
            jpeg: jpeg.as_slice().into(),
        });
    }
    Ok(photos)
}

/// Small pictures of those that are still there, each with its token.
pub async fn thumbs_kept(state: &State, tokens: &[String]) -> Result<Vec<(String, Zeroizing<Vec<u8>>)>> {
    let rows = waiting(state, tokens).await?.into_iter().zip(tokens);
    let there = rows.filter_map(|(row, token)| Some((row?, token)));
    there
        .map(|(row, token)| Ok((token.clone(), open_waiting(state, "thumb_sealed", &row, &row.thumb_sealed)?)))
        .collect()
}

async fn waiting(state: &State, tokens: &[String]) -> Result<Vec<Option<WaitingRow>>> {
    if tokens.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = state.read().await?;
    let mut rows = Vec::new();
    for token in named(state, tokens) {
        rows.push(waiting_get(&mut tx, &waiting_id(state, token)).await?);
    }
    Ok(rows)
}

/// One more than a report may have, so that the excess is said; a form that names thousands is not followed.
fn named<'a>(state: &State, tokens: &'a [String]) -> &'a [String] {
    &tokens[..tokens.len().min(state.pack.intake.photos.most + 1)]
}

fn open_waiting(state: &State, column: &str, row: &WaitingRow, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    state.keys.open(&waiting_place(column, &row.id), sealed).map_err(|error| Error::internal(&error))
}

/// The rows of a report's photos, under the key of its person.
pub(super) fn photo_rows(state: &State, report: ReportId, key: &DataKey, photos: &[Photo]) -> Vec<PhotoRow> {
    let now = state.now();
    let row = |(position, photo): (usize, &Photo)| {
        let id = state.chance.uuid(now);
        let content_sealed = key.seal(&state.chance, &content_place(id), &photo.jpeg);
        PhotoRow {
            id,
            report_id: report,
            position: position as i64,
            width: i64::from(photo.width),
            height: i64::from(photo.height),
            sealed_hash: Sha256::digest(&content_sealed).to_vec(),
            content_sealed,
            created_at: now,
        }
    };
    photos.iter().enumerate().map(row).collect()
}

/// Where a stored photo stands.
fn content_place(id: Uuid) -> String {
    place("photos", "content_sealed", &id.to_string())
}

/// Opens a photo for someone who may see its case; that they looked is on the record.
pub async fn photo_view(state: &State, actor: &Actor, code: &str, id: Uuid) -> Result<Zeroizing<Vec<u8>>> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::PhotoView, None).await?;
    let photo = photo_get(&mut act.tx, case.id, id).await?.ok_or_else(Error::not_found)?;
    let jpeg = open(state, &photo)?;
    act.audit(Action::PhotoView, "photo", format!("{}/{id}", case.code.as_str()), None);
    act.commit().await?;
    Ok(jpeg)
}

/// Opens a photo for the one who sent it, and no other reporter of the same case.
pub async fn photo_own(state: &State, code: &str, secret: &str, id: Uuid) -> Result<Zeroizing<Vec<u8>>> {
    let report = report_of(state, code, secret).await?;
    let mut tx = state.read().await?;
    let case = case_get(&mut tx, report.case_id).await?.ok_or_else(Error::not_found)?;
    may(&Actor::Reporter(case.id), Action::CaseTrackOwn, &case.subject()).map_err(deny)?;
    let photo = photo_get(&mut tx, case.id, id).await?.filter(|photo| photo.report_id == report.id);
    open(state, &photo.ok_or_else(Error::not_found)?)
}

fn open(state: &State, photo: &PhotoSealed) -> Result<Zeroizing<Vec<u8>>> {
    photo_open(&state.keys, photo).map_err(|error| Error::internal(&error))
}

/// The JPEG of a stored photo.
pub(crate) fn photo_open(keys: &MasterKey, photo: &PhotoSealed) -> std::result::Result<Zeroizing<Vec<u8>>, OpenError> {
    let key = keys.unwrap(&photo.wrapped_key, &PersonId(photo.person_id).to_string())?;
    key.open(&content_place(photo.id), &photo.content_sealed)
}
