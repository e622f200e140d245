//! Reads whole cases in pages: the rows of a page are those of a range of case ids, in every table.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::{Check, Measures, cases, history, rows};
use crate::db::{Result, Tx, on};

/// Cases read at once.
const PAGE: i64 = 500;

/// A case as the rules need it. Words stay words: one that is nonsense is a finding and must not stop the walk.
#[derive(Debug, FromRow)]
pub(super) struct CaseLine {
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) state: String,
    pub(super) unit_id: Option<Uuid>,
    pub(super) outcome: Option<String>,
    pub(super) confirmed: Option<bool>,
    pub(super) rating: Option<i64>,
    pub(super) reports: i64,
    pub(super) received_at: i64,
    pub(super) assigned_at: Option<i64>,
    pub(super) accepted_at: Option<i64>,
    pub(super) answered_at: Option<i64>,
    pub(super) closed_at: Option<i64>,
    pub(super) due_at: Option<i64>,
}

#[derive(Debug, FromRow)]
pub(super) struct ReportLine {
    pub(super) case_id: Uuid,
    pub(super) id: Uuid,
    pub(super) judgements: i64,
}

#[derive(Debug, FromRow)]
pub(super) struct StepLine {
    pub(super) case_id: Uuid,
    pub(super) id: Uuid,
    pub(super) at: i64,
    #[sqlx(rename = "move")]
    pub(super) step: String,
    pub(super) from_state: String,
    pub(super) to_state: String,
    pub(super) detail: sqlx::types::JsonValue,
}

#[derive(Debug, FromRow)]
pub(super) struct TaskLine {
    pub(super) case_id: Uuid,
    pub(super) id: Uuid,
    pub(super) code: String,
    pub(super) unit_id: Uuid,
    pub(super) state: String,
    pub(super) assigned_at: i64,
    pub(super) accepted_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
}

#[derive(Debug, FromRow)]
pub(super) struct ClockLine {
    pub(super) case_id: Uuid,
    pub(super) id: Uuid,
    pub(super) task_id: Option<Uuid>,
    pub(super) kind: String,
    pub(super) started_at: i64,
    pub(super) budget_amount: i64,
    pub(super) budget_unit: String,
    pub(super) rolls: bool,
    pub(super) extra: i64,
    pub(super) calendar: String,
    pub(super) due_at: i64,
    pub(super) stopped_at: Option<i64>,
    pub(super) broken_at: Option<i64>,
}

/// A time during which a clock stood still.
#[derive(Debug, FromRow)]
pub(super) struct PauseLine {
    pub(super) case_id: Uuid,
    pub(super) clock_id: Uuid,
    pub(super) at: i64,
    pub(super) until_at: Option<i64>,
}

#[derive(Debug, FromRow)]
pub(super) struct CountLine {
    pub(super) case_id: Uuid,
    pub(super) measure: String,
    pub(super) amount: i64,
}

/// One case with all that hangs on it.
pub(super) struct File<'a> {
    pub(super) case: &'a CaseLine,
    pub(super) reports: &'a [ReportLine],
    pub(super) steps: &'a [StepLine],
    pub(super) tasks: &'a [TaskLine],
    pub(super) clocks: &'a [ClockLine],
    pub(super) pauses: &'a [PauseLine],
    /// The deltas of the case, summed by measure.
    pub(super) counts: &'a [CountLine],
    /// Likeness keys of the case.
    pub(super) likeness_keys: i64,
    /// Audit lines by report id, and by code the lines of acts on the case.
    pub(super) audit: &'a HashMap<String, i64>,
}

struct Page {
    cases: Vec<CaseLine>,
    reports: Vec<ReportLine>,
    steps: Vec<StepLine>,
    tasks: Vec<TaskLine>,
    clocks: Vec<ClockLine>,
    pauses: Vec<PauseLine>,
    counts: Vec<CountLine>,
    likeness_keys: HashMap<Uuid, i64>,
    audit: HashMap<String, i64>,
}

/// Takes every case through the rules.
pub(super) async fn walk(
    tx: &mut Tx,
    measures: Measures<'_>,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Vec<Check>> {
    let all = rows(tx, "select cast(count(*) as bigint) from cases").await?;
    let since: Vec<(String, i64)> =
        on!(tx, |conn| sqlx::query_as("select measure, at from measures_since").fetch_all(conn).await?);
    let since = since.into_iter().collect();
    let mut rules = (cases::Rules::new(measures), history::Rules::new(measures.now, since));
    let mut after = Uuid::nil();
    let mut done = 0;
    while let Some(page) = Page::read(tx, after).await? {
        for case in &page.cases {
            let file = page.file(case);
            rules.0.take(&file);
            rules.1.take(&file);
            after = case.id;
        }
        done += page.cases.len() as u64;
        progress(done, all);
    }
    Ok(rules.0.into_checks().into_iter().chain(rules.1.into_checks()).collect())
}

