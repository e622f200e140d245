//! "Is it one of these?", for the resident's third screen and the operator's desk.

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;

use super::frame::Frame;
use super::words::Places;
use crate::error::Result;
use crate::i18n::Lang;
use crate::usecase::report_alike::{Token, report_alike};
use crate::usecase::report_submit::Choice;
use crate::view::When;
use crate::view::intake::{ANOTHER, SimilarCase};

/// What the form's `join` says; a form that asked nothing sends none.
pub(super) fn choice(join: &str, key: &str) -> Choice {
    match join {
        "" => Choice::Unasked,
        ANOTHER => Choice::Another,
        token => Choice::Same(Token { text: token.to_owned(), key: key.to_owned() }),
    }
}

/// The cases to choose from, and the choice to begin with: the one made before, what the pack's rule is sure of, or none
/// of them.
pub(super) async fn similar(
    frame: &Frame,
    places: &Places,
    actor: &Actor,
    channel: Channel,
    draft: &Draft,
    key: &str,
    join: &str,
) -> Result<(Vec<SimilarCase>, String)> {
    let found = report_alike(&frame.state, actor, channel, draft, key).await?;
    let chosen = found.iter().find(|case| case.token == join);
    let sure = found.iter().find(|case| case.sure && join.is_empty());
    let join = chosen.or(sure).map_or_else(|| ANOTHER.to_owned(), |case| case.token.clone());
    let shown = found.into_iter().map(|case| SimilarCase {
        class: frame.category(&case.class),
        area: places.area_label(case.area),
        when: frame.month(case.received_at),
        token: case.token,
        state: case.state,
        shared: case.shared,
    });
    Ok((shown.collect(), join))
}

impl Frame {
    /// A month in the city's zone: near enough to recognise a matter by, too wide to tell when someone called.
    fn month(&self, at: Timestamp) -> When {
        let date = self.state.pack.calendar.local_date(at);
        let (year, month) = (date.year(), date.month());
        let iso = format!("{year}-{month:02}");
        match self.lang {
            Lang::Zh => When { text: format!("{year}年{month}月"), iso },
            Lang::En => When { text: iso.clone(), iso },
        }
    }
}
