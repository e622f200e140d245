//! What a third party found, as it was signed: estimates for all cases of the period beside what residents said themselves,
//! where both agree case by case, and where not. The same data makes the page and a report.

use std::collections::BTreeMap;

use muster_core::evaluate::Ratio;
use muster_core::evaluate::estimate::{Agreement, Cell, Estimate, Of, estimate};
use muster_core::evaluate::question::{AnsweredBy, Answers, Beside, Given, MARK_MOST, Question, QuestionKind};
use muster_core::people::{Action, Actor};
use muster_core::process::Outcome;
use muster_store::Tx;
use muster_store::room::{
    AnswerRow, PickRow, SignatureRow, StratumRow, ToldRow, answers_of, frame_told, picks_of, room_hash, signatures_of,
    strata_of,
};
use uuid::Uuid;

use super::room::{Contract, contract};
use crate::error::{Error, Result};
use crate::state::State;

/// Marks and ratings from here on mean satisfied.
const SATISFIED: i64 = 4;

/// What one question brought.
#[derive(Clone, Debug)]
pub struct Found {
    pub question: Question,
    /// None of a text, and where nobody could tell.
    pub estimate: Option<Estimate>,
    pub judged: u64,
    pub cannot_tell: u64,
    /// The residents' own figure, where the question stands beside one.
    pub residents: Option<Ratio>,
    /// Case by case, where both said something: evaluator first, resident second.
    pub agreement: Option<Agreement>,
    pub differing: Vec<Differs>,
}

/// A case of which evaluator and resident say otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    pub number: i64,
    pub code: String,
    pub found: Given,
    pub resident: Given,
}

/// One part of the frame, with the share that is solved by the record.
#[derive(Clone, Debug)]
pub struct PartFound {
    pub stratum: StratumRow,
    pub judged: u64,
    pub solved: Option<Estimate>,
}

/// All cases of the frame as residents and units left them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Residents {
    pub cases: i64,
    /// Of them said by the unit to be settled.
    pub claimed: i64,
    pub told: i64,
    pub confirmed: i64,
    pub rated: i64,
    pub satisfied: i64,
}

impl Residents {
    fn of(rows: &[ToldRow]) -> Self {
        let mut all = Self::default();
        let count = |yes: bool, row: &ToldRow| if yes { row.cases } else { 0 };
        for row in rows {
            let outcome = row.outcome.as_deref().and_then(|word| word.parse::<Outcome>().ok());
            all.cases += row.cases;
            all.claimed += count(outcome.is_some_and(Outcome::claims_solved), row);
            all.told += count(row.confirmed.is_some(), row);
            all.confirmed += count(row.confirmed == Some(true), row);
            all.rated += count(row.rating.is_some(), row);
            all.satisfied += count(row.rating.is_some_and(|rating| rating >= SATISFIED), row);
        }
        all
    }

    pub fn ratio(&self, beside: Beside) -> Ratio {
        match beside {
            Beside::Confirmed => Ratio { numerator: self.confirmed, denominator: self.told },
            Beside::Satisfaction => Ratio { numerator: self.satisfied, denominator: self.rated },
        }
    }
}

#[derive(Clone, Debug)]
pub struct RoomResult {
    pub contract: Contract,
    pub signature: SignatureRow,
    /// Every signed version; the last is shown unless another is asked for.
    pub signatures: Vec<SignatureRow>,
    /// Whether what is kept still has the fingerprint that was signed.
    pub is_whole: bool,
    pub parts: Vec<PartFound>,
    pub found: Vec<Found>,
    pub residents: Residents,
    pub sampled: usize,
    pub judged: usize,
    pub called: usize,
    /// Number of the case, and what the evaluator wrote about it or the resident said on the phone.
    pub remarks: Vec<(i64, AnsweredBy, String)>,
}

pub async fn room_result(state: &State, actor: &Actor, id: Uuid, version: Option<i64>) -> Result<RoomResult> {
    let mut tx = state.read().await?;
    let contract = contract(&mut tx, actor, id, Action::RoomView).await?;
    result(&mut tx, contract, version).await
}

/// The result of a contract for whoever has been let in: for reports.
pub(crate) async fn result(tx: &mut Tx, contract: Contract, version: Option<i64>) -> Result<RoomResult> {
    let id = contract.row.id;
    let signatures = signatures_of(tx, id).await?;
    let chosen = signatures.iter().rfind(|signature| version.is_none_or(|version| signature.version == version));
    let signature = chosen.cloned().ok_or_else(Error::not_found)?;
    let rows = answers_of(tx, id, signature.version).await?;
    let answers: Vec<(&AnswerRow, Answers)> = rows.iter().map(|row| Ok((row, row.given()?))).collect::<Result<_>>()?;
    let (picks, strata) = (picks_of(tx, id).await?, strata_of(tx, id).await?);
    let residents = Residents::of(&frame_told(tx, id).await?);
    let sheets = Sheets { picks: &picks, strata: &strata, answers: &answers };
    let questions = contract.questions();
    let count = |by: AnsweredBy| rows.iter().filter(|row| row.answered_by == by).count();
    Ok(RoomResult {
        is_whole: room_hash(&contract.row, signature.version, &rows)? == signature.hash,
        parts: sheets.parts(&questions),
        found: questions.iter().map(|question| sheets.found(question, &residents)).collect(),
        remarks: sheets.remarks(&questions),
        sampled: picks.len(),
        judged: count(AnsweredBy::File),
        called: count(AnsweredBy::Call),
        residents,
        signature,
        signatures,
        contract,
    })
}

