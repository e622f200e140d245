//! The definitions of the figures: everybody may read how they are computed and what is aimed at.

use muster_core::pack::Indicators;
use muster_core::people::{Action, Actor, Subject, may};

use super::act::deny;
use crate::error::Result;
use crate::state::State;

pub fn indicator_list(state: &State) -> Result<&Indicators> {
    may(&Actor::Anonymous, Action::FiguresView, &Subject::NONE).map_err(deny)?;
    Ok(&state.pack.indicators)
}
