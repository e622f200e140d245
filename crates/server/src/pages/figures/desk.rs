//! What the dashboard of the desk and that of the wall show alike: queues, cards, map, trends and hot spots.

use muster_core::evaluate::Measure;
use muster_core::pack::Indicator;
use muster_core::people::{Action, scope};

use super::asked::{Asked, Period};
use super::cards::{Cards, note};
use super::parts::{covers, lead, opens, ratio_trend, trend};
use super::{areas_map, before};
use crate::error::Result;
use crate::pages::frame::{Frame, holds};
use crate::pages::query::query_of;
use crate::pages::words::Places;
use crate::usecase::figures::{Ask, Figures, dashboard_view};
use crate::usecase::finding_list::{FindingAsk, findings_open};
use crate::usecase::hotspot_list::hotspots_newest;
use crate::usecase::queues_view::{Waiting, queues_view};
use crate::view::Shell;
use crate::view::evaluate::{Desk, Queue, Queues, SpotLine};

/// Hot spots that are named.
const SPOTS: usize = 5;

/// What a page of figures asks for.
pub(super) struct Sight<'a> {
    pub(super) frame: &'a Frame,
    pub(super) shell: &'a Shell,
    pub(super) places: &'a Places,
    pub(super) asked: &'a Asked,
    pub(super) ask: &'a Ask,
    pub(super) period: Period,
    /// The indicator that is drawn.
    pub(super) shown: &'a Indicator,
}

impl Sight<'_> {
    pub(super) async fn desk(&self) -> Result<(Figures, Desk)> {
        let Self { frame, shell, places, asked, ask, period, shown } = *self;
        let figures = dashboard_view(&frame.state, frame.actor(), ask).await?;
        let lead = lead(figures.query.unit.is_some());
        let mut cards = Cards::new(frame, shell, &figures.query).opening(asked).front(&figures.totals, lead);
        note(&mut cards, (frame, shell), lead, &figures.totals, before(frame, ask, period).await?.as_ref());
        let trends = [trend(frame, &figures, period, lead, false), ratio_trend(frame, &figures, period, shown)];
        let waiting = queues_view(&frame.state, frame.actor(), ask).await?;
        let desk = Desk {
            scope: covers(frame, places, &figures.query),
            fresh: frame.when(frame.state.now()),
            live: scope(frame.actor(), Action::CaseList).is_ok(),
            queues: self.queues(waiting, self.findings(&figures).await?),
            figures: cards,
            map: areas_map::map(self, &figures.query, lead).await?,
            trends: trends.into_iter().flatten().collect(),
            spots: self.spots(&figures).await?,
        };
        Ok((figures, desk))
    }

    /// How many are not struck off; none is told to whoever sees no findings, nor of one class, which findings have not.
    async fn findings(&self, figures: &Figures) -> Result<Option<i64>> {
        let (state, actor, query) = (&self.frame.state, self.frame.actor(), &figures.query);
        if !query.class.is_empty() || !holds(actor, Action::FindingView) {
            return Ok(None);
        }
        let ask = FindingAsk { area: Some(query.area), unit: query.unit, ..FindingAsk::default() };
        findings_open(state, actor, &ask).await.map(Some)
    }

    /// Each leads to its list, for those who have one.
    fn queues(&self, waiting: Waiting, findings: Option<i64>) -> Queues {
        let lists = opens(self.frame) && scope(self.frame.actor(), Action::CaseList).is_ok();
        let queue =
            |(code, count): (&'static str, i64)| Queue { code, count, href: lists.then(|| self.list_href(code)) };
        let list = [
            ("triage", waiting.triage),
            ("assigned", waiting.assigned),
            ("working", waiting.working),
            ("answered", waiting.answered),
            ("soon", waiting.soon),
            ("late", waiting.late),
        ];
        let (area, unit) = (self.asked.area.as_str(), self.asked.unit.as_str());
        let href = lists.then(|| format!("/findings?{}", query_of([("area", area), ("unit", unit)])));
        let findings = findings.map(|count| Queue { code: "findings", count, href });
        Queues { at: self.frame.when(waiting.at), list: list.into_iter().map(queue).chain(findings).collect() }
    }

    fn list_href(&self, code: &str) -> String {
        let (tab, state) = if matches!(code, "soon" | "late") { (code, "") } else { ("all", code) };
        let fields = [
            ("tab", tab),
            ("state", state),
            ("area", self.asked.area.as_str()),
            ("unit", self.asked.unit.as_str()),
            ("class", self.asked.category.as_str()),
        ];
        format!("/inbox?{}", query_of(fields))
    }

    /// Of the area; a unit or a class has none of its own.
    async fn spots(&self, figures: &Figures) -> Result<Vec<SpotLine>> {
        let frame = self.frame;
        let rows = hotspots_newest(&frame.state, frame.actor(), figures.query.area, SPOTS).await?;
        let line = |row: &muster_store::hotspot::HotspotRow| SpotLine {
            name: row.name.clone(),
            area: self.places.area(row.area),
            people: row.people,
            last: frame.when(row.last_at),
            is_taken: row.state == "taken",
        };
        Ok(rows.iter().map(line).collect())
    }

    /// The word of what stands before the indicators.
    pub(super) fn lead_name(&self, lead: Measure) -> String {
        self.shell.label("indicator", lead.as_str()).into_owned()
    }
}
