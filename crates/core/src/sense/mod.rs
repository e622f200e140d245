//! What sensing says of a report: its class, kind, urgency and the groups named in it, each with the words that
//! decided, and how alike two reports are.
//!
//! The classifier is a linear model over hashed character n-grams: it can be trained in seconds, read in
//! microseconds and explained by pointing at the words. [`judge`] adds the rules of the policy pack.

mod answer;
mod calibrate;
mod contradict;
mod format;
mod grams;
pub mod hotspot;
mod judge;
pub mod likeness;
mod lower;
pub mod measure;
mod model;
mod place;
mod practice;
mod refine;
mod rules;
mod solve;
mod table;
mod text;
mod train;

pub use answer::{Hint, relevance, review};
pub use contradict::{Told, contradict};
pub use format::ModelFault;
pub use hotspot::{Cluster, HotRule, HotSpot, Survey, Watch};
pub use judge::{Judgement, Language, judge};
pub use lower::Lower;
pub use measure::folds;
pub use model::{Field, Model, Ranking, Reader, Span};
pub use place::{Gazetteer, Place, PlaceRule};
pub use practice::{Likely, Practices, Solved};
pub use refine::refine;
pub use rules::{AnswerRule, Elsewhere, Emergency, Group, RulesFault, SenseRules};
pub use table::MAX_CLASSES;
pub use train::{Example, Idea, Lesson, LessonFault, train};