/// The rows of the case ids from `$1` to `$2`.
macro_rules! of_range {
    ($tx:expr, $range:expr, $sql:literal) => {
        on!($tx, |conn| sqlx::query_as($sql).bind($range.0).bind($range.1).fetch_all(conn).await?)
    };
}

async fn pauses(tx: &mut Tx, range: (Uuid, Uuid)) -> Result<Vec<PauseLine>> {
    Ok(of_range!(
        tx,
        range,
        "select case_id, clock_id, at, until_at from clock_entries
         where case_id between $1 and $2 and kind = 'pause' order by case_id, at"
    ))
}

impl Page {
    async fn read(tx: &mut Tx, after: Uuid) -> Result<Option<Self>> {
        let cases: Vec<CaseLine> = on!(tx, |conn| sqlx::query_as(
            "select id, code, state, unit_id, outcome, confirmed, rating, reports, received_at, assigned_at,
             accepted_at, answered_at, closed_at, due_at from cases where id > $1 order by id limit $2"
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await?);
        let (Some(first), Some(last)) = (cases.first(), cases.last()) else { return Ok(None) };
        let range = (first.id, last.id);
        let reports: Vec<ReportLine> = of_range!(
            tx,
            range,
            "select case_id, id, (select cast(count(*) as bigint) from judgements j where j.report_id = r.id)
               as judgements
             from reports r where case_id between $1 and $2 order by case_id, id"
        );
        let steps = of_range!(
            tx,
            range,
            "select case_id, id, at, move, from_state, to_state, detail from steps
             where case_id between $1 and $2 order by case_id, at, position, id"
        );
        let tasks = of_range!(
            tx,
            range,
            "select case_id, id, code, unit_id, state, assigned_at, accepted_at, ended_at from tasks
             where case_id between $1 and $2 order by case_id, assigned_at, id"
        );
        let clocks = of_range!(
            tx,
            range,
            "select case_id, id, task_id, kind, started_at, budget_amount, budget_unit, rolls, extra, calendar,
             due_at, stopped_at, broken_at from clocks where case_id between $1 and $2 order by case_id, id"
        );
        let pauses = pauses(tx, range).await?;
        let counts = of_range!(
            tx,
            range,
            "select case_id, measure, cast(sum(amount) as bigint) as amount from deltas
             where case_id between $1 and $2 group by case_id, measure order by case_id"
        );
        let likeness_keys: Vec<(Uuid, i64)> = of_range!(
            tx,
            range,
            "select case_id, cast(count(*) as bigint) from likeness_keys where case_id between $1 and $2
             group by case_id"
        );
        let mut audit = HashMap::new();
        let reported: Vec<String> = reports.iter().map(|report| report.id.to_string()).collect();
        audited(tx, "report", &history::REPORTING, &reported, &mut audit).await?;
        let codes: Vec<String> = cases.iter().map(|case| case.code.clone()).collect();
        audited(tx, "case", &history::ACTING, &codes, &mut audit).await?;
        Ok(Some(Self {
            cases,
            reports,
            steps,
            tasks,
            clocks,
            pauses,
            counts,
            likeness_keys: likeness_keys.into_iter().collect(),
            audit,
        }))
    }

    fn file<'a>(&'a self, case: &'a CaseLine) -> File<'a> {
        File {
            case,
            reports: of(&self.reports, case.id, |row| row.case_id),
            steps: of(&self.steps, case.id, |row| row.case_id),
            tasks: of(&self.tasks, case.id, |row| row.case_id),
            clocks: of(&self.clocks, case.id, |row| row.case_id),
            pauses: of(&self.pauses, case.id, |row| row.case_id),
            counts: of(&self.counts, case.id, |row| row.case_id),
            likeness_keys: self.likeness_keys.get(&case.id).copied().unwrap_or(0),
            audit: &self.audit,
        }
    }
}

/// The rows of one case among rows in the order of their cases.
fn of<T>(rows: &[T], case: Uuid, key: impl Fn(&T) -> Uuid) -> &[T] {
    let start = rows.partition_point(|row| key(row) < case);
    let end = rows.partition_point(|row| key(row) <= case);
    &rows[start..end]
}

/// Adds how many lines of one of `actions` the audit has about each of `ids`.
async fn audited(
    tx: &mut Tx,
    kind: &'static str,
    actions: &[muster_core::people::Action],
    ids: &[String],
    found: &mut HashMap<String, i64>,
) -> Result<()> {
    for chunk in ids.chunks(500) {
        let lines: Vec<(String, i64)> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("select subject_id, cast(count(*) as bigint) from audit");
            query.push(" where subject_kind = ").push_bind(kind).push(" and action in (");
            let mut list = query.separated(", ");
            for action in actions {
                list.push_bind(action.as_str());
            }
            query.push(") and subject_id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id);
            }
            query.push(") group by subject_id");
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(lines);
    }
    Ok(())
}
