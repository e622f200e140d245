//! The plan of the coming seven days for everything that is asked for.

use axum::Json;
use axum::extract::State as Held;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ask::Member;
use super::body::area_code;
use super::refusals::{Found, Query, Refusals, Staff};
use crate::error::Result;
use crate::extract::ApiQuery;
use crate::state::State;
use crate::usecase::board_view::{Asked, Board, board_view};
use crate::usecase::reference::area_code as read_area;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BoardAsked {
    /// Only needs in this area.
    #[param(schema_with = area_code, required = false)]
    area: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BoardShown {
    needs: usize,
    /// Helpers still missing, and those the plan finds.
    wanted: u64,
    found: u64,
    /// People and organisations that can be asked, and those the plan asks.
    free: usize,
    used: usize,
    /// What the plan is worth, and the bound its prices prove: no plan is worth more.
    objective: i64,
    dual: i64,
    /// Time it took to make the plan.
    seconds: f64,
    /// The most pressing, with who is proposed.
    most_pressing: Vec<BoardNeed>,
}

#[derive(Debug, Serialize, ToSchema)]
struct BoardNeed {
    code: String,
    title: String,
    wanted: u32,
    /// Numbers of the registry.
    proposed: Vec<String>,
}

/// The plan for all open needs
#[utoipa::path(
    get, path = "/api/v1/board", operation_id = "board_view", tag = "needs",
    security(("bearer" = [])),
    params(BoardAsked),
    responses(
        (status = 200, description = "The plan", body = BoardShown),
        Refusals<Staff, Found, Query>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    Member { actor, .. }: Member,
    ApiQuery(asked): ApiQuery<BoardAsked>,
) -> Result<Json<BoardShown>> {
    let area = asked.area.map(|area| read_area("area", &area)).transpose()?;
    let board = board_view(&state, &actor, &Asked { area, ..Asked::default() }).await?;
    Ok(Json(shown(&board)))
}

fn shown(board: &Board) -> BoardShown {
    let planned = &board.planned;
    let code = |id| board.resources.get(id).map(|row| row.code.to_string());
    let need = |at: &usize| BoardNeed {
        code: board.needs[*at].code.to_string(),
        title: board.needs[*at].title.clone(),
        wanted: planned.lines[*at].wanted,
        proposed: planned.lines[*at].proposed.iter().filter_map(|one| code(&one.resource)).collect(),
    };
    BoardShown {
        needs: board.needs.len(),
        wanted: planned.wanted,
        found: planned.found,
        free: planned.free,
        used: planned.used,
        objective: planned.objective,
        dual: planned.dual,
        seconds: planned.seconds,
        most_pressing: board.shown.iter().map(need).collect(),
    }
}
