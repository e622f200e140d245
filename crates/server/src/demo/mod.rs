//! The demo city: invented areas, units and people, and a month of their life run through the real use-cases.

mod city;
mod findings;
mod goods;
mod helpers;
mod life;
mod needs;
mod performance;
mod practices;
mod room;

pub use city::{City, Shown};
pub use findings::{findings, programme};
pub use goods::goods;
pub use helpers::gather;
pub use life::live;
pub use needs::needs;
pub use performance::{past, present};
pub use practices::practices;
pub use room::rooms;
