//! What every indicator is: its formula, its source, what is aimed at, and what cannot be measured yet. Open to everybody.

use axum::response::Response;
use muster_core::evaluate::Measure;
use muster_core::pack::{Awaited, Indicator, Target};

use super::frame::Frame;
use crate::error::Result;
use crate::usecase::indicator_list::indicator_list;
use crate::view::Shell;
use crate::view::evaluate::{Aimed, Defined, How, IndicatorsPage};

pub(super) async fn list(frame: Frame) -> Result<Response> {
    let indicators = indicator_list(&frame.state)?;
    let shell = frame.shell("indicators-page");
    let words = Words { frame: &frame, shell: &shell };
    let page = IndicatorsPage {
        measured: indicators.iter().map(|indicator| words.measured(indicator)).collect(),
        awaited: indicators.awaited().map(|awaited| words.awaited(awaited)).collect(),
        shell,
    };
    Ok(frame.draw(&page))
}

struct Words<'a> {
    frame: &'a Frame,
    shell: &'a Shell,
}

impl Words<'_> {
    fn measured(&self, indicator: &Indicator) -> Defined {
        Defined {
            code: indicator.code.clone(),
            name: self.frame.name(&indicator.name),
            how: self.frame.how(indicator),
            unit: self.frame.name(&indicator.unit),
            over: self.measures(&indicator.over),
            under: self.measures(&indicator.under),
            better: indicator.better.as_str(),
            awaits: String::new(),
            aims: self.aims(&indicator.code),
        }
    }

    fn awaited(&self, awaited: &Awaited) -> Defined {
        Defined {
            code: awaited.code.clone(),
            name: self.frame.name(&awaited.name),
            how: How { basis: awaited.basis.clone(), ..How::default() },
            unit: String::new(),
            over: Vec::new(),
            under: Vec::new(),
            better: awaited.better.as_str(),
            awaits: self.frame.name(&awaited.awaits),
            aims: self.aims(&awaited.code),
        }
    }

    fn measures(&self, measures: &[Measure]) -> Vec<String> {
        measures.iter().map(|measure| self.shell.label("measure", measure.as_str()).into_owned()).collect()
    }

    fn aims(&self, code: &str) -> Vec<Aimed> {
        let levels = |target: &Target| {
            let names = target.levels.iter().map(|level| self.shell.label("level", level.code()).into_owned());
            names.collect::<Vec<_>>().join(" · ")
        };
        let aimed = |target: &Target| Aimed {
            from: target.from,
            levels: levels(target),
            percent: target.percent,
            basis: target.basis.clone(),
        };
        self.frame.state.pack.indicators.targets(code).map(aimed).collect()
    }
}
