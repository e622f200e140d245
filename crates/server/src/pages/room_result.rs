//! What a third party found, beside what residents said themselves.

use axum::response::Response;
use muster_core::evaluate::estimate::Estimate;
use muster_core::evaluate::question::{AnsweredBy, Beside, Given, Question, QuestionKind};
use muster_core::evaluate::{Ratio, SMALL_COUNT};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::Frame;
use super::room_words::{interval, percent, value};
use super::words::Places;
use crate::error::Result;
use crate::extract::{ApiPath, ApiQuery};
use crate::i18n::Text;
use crate::usecase::room_result::{Differs, Found, PartFound, RoomResult, room_result};
use crate::view::rooms::{AgreementShown, DiffersShown, FoundShown, PartShown, Remark, ResultPage};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    version: String,
}

pub(super) async fn view(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let result = room_result(&frame.state, frame.actor(), id, asked.version.parse().ok()).await?;
    let places = frame.places().await?;
    let text = Text { lang: frame.lang };
    let page = ResultPage {
        room: frame.room_shown(&result.contract, &places, (result.judged as i64, result.sampled as i64)),
        signed: frame.when(result.signature.at),
        signer: result.signature.name.clone(),
        hash: result.signature.hash.clone(),
        version: result.signature.version,
        versions: result.signatures.iter().map(|row| row.version).collect(),
        is_whole: result.is_whole,
        found: result.found.iter().filter(|found| asks_mark(found)).map(|found| found_shown(&frame, found)).collect(),
        agreements: result.found.iter().filter_map(|found| agreement(&frame, text, found)).collect(),
        parts: result.parts.iter().map(|part| part_shown(&frame, &places, &result, part)).collect(),
        residents: residents(text, &result),
        method: frame.room_method(&result.contract, (result.parts.len(), result.sampled as i64)),
        seed: frame.room_seed(&result.contract),
        calls: result.contract.row.calls,
        remarks: result.remarks.into_iter().map(remark).collect(),
        shell: frame.shell("room-result-page"),
    };
    Ok(frame.draw(&page))
}

fn remark((number, by, text): (i64, AnsweredBy, String)) -> Remark {
    Remark { number, by_call: by == AnsweredBy::Call, text }
}

fn asks_mark(found: &Found) -> bool {
    found.question.kind != QuestionKind::Text
}

fn small(judged: u64) -> bool {
    judged < SMALL_COUNT as u64
}

fn found_shown(frame: &Frame, found: &Found) -> FoundShown {
    let question = &found.question;
    FoundShown {
        name: frame.name(&question.name),
        by_call: question.by == AnsweredBy::Call,
        value: value(question, found.estimate.as_ref()),
        interval: interval(question, found.estimate.as_ref()),
        judged: found.judged,
        cannot_tell: found.cannot_tell,
        residents: found.residents.map(percent).unwrap_or_default(),
        residents_of: found
            .residents
            .map(|ratio| format!("{}/{}", ratio.numerator, ratio.denominator))
            .unwrap_or_default(),
        small: small(found.judged),
    }
}

fn agreement(frame: &Frame, text: Text, found: &Found) -> Option<AgreementShown> {
    let agreement = found.agreement.filter(|agreement| agreement.total() > 0)?;
    let kappa = agreement
        .kappa()
        .map(|kappa| text.with("room-kappa", "k", format!("{:.2}", (kappa * 100.0).round() / 100.0 + 0.0)));
    Some(AgreementShown {
        id: format!("agreement-{}", found.question.code),
        name: frame.name(&found.question.name),
        both_yes: agreement.both_yes,
        both_no: agreement.both_no,
        only_found: agreement.only_first,
        only_resident: agreement.only_second,
        summary: text.with2("room-agreed", "a", agreement.agreed(), "b", agreement.total()),
        kappa: kappa.unwrap_or_default(),
        differing: found.differing.iter().map(|line| differs(text, line)).collect(),
    })
}

fn differs(text: Text, line: &Differs) -> DiffersShown {
    let word = |given: &Given| match given {
        Given::Yes => text.get("room-yes").into_owned(),
        Given::No => text.get("room-no").into_owned(),
        Given::Mark(mark) => text.count("room-mark", mark),
        Given::Text(words) => words.clone(),
        Given::CannotTell => text.get("room-cannot-tell").into_owned(),
    };
    DiffersShown {
        number: line.number,
        code: line.code.clone(),
        found: word(&line.found),
        resident: word(&line.resident),
    }
}

fn part_shown(frame: &Frame, places: &Places, result: &RoomResult, part: &PartFound) -> PartShown {
    let solved =
        |found: &&Found| (found.question.by, found.question.beside) == (AnsweredBy::File, Some(Beside::Confirmed));
    let question = result.found.iter().find(solved).map(|found| &found.question);
    let of = |show: fn(&Question, Option<&Estimate>) -> String| {
        question.map(|question| show(question, part.solved.as_ref()))
    };
    PartShown {
        name: frame.room_part(result.contract.design.by, &part.stratum.key, places),
        cases: part.stratum.cases,
        sampled: part.stratum.sampled,
        judged: part.judged,
        solved: of(value).unwrap_or_default(),
        interval: of(interval).unwrap_or_default(),
        small: small(part.judged),
    }
}

/// What units and residents said of all cases, so that the third figure has its place.
fn residents(text: Text, result: &RoomResult) -> Vec<String> {
    let all = &result.residents;
    let share = |part: i64, of: i64| percent(Ratio { numerator: part, denominator: of });
    let mut lines = vec![
        text.with2("room-claimed", "share", share(all.claimed, all.cases), "n", all.cases),
        text.with2("room-confirmed", "share", share(all.confirmed, all.told), "n", all.told),
        text.count("room-silent", all.cases - all.told),
        text.with2("room-satisfied", "share", share(all.satisfied, all.rated), "n", all.rated),
    ];
    if result.contract.row.calls {
        lines.push(text.with2("room-called", "a", result.called, "b", result.sampled));
    }
    lines
}