/// A sample with what was found about it.
struct Sheets<'a> {
    picks: &'a [PickRow],
    strata: &'a [StratumRow],
    answers: &'a [(&'a AnswerRow, Answers)],
}

impl Sheets<'_> {
    /// The answers to a question, each with its case.
    fn to(&self, question: &Question) -> Vec<(&PickRow, &Given)> {
        let by_number: BTreeMap<i64, &PickRow> = self.picks.iter().map(|pick| (pick.number, pick)).collect();
        let own = self.answers.iter().filter(|(row, _)| row.answered_by == question.by);
        own.filter_map(|(row, answers)| Some((*by_number.get(&row.number)?, answers.get(&question.code)?))).collect()
    }

    fn estimate(&self, question: &Question, only: Option<i64>) -> Option<Estimate> {
        let of = match question.kind {
            QuestionKind::YesNo => Of::Shares,
            QuestionKind::Scale => Of::Marks { low: 1.0, high: f64::from(MARK_MOST) },
            QuestionKind::Text => return None,
        };
        let given = self.to(question);
        let cell = |stratum: &StratumRow| Cell {
            cases: stratum.cases as u64,
            values: (given.iter())
                .filter(|(pick, _)| pick.stratum == stratum.position)
                .filter_map(|(_, given)| given.value())
                .collect(),
        };
        let cells: Vec<Cell> =
            self.strata.iter().filter(|stratum| only.is_none_or(|own| own == stratum.position)).map(cell).collect();
        estimate(&cells, of)
    }

    fn found(&self, question: &Question, residents: &Residents) -> Found {
        let given = self.to(question);
        let cannot_tell = given.iter().filter(|(_, given)| **given == Given::CannotTell).count() as u64;
        let both: Vec<_> = given
            .iter()
            .filter_map(|(pick, given)| Some((*pick, (*given).clone(), resident(question.beside?, pick)?)))
            .collect();
        let pairs = both.iter().filter_map(|(_, found, resident)| Some((is_good(found)?, is_good(resident)?)));
        let pairs: Vec<(bool, bool)> = pairs.collect();
        let differs = |(_, found, resident): &&(&PickRow, Given, Given)| {
            is_good(found).zip(is_good(resident)).is_some_and(|(found, resident)| found != resident)
        };
        let differing = both.iter().filter(differs).map(|(pick, found, resident)| Differs {
            number: pick.number,
            code: pick.code.clone(),
            found: found.clone(),
            resident: resident.clone(),
        });
        Found {
            estimate: self.estimate(question, None),
            judged: given.len() as u64 - cannot_tell,
            cannot_tell,
            residents: question.beside.map(|beside| residents.ratio(beside)),
            agreement: question.beside.map(|_| Agreement::of(pairs)),
            differing: differing.collect(),
            question: question.clone(),
        }
    }

    /// By the question that stands beside what residents confirm.
    fn parts(&self, questions: &[Question]) -> Vec<PartFound> {
        let solved =
            |question: &&Question| question.by == AnsweredBy::File && question.beside == Some(Beside::Confirmed);
        let solved = questions.iter().find(solved);
        let judged = |stratum: &StratumRow| {
            let own =
                |number: i64| self.picks.iter().any(|pick| pick.number == number && pick.stratum == stratum.position);
            self.answers.iter().filter(|(row, _)| row.answered_by == AnsweredBy::File && own(row.number)).count() as u64
        };
        let part = |stratum: &StratumRow| PartFound {
            judged: judged(stratum),
            solved: solved.and_then(|question| self.estimate(question, Some(stratum.position))),
            stratum: stratum.clone(),
        };
        self.strata.iter().map(part).collect()
    }

    fn remarks(&self, questions: &[Question]) -> Vec<(i64, AnsweredBy, String)> {
        let mut remarks = Vec::new();
        for question in questions.iter().filter(|question| question.kind == QuestionKind::Text) {
            for (pick, given) in self.to(question) {
                if let Given::Text(text) = given {
                    remarks.push((pick.number, question.by, text.clone()));
                }
            }
        }
        remarks.sort();
        remarks
    }
}

/// What the resident said of a case, as an answer to the question beside it.
fn resident(beside: Beside, pick: &PickRow) -> Option<Given> {
    match beside {
        Beside::Confirmed => pick.confirmed.map(|yes| if yes { Given::Yes } else { Given::No }),
        Beside::Satisfaction => pick.rating.and_then(|rating| u8::try_from(rating).ok()).map(Given::Mark),
    }
}

/// Solved, or satisfied; none of an answer that says neither.
fn is_good(given: &Given) -> Option<bool> {
    match given {
        Given::Yes => Some(true),
        Given::No => Some(false),
        Given::Mark(mark) => Some(i64::from(*mark) >= SATISFIED),
        Given::Text(_) | Given::CannotTell => None,
    }
}
