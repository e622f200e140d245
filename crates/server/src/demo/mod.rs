//! The demo city: invented areas, units and people, and a month of their life run through the real use-cases.

mod city;
mod goods;
mod helpers;
mod life;
mod needs;
mod practices;

pub use city::{City, Shown};
pub use goods::goods;
pub use helpers::gather;
pub use life::live;
pub use needs::needs;
pub use practices::practices;
